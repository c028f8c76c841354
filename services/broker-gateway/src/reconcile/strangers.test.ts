import { ManualClock } from "@countersign/clock/manual-clock";
import { createLogger } from "@countersign/log/logger";
import { afterEach, expect, test } from "vitest";
import type { Record } from "../audit/audit-trail.ts";
import type { BrokerIds } from "../orders/order-table.ts";
import { Reconciler, type ReconcilerDeps } from "./reconciler.ts";

const EVERY_MS = 60_000;
const KNOWN = `cs1.${"a".repeat(20)}`;
const STRANGE = `cs1.${"b".repeat(20)}`;
const log = createLogger({ service: "broker-gateway", level: "silent" });

let reconciler: Reconciler | undefined;
afterEach(() => reconciler?.stop());

/** A gateway that is up and knows one reference; `shown` is what the broker has open. */
function gateway(shown: string[]) {
  const clock = new ManualClock(Date.parse("2026-03-02T10:00:00.000Z"));
  const records: Record[] = [];
  const link = { epoch: 1, state: "up", ownsOrders: true, markReconciled: () => undefined };
  const rows = () =>
    shown.map((orderRef) => ({ orderRef, permId: "9", clientId: 17, orderId: 7, status: "Submitted" }));
  const nothing = async () => ({ rows: [] });
  const known = ({ orderRef }: BrokerIds) => (orderRef === KNOWN ? { movedAtMs: clock.monotonicMs() } : undefined);
  const deps = {
    ...{ clock, log, mode: "paper", link, everyMs: EVERY_MS },
    table: { list: () => [], openChanges: () => [], find: known },
    lists: { openOrders: async () => ({ rows: rows() }), completedOrders: nothing, executions: nothing },
    positions: { refresh: async () => undefined },
    audit: { record: (record: Record) => void records.push(record) },
    settleIntents: async () => undefined,
    unprimed: async () => undefined,
  };
  reconciler = new Reconciler(deps as unknown as ReconcilerDeps);
  const look = async () => {
    const before = reconciler?.count ?? 0;
    await clock.advance(EVERY_MS + 1_000);
    await expect.poll(() => reconciler?.count).toBeGreaterThan(before);
  };
  return { look, strangers: () => records.map(({ body }) => body.strangers) };
}

test("an order of ours that no log knows is on record at the regular reading that shows it, once", async () => {
  const shown = [KNOWN];
  const { look, strangers } = gateway(shown);
  await look();
  expect(strangers()).toEqual([0]);
  shown.push(STRANGE, STRANGE);
  await look();
  await look();
  expect(strangers()).toEqual([0, 1]);
});

test("it is on record that it is gone, and another in its place is news", async () => {
  const shown = [STRANGE];
  const { look, strangers } = gateway(shown);
  await look();
  shown.splice(0, 1, `cs1.${"c".repeat(20)}`);
  await look();
  shown.length = 0;
  await look();
  expect(strangers()).toEqual([1, 1, 0]);
});
