import type { Execution } from "@countersign/contracts/facts/exec-facts.v1";
import { describe, expect, test } from "vitest";
import { applyToOrder, type OrderFact, openedBy } from "./apply-exec.ts";

type Fact = OrderFact;
const intent = { type: "intent/1", orderRef: "cs1.a", orderId: 7, clientId: 17 } as Parameters<typeof openedBy>[0];
const execution = (execId: string, change: Partial<Execution>): Execution => ({
  ...{ execId, time: "t", side: "BOT", quantity: "2", price: "2.1", currency: "USD", exchange: "SMART" },
  ...{ cumulativeQuantity: "2", averagePrice: "2.1" },
  ...change,
});
const base = { proposalId: "prop_a", at: "2026-11-20T10:00:00.000Z" };
const whole = { ...base, type: "filled/1", permId: "9", execution: execution("f.01.01", {}) };
const leg = (execId: string, comboLeg: number, change: Partial<Execution> = {}) => ({
  ...{ ...base, type: "comboLegFilled/1" },
  execution: execution(execId, { comboLeg, quantity: "6", cumulativeQuantity: "6", price: "8", ...change }),
});
const charged = (execId: string) => {
  const commission = { amount: "1.3", currency: "USD" };
  return { ...base, type: "commission/1", execId, commission, realizedPnl: null };
};
const view = (...facts: object[]) =>
  facts.reduce<ReturnType<typeof openedBy>>((order, fact) => applyToOrder(order, fact as Fact), openedBy(intent));

describe("the fills of a combination, as every reader sees them", () => {
  test.each([
    ["the whole first", [whole, leg("f.02.01", 11), leg("f.03.01", 12)]],
    ["the legs first", [leg("f.02.01", 11), leg("f.03.01", 12), whole]],
    ["everything twice", [leg("f.02.01", 11), whole, leg("f.03.01", 12), whole, leg("f.02.01", 11)]],
  ])("%s: only the whole counts, and the commissions of the legs add up", (_name, facts) => {
    const order = view(...facts, charged("f.02.01"), charged("f.03.01"));
    expect(order).toMatchObject({ filledQuantity: "2", averagePrice: "2.1" });
    expect(order.executions).toHaveLength(3);
    expect(order.commission).toEqual([{ amount: "2.6", currency: "USD" }]);
  });
  test("a leg whose price was corrected changes nothing of the whole", () => {
    const corrected = { ...leg("f.02.02", 11, { price: "7.9" }), type: "corrected/1", known: "f.02.01" };
    const order = view(whole, leg("f.02.01", 11), corrected);
    expect(order).toMatchObject({ filledQuantity: "2", averagePrice: "2.1" });
    expect(order.executions.map(({ execId }) => execId)).toEqual(["f.01.01", "f.02.02"]);
  });
});
