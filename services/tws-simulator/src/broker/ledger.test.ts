import { decimal, toText } from "@countersign/money/decimal";
import { describe, expect, test } from "vitest";
import { buildBook } from "../market/book.ts";
import type { Instrument } from "../market/instrument.ts";
import { commissionOf } from "./commission.ts";
import { applyFill, averageCost, newAccount } from "./ledger.ts";
import type { Account } from "./model.ts";

const book = buildBook();
const AAPL = 265598;
const EURUSD = 12087792;
const MES = 2_000_000_061;

function instrument(conId: number): Instrument {
  const found = book.get(conId);
  if (found === undefined) throw new Error(`no ${conId}`);
  return found;
}

function fill(
  account: Account,
  conId: number,
  terms: { side: "BOT" | "SLD"; quantity: string; price: string; fee?: string },
) {
  const realized = applyFill(account, {
    instrument: instrument(conId),
    side: terms.side,
    quantity: decimal(terms.quantity),
    price: decimal(terms.price),
    commission: decimal(terms.fee ?? "0"),
  });
  return realized === undefined ? undefined : toText(realized);
}

function commissions(conId: number, price: string, parts: readonly string[]): string[] {
  let quantity = decimal("0");
  let value = decimal("0");
  return parts.map((part) => {
    const before = { quantity, value };
    quantity = decimal(String(Number(toText(quantity)) + Number(part)));
    value = decimal(String(Number(toText(quantity)) * Number(price)));
    return commissionOf(instrument(conId), { before, after: { quantity, value }, usdRate: decimal("1") });
  });
}

describe("ledger", () => {
  test("buy and sell a stock: average cost with commission, realized after both commissions, cash exact", () => {
    const account = newAccount("DU1", "1000");
    expect(fill(account, AAPL, { side: "BOT", quantity: "3", price: "100", fee: "1" })).toBeUndefined();
    const position = account.positions[String(AAPL)];
    expect(position && toText(averageCost(position))).toBe("100.33333333");
    expect(fill(account, AAPL, { side: "SLD", quantity: "3", price: "110", fee: "1" })).toBe("28");
    expect(account.cash).toEqual({ USD: "1028" });
    expect(position).toEqual({ quantity: "0", cost: "0", grossCost: "0", realizedPnl: "28" });
  });

  test("a sale of more than is held closes the long and opens a short", () => {
    const account = newAccount("DU1", "0");
    fill(account, AAPL, { side: "BOT", quantity: "10", price: "100" });
    expect(fill(account, AAPL, { side: "SLD", quantity: "15", price: "120", fee: "3" })).toBe("198");
    const position = account.positions[String(AAPL)];
    expect(position).toMatchObject({ quantity: "-5", grossCost: "-600", cost: "-599" });
    expect(account.cash).toEqual({ USD: "797" });
    expect(fill(account, AAPL, { side: "BOT", quantity: "5", price: "100" })).toBe("99");
  });

  test("a future moves cash by its result and commission only, multiplier included", () => {
    const account = newAccount("DU1", "100000");
    fill(account, MES, { side: "BOT", quantity: "2", price: "6000", fee: "1.24" });
    expect(account.cash.USD).toBe("99998.76");
    expect(fill(account, MES, { side: "SLD", quantity: "2", price: "6010", fee: "1.24" })).toBe("97.52");
    expect(account.cash.USD).toBe("100097.52");
  });

  test("a currency pair moves both balances", () => {
    const account = newAccount("DU1", "100000");
    fill(account, EURUSD, { side: "BOT", quantity: "20000", price: "1.15", fee: "2" });
    expect(account.cash).toEqual({ USD: "76998", EUR: "20000" });
  });
});

describe("commission", () => {
  test("40, 40 and 20 of 100 shares: the minimum on the first part, fees on each", () => {
    expect(commissions(AAPL, "200", ["40", "40", "20"])).toEqual(["1.00012", "0.00012", "0.00006"]);
  });

  test.each([
    ["one share of 50 USD: capped at one percent", AAPL, "50", ["1"], ["0.500003"]],
    ["1000 shares", AAPL, "200", ["1000"], ["5.003"]],
    ["two contracts", MES, "6000", ["2"], ["1.24"]],
    ["a small currency order", EURUSD, "1.15", ["20000"], ["2"]],
    ["a large currency order", EURUSD, "1.15", ["1000000"], ["23"]],
  ])("%s", (_name, conId, price, parts, expected) => expect(commissions(conId, price, parts)).toEqual(expected));
});
