import { ManualClock } from "@countersign/clock/manual-clock";
import { createLogger } from "@countersign/log/logger";
import { expect, test } from "vitest";
import { INTENT, termsWith } from "../fold/test-order.ts";
import type { ExecLog } from "../orders/exec-log.ts";
import { OrderTable } from "../orders/order-table.ts";
import { type CloseDeps, closeAtBroker } from "./close.ts";

const log = createLogger({ service: "broker-gateway", level: "silent" });
const ACCOUNT = "DU1234567";
const EXITS = { takeProfit: { limitPrice: "210" }, stopLoss: { stopPrice: "190" }, timeInForce: "GTC" };
const LEGS = (["takeProfit", "stopLoss"] as const).map((leg, index) => {
  return { leg, orderRef: `cs1.${leg.slice(0, 1).repeat(20)}`, orderId: 8 + index };
});

test("an exit is disputed after the first of two persons has asked for the entry -> the second asks for both, and then the first agrees", async () => {
  const clock = new ManualClock(Date.parse("2026-03-02T10:00:00.000Z"));
  const execLog = { appendAtLast: async (_: string, __: object, last: number) => last + 1 } as unknown as ExecLog;
  const table = new OrderTable({ clock, log, execLog, audit: { record: () => undefined } as never });
  const terms = termsWith({ orderType: "LMT", limitPrice: "200", exits: EXITS });
  const entry = table.open({ ...INTENT, legs: LEGS }, { account: ACCOUNT, agent: "agent-1", terms }, 1);
  await entry.append({ type: "sendStarted/1", claimSequence: 1 });
  const open = table
    .list()
    .map(({ order }) => ({ orderRef: order.orderRef, status: "Submitted", completedStatus: "" }));
  const reconciler = { read: async () => ({ open, completed: [], startedAtMs: 0, provesAbsence: true }) };
  const deps = { table, log, reconciler, closers: 2 } as unknown as CloseDeps;
  const asks = async (operator: string) => {
    const reply = await closeAtBroker(
      deps,
      { proposalId: INTENT.proposalId, operator, reason: "seen in TWS" },
      ACCOUNT,
    );
    return reply.outcome === "ok" ? reply.value.closed : reply.denial.code;
  };

  await entry.append({ type: "disputed/1", evidence: "shown after its end" });
  expect(await asks("alice")).toBe(false);
  expect(await asks("alice")).toBe("CLOSE_NEEDS_ANOTHER_PERSON");
  await entry.exits[0]?.append({ type: "disputed/1", evidence: "shown after its end" });
  expect(await asks("bob")).toBe(false);
  expect(await asks("bob")).toBe("CLOSE_NEEDS_ANOTHER_PERSON");
  expect(await asks("alice")).toBe(true);
  expect([entry, ...entry.exits].map(({ order }) => order.state)).toEqual(["WORKING", "WORKING", "SEND_STARTED"]);
});
