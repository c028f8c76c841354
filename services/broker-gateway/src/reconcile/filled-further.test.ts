import type { ExecFact } from "@countersign/contracts/facts/exec-facts.v1";
import { expect, test } from "vitest";
import type { Evidence } from "../fold/evidence.ts";
import { applyFact, type ExecState } from "../fold/exec-state.ts";
import { plan } from "../fold/plan.ts";
import { REF, sentOrder } from "../fold/test-order.ts";
import type { OrderTable } from "../orders/order-table.ts";
import type { WireOrder } from "../session/wire.ts";
import { settleEnded } from "./ended-orders.ts";
import type { Reading } from "./settle.ts";

const ENDED_MS = 100_000;
const FILL = { time: "", side: "BOT", price: "1", currency: "USD", exchange: "X", averagePrice: "1" } as const;

/** An order of 100 that the broker cancelled after 40 of it, and what its complete lists of later say. */
function cancelled() {
  const fill = { ...FILL, execId: "e.01", quantity: "40", cumulativeQuantity: "40" };
  let order: ExecState = sentOrder({ state: "CANCELLED", executions: new Map([["e.01", fill]]) });
  const fold = (fact: object) => {
    const after = applyFact(order, {
      proposalId: order.proposalId,
      at: "2026-11-20T10:00:00.000Z",
      ...fact,
    } as ExecFact);
    if (after === undefined) throw new Error("no such edge");
    order = after;
  };
  const take = async (evidence: Evidence) => plan(order, evidence).forEach(fold);
  const table = { find: () => ({ movedAtMs: ENDED_MS, take }) } as unknown as OrderTable;
  const read = async (filledQuantity: string | null, startedAtMs: number) => {
    const row = { orderRef: REF, permId: "9", status: "Cancelled", filledQuantity } as WireOrder;
    await settleEnded(table, { open: [], completed: [row], startedAtMs } as unknown as Reading);
    return order.state;
  };
  return { read, fold, dispute: () => order.dispute, executed: (evidence: Evidence) => take(evidence) };
}

test.each([
  ["60", 30_000, "DISPUTED"],
  ["60", 29_999, "CANCELLED"],
  ["40", 30_000, "CANCELLED"],
  [null, 30_000, "CANCELLED"],
] as const)("cancelled after 40, and %s are listed as filled %i ms later -> %s", async (inAll, laterMs, expected) => {
  expect(await cancelled().read(inAll, ENDED_MS + laterMs)).toBe(expected);
});

test("a person settles it, and is asked again only when the broker has still more of it as filled", async () => {
  const order = cancelled();
  expect(await order.read("60", ENDED_MS + 60_000)).toBe("DISPUTED");
  expect(order.dispute()).toBe("the broker has 60 of it as filled, and has shown executions of 40");
  order.fold({
    type: "resolvedCancelled/1",
    actor: { kind: "operator", id: "alice" },
    reason: "seen",
    shown: "Cancelled",
  });
  expect(await order.read("60", ENDED_MS + 120_000)).toBe("CANCELLED");
  expect(await order.read("70", ENDED_MS + 180_000)).toBe("DISPUTED");
});

test("the execution that was missing comes -> nothing is in dispute", async () => {
  const order = cancelled();
  const late = { ...FILL, execId: "f.01", quantity: "20", cumulativeQuantity: "60" };
  await order.executed({ kind: "executed", execution: late, permId: "9" });
  expect(await order.read("60", ENDED_MS + 60_000)).toBe("CANCELLED");
});
