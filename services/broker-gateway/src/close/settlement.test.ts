import type { Execution } from "@countersign/contracts/facts/exec-facts.v1";
import { expect, test } from "vitest";
import { REF, sentOrder } from "../fold/test-order.ts";
import type { Reading } from "../reconcile/settle.ts";
import type { WireOrder } from "../session/wire.ts";
import { settlementOf } from "./settlement.ts";

const looked = {
  startedAt: "2026-11-20T10:00:00.000Z",
  linkEpoch: 1,
  openOrders: 0,
  completedOrders: 0,
  executions: 0,
};
const shown = (status: string) => ({ status, completedStatus: "", orderRef: REF, permId: "9" }) as WireOrder;
const reading = (change: Partial<Reading> = {}): Reading => {
  return { open: [], completed: [], startedAtMs: 100_000, provesAbsence: true, looked, ...change };
};
const TWICE = [null, 30_000].map((sinceMs) => ({ ...looked, sinceMs }));
const ONCE = TWICE.slice(0, 1);
const executed = new Map([["e.01", { execId: "e.01", quantity: "100" } as Execution]]);
const disputed = { state: "DISPUTED", dispute: "why" } as const;
const of = (change: Parameters<typeof sentOrder>[0], read: Reading, sentAtMs = Number.NEGATIVE_INFINITY) => {
  const found = settlementOf({ order: sentOrder({ state: "UNKNOWN", ...change }), sentAtMs }, read);
  return "missing" in found ? "missing" : found.as;
};

test.each([
  ["never looked for", "missing", {}, reading()],
  ["not there once", "missing", { absences: ONCE }, reading()],
  ["not there twice, too close", "missing", { absences: [...ONCE, { ...looked, sinceMs: 29_999 }] }, reading()],
  ["not there twice", "closedAbsent/1", { absences: TWICE }, reading()],
  ["read under the fallback id", "missing", { absences: TWICE }, reading({ provesAbsence: false })],
  [
    "filled, and not every execution is known",
    "missing",
    { absences: TWICE },
    reading({ completed: [shown("Filled")] }),
  ],
] as const)("UNKNOWN and %s -> %s", (_name, expected, change, read) => {
  expect(of(change as Parameters<typeof sentOrder>[0], read)).toBe(expected);
});

test("sent a moment before the reading -> missing, whatever was known", () => {
  expect(of({ absences: TWICE }, reading(), 99_000)).toBe("missing");
});

test.each([
  ["open", "resolvedOpen/1", {}, { open: [shown("Submitted")] }],
  ["open and partly executed", "resolvedPartial/1", { executions: executed }, { open: [shown("Submitted")] }],
  ["filled", "resolvedFilled/1", { executions: executed }, { completed: [shown("Filled")] }],
  ["cancelled", "resolvedCancelled/1", {}, { completed: [shown("Cancelled")] }],
  ["refused", "resolvedRejected/1", {}, { completed: [shown("Inactive")] }],
  ["two orders of one reference", "missing", {}, { open: [shown("Submitted"), shown("Submitted")] }],
  ["not there, and not looked for twice", "missing", {}, {}],
  ["not there any more, and executed in full", "resolvedFilled/1", { executions: executed, absences: TWICE }, {}],
  ["never there", "closedAbsent/1", { absences: TWICE }, {}],
] as const)("DISPUTED and the broker shows it %s -> %s", (_name, expected, change, lists) => {
  expect(of({ ...disputed, ...change } as Parameters<typeof sentOrder>[0], reading(lists as Partial<Reading>))).toBe(
    expected,
  );
});
