import type { DecisionFact } from "@countersign/contracts/facts/decision-facts.v1";
import { describe, expect, test } from "vitest";
import { LateDecisions } from "./late-decisions.ts";

const at = "2026-11-20T10:00:00.000Z";
const fact: DecisionFact = { type: "expired/1", proposalId: "prop_aaaaaaaaaaaaaaaaaaaaaaaaaa", at, deadline: at };

describe("decisions that nobody here knows to have written", () => {
  test("seen in the log and not confirmed in time -> due, once", () => {
    const late = new LateDecisions();
    late.seen(fact, 1_000);
    expect(late.due(6_000)).toEqual([]);
    expect(late.due(6_001)).toEqual([fact]);
    expect(late.due(60_000)).toEqual([]);
  });
  test.each([["before"], ["after"]])("confirmed %s it is seen -> never due", (when) => {
    const late = new LateDecisions();
    if (when === "before") late.confirmed(fact);
    late.seen(fact, 0);
    if (when === "after") late.confirmed(fact);
    expect(late.due(60_000)).toEqual([]);
  });
});
