import { ManualClock } from "@countersign/clock/manual-clock";
import { createLogger } from "@countersign/log/logger";
import { expect, test } from "vitest";
import type { Evidence } from "../fold/evidence.ts";
import { INTENT, termsWith } from "../fold/test-order.ts";
import type { ExecLog } from "../orders/exec-log.ts";
import { OrderTable } from "../orders/order-table.ts";
import { mayBeStaged, type StagedDeps, StagedOrders } from "./staged-orders.ts";

const log = createLogger({ service: "broker-gateway", level: "silent" });
const EXITS = { takeProfit: { limitPrice: "210" }, stopLoss: { stopPrice: "190" }, timeInForce: "GTC" };
const LEGS = (["takeProfit", "stopLoss"] as const).map((leg, index) => {
  return { leg, orderRef: `cs1.${leg.slice(0, 1).repeat(20)}`, orderId: 8 + index };
});
const seen = (status: string): Evidence => {
  return { kind: "seen", status, permId: "9", whyHeld: "", adopted: false };
};

/** A bracket of which nothing was shown, and what TWS says of its entry when the cancel of that one has left. */
async function cancelled(says: readonly Evidence[]): Promise<number[]> {
  const clock = new ManualClock(Date.parse("2026-03-02T10:00:00.000Z"));
  const execLog = { appendAtLast: async (_: string, __: object, last: number) => last + 1 } as unknown as ExecLog;
  const table = new OrderTable({ clock, log, execLog, audit: { record: () => undefined } as never });
  const terms = termsWith({ orderType: "LMT", limitPrice: "200", exits: EXITS });
  const entry = table.open({ ...INTENT, legs: LEGS }, { account: "DU1234567", agent: "agent-1", terms }, 1);
  await entry.append({ type: "sendStarted/1", claimSequence: 1 });
  for (const one of [entry, ...entry.exits])
    await one.take({ kind: "lost", reason: "the line was cut", unacknowledgedOnly: true });
  entry.absences = 1;
  expect(mayBeStaged(entry)).toBe(true);
  const left: number[] = [];
  const take = async () => {
    if (left.length === 1) for (const one of says) await entry.take(one);
  };
  const connection = () => ({ cancelOrder: (orderId: number) => left.push(orderId) });
  const link = { ownsOrders: true, clientId: INTENT.clientId, epoch: 3, connection };
  const staged = new StagedOrders({ link, limiter: { take }, table, log } as unknown as StagedDeps);
  await staged.cancel();
  return left;
}

test.each<[string, readonly Evidence[], number[]]>([
  ["nothing", [], [7, 8, 9]],
  ["cancelled", [seen("Cancelled")], [7, 8, 9]],
  ["working after all, so that its exits go with it or protect what it fills", [seen("Submitted")], [7]],
  ["working, and then cancelled", [seen("Submitted"), seen("Cancelled")], [7, 8, 9]],
])("TWS says of the entry: %s -> what is cancelled", async (_, says, orderIds) => {
  expect(await cancelled(says)).toEqual(orderIds);
});
