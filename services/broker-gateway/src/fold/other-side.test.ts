import type { Execution } from "@countersign/contracts/facts/exec-facts.v1";
import { describe, expect, test } from "vitest";
import type { ExecState } from "./exec-state.ts";
import { plan } from "./plan.ts";
import { sentOrder } from "./test-order.ts";

const fill = (side: "BOT" | "SLD", execId = "a.01"): Execution => ({
  ...{ time: "20261120 10:00:00 US/Eastern", side, currency: "USD", exchange: "NASDAQ", price: "10.5" },
  ...{ averagePrice: "10.5", cumulativeQuantity: "40", quantity: "40", execId },
});
/** What an order of 100 to buy, or to sell, makes of it. */
const draftsOf = (order: ExecState, execution: Execution) => plan(order, { kind: "executed", permId: null, execution });
const working = (side: "BUY" | "SELL") => sentOrder({ state: "WORKING" }, { side });

describe("an execution on the other side than was ordered", () => {
  test.each([
    ["BUY", "SLD"],
    ["SELL", "BOT"],
  ] as const)("%s executed as %s: disputed, and it counts as executed all the same", (side, shown) => {
    const [first, second] = draftsOf(working(side), fill(shown));
    const evidence = `executed on the other side than was ordered: ${shown} 40 at 10.5 (a.01)`;
    expect([first, second?.type]).toEqual([{ type: "disputed/1", evidence }, "partiallyFilled/1"]);
  });

  test.each([
    ["BUY", "BOT"],
    ["SELL", "SLD"],
  ] as const)("%s executed as %s: no dispute", (side, shown) => {
    expect(draftsOf(working(side), fill(shown)).map(({ type }) => type)).toEqual(["partiallyFilled/1"]);
  });

  test("of a combination, whose side is that of its price: no dispute", () => {
    const order = working("BUY");
    const legs = [{ conid: 1, side: "BUY", ratio: 1 }] as const;
    const drafts = draftsOf({ ...order, sent: { ...order.sent, legs } }, fill("SLD"));
    expect(drafts.map(({ type }) => type)).toEqual(["partiallyFilled/1"]);
  });

  test("corrected to the other side: disputed", () => {
    const executions = new Map([["a.01", fill("BOT")]]);
    const [, dispute] = draftsOf({ ...working("BUY"), executions }, fill("SLD", "a.02"));
    expect(dispute).toEqual({ type: "disputed/1", evidence: "the broker corrected BOT of a.01 to SLD" });
  });
});
