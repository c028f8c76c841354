import { ManualClock } from "@countersign/clock/manual-clock";
import { Fault } from "@countersign/contracts/denial";
import { expect, test } from "vitest";
import { edgeEntry } from "./audit-entries.ts";
import { AuditQueue } from "./audit-queue.ts";
import type { Backend } from "./backend.ts";

const AT = "2026-11-20T10:00:00.000Z";

function queueUnderTest(max: number) {
  const clock = new ManualClock(0);
  const records: string[] = [];
  const audit = { works: true };
  const backend = {
    audit: async (entry) => {
      if (!audit.works) throw new Fault("AUDIT_UNAVAILABLE");
      records.push(entry.kind === "audit.gap" ? `gap ${entry.body.lost}` : entry.correlationId);
    },
  } as Backend;
  const gapEntry = (lost: number) => edgeEntry(AT, "audit.gap", "gap", { lost });
  const queue = new AuditQueue({ backend, clock, max, retryMs: 100, gapEntry });
  const note = (id: string) => queue.note(edgeEntry(AT, "tool.called", id, {}));
  return { clock, records, audit, queue, note };
}

test("records arrive in order", async () => {
  const { clock, records, note } = queueUnderTest(10);
  for (const id of ["a", "b", "c"]) note(id);
  await clock.advance(0);
  expect(records).toEqual(["a", "b", "c"]);
});

test("an audit that is away: nobody waits, what fits is kept, what does not is counted and recorded", async () => {
  const { clock, records, audit, queue, note } = queueUnderTest(2);
  audit.works = false;
  for (const id of ["a", "b", "c", "d"]) note(id);
  await clock.advance(250);
  expect(records).toEqual([]);
  expect(queue.status()).toMatchObject({ ok: false, detail: expect.stringContaining("2 lost") });
  audit.works = true;
  await clock.advance(200);
  expect(records).toEqual(["a", "b", "gap 2"]);
  expect(queue.status().ok).toBe(true);
});

test("closing waits for what is on its way, and no longer than it is told", async () => {
  const { clock, audit, queue, note } = queueUnderTest(2);
  audit.works = false;
  note("a");
  const closed = queue.close(1_000);
  await clock.advance(1_000);
  await closed;
});
