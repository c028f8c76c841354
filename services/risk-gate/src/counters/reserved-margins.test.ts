import type { FeedFact, OrderRecord } from "@countersign/orders/projection";
import { expect, test } from "vitest";
import { ReservedMargins } from "./reserved-margins.ts";

const ACCOUNT = "DU1234567";
const at = (second: string) => `2026-11-23T15:00:${second}.000Z`;

function margins() {
  const margins = new ReservedMargins();
  let take: ((record: OrderRecord, fact: FeedFact) => void) | undefined;
  margins.attach({
    onFact: (listener) => {
      take = listener;
    },
  });
  const fact = (
    proposalId: string,
    type: string,
    second: string,
    initialMarginChange = "100",
    filledQuantity = "0",
  ) => {
    const simulation = { whatIf: { initialMarginChange, maintenanceMarginChange: "80" } };
    const view = { proposalId, account: ACCOUNT, simulation, order: { filledQuantity } };
    take?.({ view } as unknown as OrderRecord, { body: { type, at: at(second) } } as unknown as FeedFact);
  };
  return { margins, fact };
}

test("an order reserves its margin for what-ifs from before its intent, and what were just being asked; not for itself", () => {
  const { margins: reserved, fact } = margins();
  fact("a", "intent/1", "10");
  fact("b", "intent/1", "11", "-5");
  const both = { orders: 2, initial: "100", maintenance: "160" };
  expect(reserved.since(ACCOUNT, at("05"), [])).toEqual(both);
  expect(reserved.since(ACCOUNT, at("13"), [])).toEqual(both);
  expect(reserved.since(ACCOUNT, at("14"), [])).toEqual({ orders: 1, initial: "0", maintenance: "80" });
  expect(reserved.since(ACCOUNT, at("05"), ["a"]).initial).toBe("0");
  expect(reserved.since("DU7654321", at("05"), [])).toEqual({ orders: 0, initial: "0", maintenance: "0" });
});

test("it is given back when the order never left or was refused without a fill, and by nothing else", () => {
  for (const [type, filled, orders] of [
    ["killedNotSent/1", "0", 0],
    ["brokerRejected/1", "0", 0],
    ["brokerRejected/1", "1", 1],
    ["lost/1", "0", 1],
    ["filled/1", "10", 1],
  ] as const) {
    const { margins: reserved, fact } = margins();
    fact("a", "intent/1", "10");
    fact("a", type, "11", "100", filled);
    expect(reserved.since(ACCOUNT, at("05"), []).orders).toBe(orders);
  }
});
