import type { OrderTerms } from "@countersign/contracts/order";
import { describe, expect, test } from "vitest";
import { type Facts, known } from "../facts/fact.ts";
import type { History } from "../facts/history/history.ts";
import { AT, FACTS, POLICY, TERMS } from "../test-facts.ts";
import { COMBO, spread } from "../testing/combo-facts.ts";
import { countersWith, siblingsWith } from "../testing/test-counts.ts";
import { resultOf } from "./rule.ts";
import { soundFacts } from "./sound-facts.ts";

const judged = (terms: OrderTerms, facts: Facts) =>
  resultOf(soundFacts, { terms, facts, limits: null, policy: POLICY });
const twin = (price: string) => ({ proposalId: "p-2", state: "WORKING", price, ageMs: 5 }) as const;

describe("a combination at a price below zero", () => {
  const bestFill = { price: "-0.05", ageMs: 1_000 };
  const { siblings } = { siblings: siblingsWith({ twins: [twin("-2.1")], bestFill }) };
  const combined = { ...COMBO, siblings };
  test("was asked for and filled so before -> pass", () => {
    expect(judged(spread(), combined).outcome).toBe("pass");
  });
  test("of an order in one instrument that is none -> denied", () => {
    expect(judged(TERMS, { ...FACTS, siblings }).message).toBe("price is -2.1");
  });
  test("no other number of it may be below zero -> denied", () => {
    const counters = countersWith({ account: { session: { notional: "-1" } } });
    expect(judged(spread(), { ...combined, counters }).message).toBe("notional is -1");
  });
});

test.each([[[0, -1]], [[0]], [[0, Number.NaN]], [[0, 0.5]]])("losses of an option that are %j -> denied", (long) => {
  const history = { dates: ["a", "b"], profits: { held: [0, 0], long: [0, 0], short: [0, 0] }, correlated: [] };
  const part = { conid: 1, returns: [0, 0], own: [0, 0], averageVolume: null, volumeSessions: 0 };
  const historyWith = (losses: object) =>
    known({ ...history, parts: [{ ...part, losses }] } as History, "market-data", AT);
  const good = [0, 5];
  expect(judged(TERMS, { ...FACTS, history: historyWith({ long: good, short: good }) }).outcome).toBe("pass");
  expect(judged(TERMS, { ...FACTS, history: historyWith({ long, short: good }) }).message).toContain(
    "the losses of an option",
  );
  expect(judged(TERMS, { ...FACTS, history: historyWith({ long: good, short: long }) }).message).toContain(
    "the losses of an option",
  );
});
