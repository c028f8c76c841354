import type { OrderBus } from "@countersign/bus/bus";
import { ManualClock } from "@countersign/clock/manual-clock";
import { Fault } from "@countersign/contracts/denial";
import type { ExecFact } from "@countersign/contracts/facts/exec-facts.v1";
import { createLogger } from "@countersign/log/logger";
import { expect, test } from "vitest";
import type { Record } from "../audit/audit-trail.ts";
import { termsWith } from "../fold/test-order.ts";
import { ExecLog } from "../orders/exec-log.ts";
import { OrderTable } from "../orders/order-table.ts";
import { testVerdict } from "../testing/test-verdict.ts";
import type { SubmitDeps } from "./deps.ts";
import { recordIntent } from "./intent.ts";

const log = createLogger({ service: "broker-gateway", level: "silent" });
const PROPOSAL = `prop_${"a".repeat(26)}`;
const HASH = "0".repeat(64);

/** A gateway whose server is away from the append of an intent on; what was on its way is stored when it comes back. */
function gateway() {
  const clock = new ManualClock(Date.parse("2026-03-02T10:00:00.000Z"));
  const stored: { facet: string; body: object }[] = [];
  const onTheWay: { facet: string; body: object }[] = [];
  const records: Record[] = [];
  const server = { up: false, looks: 0 };
  const bus = {
    append: async ({ schema }: { schema: string }, _: object, body: object) => {
      const entry = { facet: schema, body };
      if (!server.up) onTheWay.push(entry);
      if (!server.up) throw new Fault("OUTCOME_UNKNOWN", "no acknowledgement");
      stored.push(entry);
      return { outcome: "appended", sequence: stored.length, duplicate: false };
    },
    readLast: async ({ schema }: { schema: string }) => {
      server.looks += 1;
      if (!server.up) throw new Fault("BUS_UNAVAILABLE");
      const index = stored.findLastIndex(({ facet }) => facet === schema);
      return index < 0 ? undefined : { sequence: index + 1, body: stored[index]?.body };
    },
  } as unknown as OrderBus;
  const audit = { confirm: async () => undefined, record: (record: Record) => void records.push(record) };
  const execLog = new ExecLog({ bus, clock, log, onForeignWriter: () => undefined });
  const table = new OrderTable({ clock, log, execLog, audit: audit as never });
  const view = {
    writerEpoch: () => undefined,
    sequence: () => 0,
    acknowledge: () => undefined,
    level: () => undefined,
  };
  const parts = { bus, clock, log, audit, execLog, table, view, writerEpoch: 1 };
  const deps = { ...parts, orderIds: { take: () => 7 }, link: { clientId: 17 } } as unknown as SubmitDeps;
  const comesBack = () => {
    server.up = true;
    stored.push(...onTheWay.splice(0));
  };
  const types = () => stored.map(({ body }) => (body as ExecFact).type);
  return { deps, clock, table, server, comesBack, types, isOnTheWay: () => onTheWay.length, records };
}

const ticket = { proposalId: PROPOSAL, agent: "agent-1", terms: termsWith({}), instrument: {} };
const toRecord = {
  approvals: { approval: { statement: { ticket, ticketHash: HASH } } },
  verdict: testVerdict("pass"),
  account: "DU1234567",
  logged: { orderSequence: 4, approvalHash: HASH },
} as unknown as Parameters<typeof recordIntent>[1];

test.each([9_000, 60_000])(
  "an intent that is stored when the server comes back after %i ms -> fenced and never sent, however late",
  async (awayMs) => {
    const { deps, clock, table, comesBack, types, isOnTheWay, records } = gateway();
    await expect(recordIntent(deps, toRecord)).rejects.toMatchObject({ code: "STORE_REFUSED" });
    expect(isOnTheWay()).toBe(1);
    for (let ms = 0; ms < awayMs; ms += 1_000) await clock.advance(1_000);
    expect(table.get(PROPOSAL)).toBeUndefined();
    comesBack();
    await clock.advance(6_000);
    await expect.poll(() => types()).toEqual(["intent/1", "claim/1", "killedNotSent/1"]);
    expect(table.get(PROPOSAL)?.order.state).toBe("KILLED_NOT_SENT");
    expect(records.map(({ body }) => body.to)).toEqual(["INTENT", "KILLED_NOT_SENT"]);
  },
);

test("one that never arrived is looked for twice when the server answers, and then no more", async () => {
  const { deps, clock, table, server } = gateway();
  await expect(recordIntent(deps, toRecord)).rejects.toMatchObject({ code: "STORE_REFUSED" });
  server.up = true;
  server.looks = 0;
  for (let ms = 0; ms < 60_000; ms += 1_000) await clock.advance(1_000);
  expect(server.looks).toBe(2);
  expect(table.get(PROPOSAL)).toBeUndefined();
});
