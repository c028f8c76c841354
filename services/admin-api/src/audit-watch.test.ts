import { ControlState } from "@countersign/bus/control-state";
import { expect, test } from "vitest";
import { standingMismatch } from "./audit-watch.ts";

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
