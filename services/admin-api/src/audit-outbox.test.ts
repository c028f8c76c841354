import { appendFileSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { ManualClock } from "@countersign/clock/manual-clock";
import type { AuditEntry } from "@countersign/contracts/audit";
import { tempDir } from "@countersign/testing/temp-dir";
import { afterEach, expect, test } from "vitest";
import { AuditOutbox } from "./audit-outbox.ts";

const folder = tempDir("countersign-outbox-");
afterEach(() => folder.remove());

const entry = (correlationId: string): AuditEntry => ({
  kind: "kill.changed",
  at: "2026-11-20T10:00:00.000Z",
  correlationId,
  actor: { kind: "operator", id: "op" },
  body: {},
});

test("what the audit did not take lies in a file, and a new process hands it in", async () => {
  const file = join(folder.path, "deep/outbox.jsonl");
  const clock = new ManualClock(0);
  const away = new AuditOutbox({ file, audit: () => Promise.reject(new Error("away")), clock, retryMs: 100 });
  away.put(entry("a"));
  away.put(entry("b"));
  await clock.advance(0);
  expect(away.status()).toMatchObject({ ok: false, detail: expect.stringContaining("2 records waiting") });
  expect(statSync(file).mode & 0o077).toBe(0);
  appendFileSync(file, '{"kind":"kill.chan');

  const taken: string[] = [];
  const later = new AuditOutbox({ file, audit: async (one) => taken.push(one.correlationId), clock, retryMs: 100 });
  await clock.advance(0);
  await expect.poll(() => taken).toEqual(["a", "b"]);
  await expect.poll(() => readFileSync(file, "utf8")).toBe("");
  expect(later.status().ok).toBe(true);
});

test("a record of which the disk took only half costs none that comes after it, whatever process hands it in", async () => {
  const file = join(folder.path, "torn.jsonl");
  const clock = new ManualClock(0);
  const away = { file, audit: () => Promise.reject(new Error("away")), clock, retryMs: 100 };
  new AuditOutbox(away).put(entry("a"));
  appendFileSync(file, '{"kind":"kill.chan');
  new AuditOutbox(away).put(entry("b"));
  const taken: string[] = [];
  new AuditOutbox({ file, audit: async (one) => taken.push(one.correlationId), clock, retryMs: 100 });
  await expect.poll(() => taken).toEqual(["a", "b"]);
});

test("a record that is too long for the audit goes without its longest part, and keeps none behind it waiting", async () => {
  const taken: string[] = [];
  const audit = async ({ correlationId, body }: AuditEntry) => {
    if (JSON.stringify(body).length > 59_000) throw new Error("an audit record of too many bytes");
    taken.push(correlationId);
  };
  const clock = new ManualClock(0);
  const outbox = new AuditOutbox({ file: join(folder.path, "long.jsonl"), audit, clock, retryMs: 100 });
  outbox.put({ ...entry("long"), body: { text: "x".repeat(60_000) } });
  outbox.put(entry("behind it"));
  await clock.advance(200);
  await expect.poll(() => taken).toEqual(["long", "behind it"]);
});
