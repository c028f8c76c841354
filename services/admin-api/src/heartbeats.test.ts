import { utcText } from "@countersign/clock/clock";
import { ManualClock } from "@countersign/clock/manual-clock";
import { ok } from "@countersign/contracts/denial";
import { Heartbeat } from "@countersign/contracts/messages/heartbeat.v1";
import { expect, test } from "vitest";
import { Heartbeats } from "./heartbeats.ts";
import { apiUnderTest, ask } from "./testing/api-under-test.ts";

const beat = (clock: ManualClock, service: string, changes: object = {}) =>
  Heartbeat.parse({
    service,
    instance: "one",
    mode: "simulator",
    at: utcText(clock.nowMs()),
    startedAt: utcText(clock.nowMs()),
    ready: true,
    checks: [{ name: "bus", ok: true, detail: "connected" }],
    ...changes,
  });

test("a service that was never heard, is silent or is not ready is not well, and says why", async () => {
  const clock = new ManualClock(Date.parse("2026-11-20T10:00:00.000Z"));
  const heartbeats = new Heartbeats(clock, { staleMs: 3_500, skewMsMax: 2_000 });
  expect(heartbeats.of("approval")).toMatchObject({ ok: false, detail: "never heard", ageMs: null });
  heartbeats.take(beat(clock, "approval"));
  await clock.advance(3_500);
  expect(heartbeats.of("approval").ok).toBe(true);
  await clock.advance(1);
  expect(heartbeats.of("approval")).toMatchObject({ ok: false, detail: "silent for 3501 ms" });
  const checks = [{ name: "audit", ok: false, detail: "12 records wait" }];
  heartbeats.take(beat(clock, "approval", { ready: false, checks }));
  expect(heartbeats.of("approval")).toMatchObject({ ok: false, detail: "audit: 12 records wait" });
});

test("a clock that is too far off is named", () => {
  const clock = new ManualClock(Date.parse("2026-11-20T10:00:00.000Z"));
  const heartbeats = new Heartbeats(clock, { staleMs: 3_500, skewMsMax: 2_000 });
  heartbeats.take(beat(clock, "approval", { at: "2026-11-20T10:00:02.000Z" }));
  expect(heartbeats.skewed()).toBeUndefined();
  heartbeats.take(beat(clock, "risk-gate", { at: "2026-11-20T09:59:57.999Z" }));
  expect(heartbeats.skewed()).toEqual({ service: "risk-gate", skewMs: -2_001 });
});

test("an audit that was found not to verify -> health names the audit, however well its writer answers", async () => {
  const listed = () => ok({ records: [], size: 3, nextAfter: null });
  const reason = "the audit does not verify: record 2 is missing in the journal";
  const { app } = apiUnderTest({ "ops.v1.audit.list": listed }, { auditMismatch: reason });
  const { body } = await ask(app, "GET", "/api/v1/health");
  expect(body).toMatchObject({ ok: false, failing: "audit", summary: `audit fails: ${reason}.` });
  const well = apiUnderTest({ "ops.v1.audit.list": listed });
  expect((await ask(well.app, "GET", "/api/v1/health")).body.layers).toContainEqual({
    layer: "audit",
    ok: true,
    detail: "3 records",
  });
});

test("health names the lowest layer that fails, in one sentence", async () => {
  const { app } = apiUnderTest();
  const { body } = await ask(app, "GET", "/api/v1/health");
  expect(body).toMatchObject({ ok: false, failing: "audit", broker: null, auditSize: null });
  expect(body.summary).toBe("audit fails: nobody serves ops.v1.audit.list.");
  expect(body.layers.map((one: { layer: string }) => one.layer)).toEqual([
    "nats",
    "streams",
    "control",
    "audit",
    "broker",
    "data",
    "clock",
    "services",
  ]);
});
