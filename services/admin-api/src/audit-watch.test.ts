import { ControlState } from "@countersign/bus/control-state";
import { ManualClock } from "@countersign/clock/manual-clock";
import { expect, test } from "vitest";
import { AuditWatch, type AuditWatchGiven, standingMismatch } from "./audit-watch.ts";

const KEY = "admin-api.audit-mismatch.global";
const at = "2026-11-20T10:00:00.000Z";
const tripped = {
  type: "trip/1",
  level: "HALTED",
  reason: "the audit does not verify: record 2 is missing in the journal",
  evidence: [],
  at,
};
const reset = {
  type: "trip-reset/1",
  tripSequence: 1,
  actor: { kind: "operator", id: "all" },
  reason: "looked into",
  at,
};

function after(...messages: [key: string, body: object | string][]): string | undefined {
  const state = new ControlState();
  for (const [index, [key, body]] of messages.entries()) {
    const text = typeof body === "string" ? body : JSON.stringify(body);
    state.take({ subject: `$KV.CONTROL.${key}`, sequence: index + 1, text });
  }
  return standingMismatch(state);
}

test("an audit that did not verify stands against it until a person has reset it, and again when it is found again", () => {
  expect(after()).toBeUndefined();
  expect(after([`trip.${KEY}`, tripped])).toBe(tripped.reason);
  expect(after([`trip.${KEY}`, tripped], [`reset.${KEY}`, reset])).toBeUndefined();
  expect(after([`trip.${KEY}`, tripped], [`reset.${KEY}`, reset], [`trip.${KEY}`, tripped])).toBe(tripped.reason);
});

test("a stop because of the audit that cannot be read stands too; another stop says nothing of the audit", () => {
  expect(after([`trip.${KEY}`, "{"])).toBe("a stop because of the audit cannot be read");
  expect(after(["trip.broker-gateway.audit-lag.global", tripped])).toBeUndefined();
});

const HOUR = 3_600_000;

/** A writer that answers what the test says, and how often it was asked and a stop was called for. */
function watched() {
  const clock = new ManualClock(Date.parse(at));
  const seen = { asked: 0, trips: 0 };
  const writer: { answer: () => object } = { answer: () => ({ ok: true, findings: [] }) };
  const backend = {
    request: async () => {
      seen.asked += 1;
      return { outcome: "ok", value: writer.answer() };
    },
  } as unknown as AuditWatchGiven["backend"];
  const trip = () => {
    seen.trips += 1;
  };
  return { clock, seen, writer, start: () => new AuditWatch({ backend, clock, wire: { trip }, everyMs: HOUR }) };
}
const away = () => {
  throw new Error("no answer in 55000 ms");
};

test("a writer that starts after this service is asked again within seconds, then every hour; what it finds stops all", async () => {
  const { clock, seen, writer, start } = watched();
  writer.answer = away;
  const watch = start();
  await clock.advance(0);
  expect(seen).toEqual({ asked: 1, trips: 0 });
  writer.answer = () => ({ ok: false, findings: ["record 2 is missing in the journal"] });
  await clock.advance(5_000);
  expect(seen).toEqual({ asked: 2, trips: 1 });
  await clock.advance(HOUR);
  expect(seen).toEqual({ asked: 3, trips: 2 });
  watch.stop();
  await clock.advance(2 * HOUR);
  expect(seen.asked).toBe(3);
});

test("an audit that cannot be recomputed for five minutes is said to be unverified, until it is", async () => {
  const { clock, writer, start } = watched();
  const watch = start();
  await clock.advance(HOUR - 1);
  expect(watch.unverified()).toBeUndefined();
  writer.answer = away;
  await clock.advance(300_000);
  expect(watch.unverified()).toBeUndefined();
  await clock.advance(10_000);
  expect(watch.unverified()).toBe("the audit could not be recomputed: no answer in 55000 ms");
  writer.answer = () => ({ ok: true, findings: [] });
  await clock.advance(HOUR);
  expect(watch.unverified()).toBeUndefined();
  watch.stop();
});
