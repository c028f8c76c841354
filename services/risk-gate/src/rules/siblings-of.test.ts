import { describe, expect, test } from "vitest";
import { missing } from "../facts/fact.ts";
import { FACTS, TERMS } from "../test-facts.ts";
import { nothingBefore } from "../testing/test-counts.ts";
import { countersOf } from "./over-time.ts";
import { siblingsOf } from "./siblings-of.ts";

const leg = (conid: number) => ({ conid, side: "BUY", ratio: 1 }) as const;
const { conid: _conid, exits: _exits, ...rest } = { exits: undefined, ...TERMS };
const COMBO = { ...rest, legs: [leg(1), leg(2)] } as unknown as typeof TERMS;
const AAPL = 265598;
const refusal = { outcome: "deny", code: "COUNTERS_UNKNOWN", value: null, headroom: null };

describe.each(["counters", "siblings"] as const)("the %s of an order", (name) => {
  const found = (terms: typeof TERMS, facts = FACTS) => {
    const { siblings, counters } = facts;
    if (name === "counters") return countersOf({ terms, facts });
    const one = siblingsOf({ terms, facts });
    const known = siblings.state === "known" && "known" in one && one.known === siblings.value;
    return known && counters.state === "known" ? counters.value : "refusal" in one ? one.refusal : one;
  };
  const value = (conids: readonly number[]) => ({ ...FACTS, ...nothingBefore(conids) });
  const good = (facts: typeof FACTS) => (facts.counters.state === "known" ? facts.counters.value : undefined);

  test("of its instrument, or of every leg in their order -> known", () => {
    expect(found(TERMS)).toBe(good(FACTS));
    const legs = value([1, 2]);
    expect(found(COMBO, legs)).toBe(good(legs));
  });
  test.each([
    ["of another instrument", TERMS, [1]],
    ["of one instrument more", TERMS, [AAPL, 1]],
    ["of none", TERMS, []],
    ["of the legs in another order", COMBO, [2, 1]],
    ["of the first leg alone", COMBO, [1]],
    ["of one leg more", COMBO, [1, 2, 3]],
    ["of one right leg and one wrong one", COMBO, [1, 3]],
  ])("%s -> refused", (_, terms, conids) => {
    expect(found(terms, value(conids))).toMatchObject(refusal);
  });
  test("missing -> refused, with the reason", () => {
    const one = found(TERMS, { ...FACTS, counters: missing("not loaded"), siblings: missing("not loaded") });
    expect(one).toMatchObject({ ...refusal, message: expect.stringContaining("not loaded") });
  });
});
