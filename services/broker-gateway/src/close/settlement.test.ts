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

const said = (change: Parameters<typeof sentOrder>[0], read: Reading) =>
  settlementOf({ order: sentOrder({ state: "UNKNOWN", ...change }), sentAtMs: Number.NEGATIVE_INFINITY }, read);

test("not there any more, and executed in part -> cancelled when it was disputed, absent when it was unknown", () => {
  const part = new Map([["e.01", { execId: "e.01", quantity: "99" } as Execution]]);
  const gone = { executions: part, absences: TWICE };
  const shownNowhere = { shown: "neither open nor completed" };
  expect(said({ ...disputed, ...gone }, reading())).toEqual({ as: "resolvedCancelled/1", ...shownNowhere });
  expect(said(gone, reading())).toEqual({ as: "closedAbsent/1", ...shownNowhere });
  expect(said({ absences: TWICE }, reading())).toEqual({ as: "closedAbsent/1", ...shownNowhere });
  expect(said({ ...disputed, executions: executed, absences: TWICE }, reading())).toEqual({
    as: "resolvedFilled/1",
    ...shownNowhere,
  });
});

test("a change that two readings did not show is closed with the terms from before; after one, or none, it is not", () => {
  const change = { modifies: `prop_${"b".repeat(26)}` };
  expect(said({ ...change, absences: TWICE }, reading())).toEqual({
    as: "closedAbsent/1",
    shown: "the terms from before",
  });
  expect(said({ ...change, absences: ONCE }, reading())).toMatchObject({
    missing: expect.stringContaining("one complete"),
  });
  expect(said(change, reading())).toMatchObject({ missing: expect.stringContaining("no complete reading") });
  // Its order is open under the same reference: that says nothing of the change.
  expect(said({ ...change, ...disputed, absences: ONCE }, reading({ open: [shown("Submitted")] }))).toHaveProperty(
    "missing",
  );
});

test("other orders at the broker are no copies of it, and what is shown of it is kept in short words", () => {
  const theirs = { ...shown("Submitted"), orderRef: "theirs", permId: "8" };
  expect(said({ absences: TWICE }, reading({ open: [theirs, theirs] }))).toHaveProperty("as", "closedAbsent/1");
  const long = { ...shown("Cancelled"), completedStatus: ` ${"x".repeat(300)} ` };
  const found = said(disputed, reading({ completed: [long] }));
  expect(found).toEqual({ as: "resolvedCancelled/1", shown: `Cancelled  ${"x".repeat(189)}` });
  expect(said(disputed, reading({ completed: [shown("Filled")] }))).toHaveProperty("shown", "Filled");
});
