import { appendFileSync, readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { ManualClock } from "@countersign/clock/manual-clock";
import type { AuditEntry } from "@countersign/contracts/audit";
import { canonicalHash, canonicalJson } from "@countersign/ids/hash";
import { createLogger } from "@countersign/log/logger";
import { tempDir } from "@countersign/testing/temp-dir";
import { expect, test } from "vitest";
import { AuditTrail } from "./audit-trail.ts";
import { SpillFile } from "./spill-file.ts";

const log = createLogger({ service: "broker-gateway", level: "silent" });
const START = Date.parse("2026-03-02T10:00:00.000Z");

/** A process of the gateway on a disk, with an audit that is there or not. */
function start(directory: string, nowMs: number, audit: { up: boolean; took: string[] }) {
  const clock = new ManualClock(nowMs);
  const take = async ({ correlationId }: AuditEntry) => {
    if (!audit.up) throw new Error("no audit");
    audit.took.push(correlationId);
  };
  return { clock, trail: new AuditTrail({ clock, log, spill: new SpillFile(directory), audit: take }) };
}
const entry = (correlationId: string) => ({ kind: "broker.link" as const, correlationId, body: {} });

test("a record waits since it was made, whichever process waits for the audit; with the audit nothing waits", async () => {
  using folder = tempDir();
  const audit = { up: false, took: [] as string[] };
  const first = start(folder.path, START, audit);
  first.trail.record(entry("one"));
  await first.trail.stop();
  await first.clock.advance(1_000);
  expect(first.trail.waitingMs()).toBe(1_000);

  const second = start(folder.path, START + 3_600_000, audit);
  expect(second.trail.waitingMs()).toBe(0);
  second.trail.record(entry("two"));
  await expect.poll(() => second.trail.waitingMs()).toBe(3_600_000);
  audit.up = true;
  await second.clock.advance(2_000);
  await expect.poll(() => audit.took).toEqual(["one", "two"]);
  await expect.poll(() => second.trail.waitingMs()).toBe(0);
  await second.trail.stop();
});

test("a clock that was set back makes no record younger than this process has seen it", async () => {
  using folder = tempDir();
  const audit = { up: false, took: [] as string[] };
  const first = start(folder.path, START, audit);
  first.trail.record(entry("one"));
  await first.trail.stop();
  const second = start(folder.path, START - 3_600_000, audit);
  second.trail.record(entry("two"));
  await second.clock.advance(5_000);
  await expect.poll(() => second.trail.waitingMs()).toBe(5_000);
  await second.trail.stop();
});

test("a record of which the disk took only half costs none that comes after it", async () => {
  using folder = tempDir();
  const of = (correlationId: string): AuditEntry => ({
    ...{ ...entry(correlationId), at: "2026-03-02T10:00:00.000Z" },
    actor: { kind: "service", id: "broker-gateway" },
  });
  new SpillFile(folder.path).append(of("one"));
  appendFileSync(join(folder.path, "audit-spill.ndjson"), '{"kind":"order.edge","corr');
  const spill = new SpillFile(folder.path);
  spill.append(of("two"));
  spill.append(of("three"));
  const took: string[] = [];
  expect(await spill.replay(async ({ correlationId }) => took.push(correlationId))).toBe(3);
  expect(took).toEqual(["one", "two", "three"]);
});

test("a record that is too long for the audit, as the report of a large stop, costs none that comes after it", async () => {
  using folder = tempDir();
  const took: AuditEntry[] = [];
  const clock = new ManualClock(START);
  const audit = async (one: AuditEntry) => {
    if (canonicalJson(one).length > 59_000) throw new Error("an audit record of too many bytes");
    took.push(one);
  };
  const trail = new AuditTrail({ clock, log, spill: new SpillFile(folder.path), audit });
  const report = {
    orders: Array.from({ length: 2_000 }, (_, index) => ({ orderRef: `order ${index}`, state: "CANCELLED" })),
  };
  trail.record({ kind: "kill.report", correlationId: "stop", body: { report, signature: "by the gateway" } });
  await trail.confirmOrSpill({ kind: "order.edge", correlationId: "cancel", body: { report } });
  trail.record(entry("after it"));
  await trail.stop();
  expect(took.map(({ correlationId }) => correlationId).sort()).toEqual(["after it", "cancel", "stop"]);
  expect(trail.waitingMs()).toBe(0);
  const leftOut = { count: 1, longest: [{ name: "report", bytes: expect.any(Number), sha256: canonicalHash(report) }] };
  expect(took.find(({ correlationId }) => correlationId === "stop")?.body).toEqual({
    signature: "by the gateway",
    leftOut,
  });
});

test("with neither audit nor disk a record ends no process: it waits, trips, and is told in its turn when the audit is back", async () => {
  using folder = tempDir();
  const audit = { up: false, took: [] as string[] };
  const { clock, trail } = start(folder.path, START, audit);
  trail.record(entry("one"));
  await expect.poll(() => readdirSync(folder.path)).toEqual(["audit-spill.ndjson"]);
  // No file can be written in it any more, as on a disk that is full or gone.
  rmSync(folder.path, { recursive: true });
  for (const one of ["two", "three"]) trail.record(entry(one));
  await clock.advance(4_000);
  expect(trail.waitingMs()).toBe(4_000);
  await expect(trail.confirmOrSpill(entry("a cancel"))).rejects.toThrow("ENOENT");
  audit.up = true;
  await clock.advance(2_000);
  await expect.poll(() => audit.took).toEqual(["two", "three"]);
  await expect.poll(() => trail.waitingMs()).toBe(0);
  await trail.stop();
});

test("an effect that waits for its record does not take place on the strength of a part of it", async () => {
  using folder = tempDir();
  const audit = async (one: AuditEntry) => {
    if (canonicalJson(one).length > 59_000) throw new Error("an audit record of too many bytes");
  };
  const trail = new AuditTrail({ clock: new ManualClock(START), log, spill: new SpillFile(folder.path), audit });
  const long = { kind: "order.edge" as const, correlationId: "intent", body: { fact: "x".repeat(70_000) } };
  await expect(trail.confirm(long)).rejects.toThrow("too many bytes");
  await trail.stop();
});
