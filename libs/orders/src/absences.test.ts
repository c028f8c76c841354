import type { Absence, ExecFact } from "@countersign/contracts/facts/exec-facts.v1";
import { describe, expect, test } from "vitest";
import { missingOf, withAbsences } from "./absences.ts";

const looked = {
  startedAt: "2026-11-20T10:00:00.000Z",
  linkEpoch: 1,
  openOrders: 2,
  completedOrders: 3,
  executions: 4,
};
const absence = (sinceMs: number | null): Absence => ({ ...looked, sinceMs });
const absent = (sinceMs: number | null) =>
  ({ type: "absent/1", proposalId: "p", at: "2026-11-20T10:00:01.000Z", ...absence(sinceMs) }) as ExecFact;
const fact = (type: string) => ({ type, proposalId: "p", at: "2026-11-20T10:00:01.000Z" }) as ExecFact;
interface Searched {
  readonly absences?: Absence[];
  readonly closeRequestedBy?: string;
  readonly state: string;
}
const after = (order: Searched, ...facts: ExecFact[]) => facts.reduce(withAbsences, order);
const LOST: Searched = { state: "UNKNOWN" };

describe("readings that did not show the order", () => {
  test("are kept one after the other, without the frame of their fact", () => {
    expect(after(LOST, absent(null), absent(30_000))).toEqual({ ...LOST, absences: [absence(null), absence(30_000)] });
    expect(after(LOST, absent(31_000))).toEqual({ ...LOST, absences: [absence(31_000)] });
  });

  test("begin anew with one that has none before it", () => {
    expect(after(LOST, absent(null), absent(30_000), absent(null)).absences).toEqual([absence(null)]);
  });

  const HEARD = [
    ...["acknowledged/1", "partiallyFilled/1", "filled/1", "cancelled/1", "brokerRejected/1", "disputed/1"],
    ...["completed/1", "modified/1", "resolvedOpen/1", "resolvedPartial/1", "resolvedFilled/1", "resolvedCancelled/1"],
    "resolvedRejected/1",
  ];
  test.each(HEARD)("prove nothing after %s, and who asked to close it has to ask again", (type) => {
    const order = { ...LOST, absences: [absence(null)], closeRequestedBy: "alice" };
    expect(after(order, fact(type))).toEqual(LOST);
  });

  test.each(["lost/1", "commission/1", "brokerSaid/1", "cancelRequested/1", "closeRequested/1", "drifted/1"])(
    "stay after %s, which says nothing of where the order is",
    (type) => {
      const order = { ...LOST, absences: [absence(null)], closeRequestedBy: "alice" };
      expect(after(order, fact(type))).toBe(order);
    },
  );
});

describe("what is lacking until an absence is proven", () => {
  test.each<[string, Absence[], RegExp | undefined]>([
    ["no reading", [], /no complete reading/],
    ["one", [absence(null)], /one complete reading, at 2026-11-20T10:00:00\.000Z/],
    ["two, a moment too close", [absence(null), absence(29_999)], /one complete reading/],
    ["two", [absence(null), absence(30_000)], undefined],
    ["two, and a third that came too soon", [absence(null), absence(30_000), absence(1)], /one complete reading/],
    ["three", [absence(null), absence(1), absence(30_000)], undefined],
  ])("%s", (_what, absences, expected) => {
    if (expected === undefined) expect(missingOf(absences)).toBeUndefined();
    else expect(missingOf(absences)).toMatch(expected);
  });
});
