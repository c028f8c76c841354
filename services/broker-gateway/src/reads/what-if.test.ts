import { OrderTerms } from "@countersign/contracts/order";
import { expect, test } from "vitest";
import { type WhatIfDeps, whatIf } from "./what-if.ts";

/** Whoever reaches for the link, an order id or the socket fails. */
const nothing = new Proxy({} as WhatIfDeps, {
  get(_, name) {
    throw new Error(`${String(name)} was asked for`);
  },
});
const terms = (change: object) =>
  OrderTerms.parse({
    ...{ account: "DU1234567", conid: 265598, side: "BUY", quantity: "10", orderType: "LMT", limitPrice: "227.5" },
    ...{ timeInForce: "DAY", ...change },
  });
const exits = (limitPrice: string) => ({
  exits: { takeProfit: { limitPrice }, stopLoss: { stopPrice: "220" }, timeInForce: "GTC" },
});

test.each([
  ["a quantity that a number is printed with an exponent for", { quantity: "0.00000001" }, "0.00000001"],
  ["a quantity of too many digits", { quantity: "9999999999999.99999999" }, "9999999999999.99999999"],
  ["a limit of too many digits", { limitPrice: "1234567890123.12345678" }, "1234567890123.12345678"],
  ["an exit of too many digits", exits("1234567890123.12345678"), "1234567890123.12345678"],
])("%s is denied by name, before an order id is spent on it", async (_, change, number) => {
  expect(await whatIf(nothing, terms(change))).toMatchObject({
    outcome: "denied",
    denial: { code: "INVALID_ARGUMENT", message: `TWS cannot be told ${number} exactly` },
  });
});

test("numbers that TWS can be told go on to the link", async () => {
  await expect(whatIf(nothing, terms({ quantity: "0.00001", limitPrice: "227.50" }))).rejects.toThrow("was asked for");
});
