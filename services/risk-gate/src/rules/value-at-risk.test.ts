import fc from "fast-check";
import { expect, test } from "vitest";
import { type Facts, missing } from "../facts/fact.ts";
import { POLICY, withFact, withQuote } from "../test-facts.ts";
import { holding, partHistory, withBook, withHistory } from "../testing/book-facts.ts";
import { COMBO, LONG, SPREAD } from "../testing/combo-facts.ts";
import { ruleTests } from "../testing/rule-tests.ts";
import { valueAtRisk } from "./value-at-risk.ts";

const { passes, denies, boundary, missingDenies, property } = ruleTests(valueAtRisk, {
  unit: "% of value",
  tightens: { percentMax: ["2", "1.9"], confidencePercent: ["95", "96"], sessionsMin: [20, 21] },
  // Forty sessions, half of them with -1 %: 23 of 100000.
  finds: {
    ...{ limit: "2", value: "0.0231", headroom: "1.9769" },
    says: "one-day value at risk (95 %, 40 sessions) would be 0.0231 % of the account's value",
  },
});
const pick = ({ instrument }: Facts) => ({ instrument });
const withQuoteOf = (bid: string, ask: string) => ({ quote: withQuote({ bid, ask, last: null }).quote });
const zeros = Array.from({ length: 20 }, () => 0);
const dates = zeros.map((_, at) => String(at));
const all = (cents: number) => zeros.map(() => cents);
/** Twenty sessions on which AAPL moved by so much, and the account as it is, with what buys filled, and with what sells. */
const each = (ppm: number, profits: Partial<Record<"held" | "long" | "short", readonly number[]>>) =>
  withHistory({
    dates,
    parts: [partHistory(all(ppm))],
    profits: { held: zeros, long: zeros, short: zeros, ...profits },
  });

/** Twenty sessions, so that of 95 % the second worst counts; the account's own profits in cents, and AAPL's returns. */
function past(profits: readonly number[], returns: readonly number[] = []) {
  const fill = (values: readonly number[]) => Array.from({ length: 20 }, (_, at) => values[at] ?? 0);
  const told = fill(profits);
  return withHistory({
    dates: told.map((_, at) => String(at)),
    parts: [partHistory(fill(returns))],
    profits: { held: told, long: told, short: told },
  });
}

// 2300.20 at -50000 ppm is 115.01.
boundary("the second worst session of twenty: a loss of 115.01", "VALUE_AT_RISK", {
  inside: {
    ...{ facts: past([], [-900_000, -50_000]), limits: { percentMax: "0.1151" } },
    finds: { limit: "0.1151", value: "0.1151", headroom: "0" },
  },
  outside: {
    ...{ facts: past([], [-900_000, -50_000]), limits: { percentMax: "0.115" } },
    finds: { limit: "0.115", value: "0.1151", headroom: "-0.0001" },
  },
});
boundary("as many sessions as are needed, and one fewer", "HISTORY_MISSING", {
  inside: { facts: past([]), limits: { sessionsMin: 20 }, finds: { value: "0", headroom: "2" } },
  outside: {
    ...{ facts: past([]), limits: { sessionsMin: 21 } },
    finds: { value: null, headroom: null, says: "20 common sessions; 21 are needed" },
  },
});
denies("losses of the account and the order on the same session", "VALUE_AT_RISK", {
  facts: past([-195_000, -195_000], [-50_000, -50_000]),
  finds: { value: "2.0651", headroom: "-0.0651" },
});
denies("at 99 % the worst of twenty counts", "VALUE_AT_RISK", {
  facts: past([-199_990], [-50_000]),
  limits: { confidencePercent: "99" },
  finds: { value: "2.115", headroom: "-0.115", says: "value at risk (99 %, 20 sessions)" },
});
denies("the account with everything that sells filled is tried too", "VALUE_AT_RISK", {
  terms: { side: "SELL" },
  facts: withHistory({
    dates: Array.from({ length: 20 }, (_, at) => String(at)),
    parts: [partHistory(Array.from({ length: 20 }, () => 10_000))],
    profits: {
      held: Array.from({ length: 20 }, () => 0),
      long: Array.from({ length: 20 }, () => 0),
      short: Array.from({ length: 20 }, () => -250_000),
    },
  }),
  finds: { value: "2.523", headroom: "-0.523" },
});
passes("an order that takes risk away from an account that has too much", {
  terms: { side: "SELL" },
  facts: past([-300_000, -300_000], [-50_000, -50_000]),
  finds: { value: "3", headroom: null, says: "gets no larger" },
});
passes("sessions on which all would have been well", {
  facts: past([50_000], [10_000, 10_000]),
  finds: { value: "0", headroom: "2" },
});
denies("a purchase of what falls beside what is held and falls: 1950 and 115.01", "VALUE_AT_RISK", {
  facts: each(-50_000, { held: all(-195_000) }),
  finds: { value: "2.0651", headroom: "-0.0651" },
});
passes("the same where the other rises", {
  facts: each(50_000, { held: all(-195_000) }),
  finds: { value: "1.835", headroom: "0.165" },
});
passes("what is held already is in the account's own profits: the order adds 115.01 to them", {
  facts: { ...each(-50_000, {}), ...withBook([holding()]) },
  finds: { value: "0.1151", headroom: "1.8849" },
});
denies("a sale of what rises beside what is held and falls: 1950 and 115", "VALUE_AT_RISK", {
  terms: { side: "SELL" },
  facts: each(50_000, { held: all(-195_000) }),
  finds: { value: "2.065", headroom: "-0.065" },
});
passes("a sale where everything that buys would lose too much with it and without it", {
  terms: { side: "SELL" },
  facts: each(-50_000, { long: all(-300_000) }),
  finds: { value: "3", headroom: null, says: "gets no larger" },
});
denies("a sale with which all that sells would lose more, behind what all that buys would lose", "VALUE_AT_RISK", {
  terms: { side: "SELL" },
  facts: each(10_000, { long: all(-500_000), short: all(-250_000) }),
  // 2500 and 23 against 5000.
  finds: { value: "2.523", headroom: "-0.523" },
});
boundary("of an account with too much risk all of a position is sold, and one more", "VALUE_AT_RISK", {
  inside: {
    terms: { side: "SELL", quantity: "100" },
    facts: { ...each(-50_000, { long: all(-300_000) }), ...withBook([holding({ quantity: "100" })]) },
    finds: { value: "3", headroom: null, says: "gets no larger" },
  },
  outside: {
    terms: { side: "SELL", quantity: "101" },
    facts: { ...each(-50_000, { long: all(-300_000) }), ...withBook([holding({ quantity: "100" })]) },
    finds: { value: "3", headroom: "-1" },
  },
});
denies("a combination of which one leg alone has a history", "HISTORY_MISSING", {
  ...{ terms: SPREAD, facts: { ...COMBO, ...withHistory({ dates, parts: [{ ...partHistory(zeros), conid: LONG }] }) } },
  finds: { value: null, headroom: null, says: "20 common sessions; 20 are needed" },
});
const CALL = { secType: "OPT", multiplier: "100", strike: "30", right: "C" } as const;
/** Twenty sessions on which the underlying moved by so much each time, and an option that costs 8.05. */
const option = (ppm: number, right: "C" | "P" = "C") => ({
  ...pick(withFact("instrument", { ...CALL, right })),
  ...withQuoteOf("7.95", "8.05"),
  ...withHistory({
    ...{ dates, profits: { held: zeros, long: zeros, short: zeros } },
    parts: [{ ...partHistory(all(ppm)), losses: losses(ppm, right) }],
  }),
});
const past20 = (
  lost: ReturnType<typeof losses>,
  profits: Partial<Record<"held" | "long" | "short", readonly number[]>>,
) =>
  withHistory({
    ...{ dates, parts: [{ ...partHistory(zeros), losses: lost }] },
    profits: { held: zeros, long: zeros, short: zeros, ...profits },
  });
const losses = (ppm: number, right: "C" | "P") => {
  const [rises, falls] = [Math.max(0, ppm), Math.max(0, 0 - ppm)];
  return right === "C" ? { long: all(falls), short: all(rises) } : { long: all(rises), short: all(falls) };
};
const held = (quantity: string) =>
  holding({
    ...{ secType: "OPT", multiplier: "100", quantity, unitValue: "805", obligation: "3000" },
    option: { right: "C", strike: "30", underlyingConid: 1 },
  });
const order = (side: "BUY" | "SELL") => ({ side, quantity: "2", limitPrice: "8.05" }) as const;

// (8.05 + 30) x 2 x 100 is 7610: a fifth of it is 1522, and both calls cost 1610.
boundary("a bought call loses by its underlying, a fifth of strike and price", "VALUE_AT_RISK", {
  inside: {
    ...{ terms: order("BUY"), facts: option(-200_000), limits: { percentMax: "1.522" } },
    finds: { limit: "1.522", value: "1.522", headroom: "0" },
  },
  outside: {
    ...{ terms: order("BUY"), facts: option(-200_000), limits: { percentMax: "1.521" } },
    finds: { limit: "1.521", value: "1.522", headroom: "-0.001" },
  },
});
denies(
  "a bought call beside what is held and falls, where what buys would make up for it: 500 and 1522",
  "VALUE_AT_RISK",
  {
    ...{
      terms: order("BUY"),
      facts: { ...option(-200_000), ...past20(losses(-200_000, "C"), { held: all(-50_000) }) },
    },
    finds: { value: "2.022", headroom: "-0.022" },
  },
);
// 7610 at 200001 ppm is 1522.00761.
passes("what an option will lose is rounded up to the cent", {
  ...{ terms: order("BUY"), facts: option(-200_001) },
  finds: { value: "1.5221", headroom: "0.4779" },
});
// Four lose 3044.19786, two of them 1522.09893: 3044.20 less 1522.09 is 1522.11.
passes("what an option lost before is rounded down to the cent", {
  ...{ terms: order("BUY"), facts: { ...option(-200_013), ...withBook([held("2")]) } },
  finds: { value: "1.5222", headroom: "0.4778" },
});
passes("a bought call never loses more than it costs", {
  ...{ terms: order("BUY"), facts: option(-900_000) },
  finds: { value: "1.61", headroom: "0.39" },
});
passes("a bought call gains nothing, however much its underlying rises", {
  ...{ terms: order("BUY"), facts: option(900_000) },
  finds: { value: "0", headroom: "2" },
});
denies(
  "a written call loses when its underlying rises, and nothing but the strike and the price bounds that",
  "VALUE_AT_RISK",
  {
    ...{ terms: order("SELL"), facts: option(300_000) },
    finds: { value: "2.283", headroom: "-0.283" },
  },
);
denies("a written put loses when its underlying falls", "VALUE_AT_RISK", {
  ...{ terms: order("SELL"), facts: option(-300_000, "P") },
  finds: { value: "2.283", headroom: "-0.283" },
});
passes("a written put when its underlying rises", {
  ...{ terms: order("SELL"), facts: option(300_000, "P") },
  finds: { value: "0", headroom: "2" },
});
passes("a written call that is bought back: what was counted before is taken off", {
  terms: order("BUY"),
  facts: {
    ...option(300_000),
    ...withBook([held("-2")]),
    ...withHistory({
      ...{ dates, parts: [{ ...partHistory(all(300_000)), losses: losses(300_000, "C") }] },
      profits: { held: all(-228_300), long: all(-228_300), short: all(-228_300) },
    }),
  },
  // What is written already stays where nothing is bought back.
  finds: { value: "2.283", headroom: null, says: "gets no larger" },
});
missingDenies("an option of which nobody knows the underlying's past", "HISTORY_MISSING", {
  ...{ terms: order("BUY"), facts: { ...option(0), ...withHistory({ dates, parts: [partHistory(zeros)] }) } },
});
missingDenies("an option without a strike", "EXPOSURE_UNKNOWN", {
  terms: order("BUY"),
  facts: { ...option(0), ...pick(withFact("instrument", { ...CALL, strike: null })) },
});

missingDenies("the history of another instrument", "HISTORY_MISSING", {
  facts: withHistory({
    ...{ dates, parts: [{ ...partHistory(zeros), conid: 1 }] },
    profits: { held: zeros, long: zeros, short: zeros },
  }),
});
missingDenies("sums that are too large to be exact, before the order", "HISTORY_MISSING", {
  facts: each(0, { short: all(-(2 ** 53)) }),
  finds: { value: null, headroom: null, says: "too large" },
});
missingDenies("sums that are too large to be exact, with the order", "HISTORY_MISSING", {
  facts: each(-50_000, { held: all(-(2 ** 53) + 1) }),
  finds: { value: null, headroom: null, says: "too large" },
});
missingDenies("no history", "HISTORY_MISSING", { facts: { history: missing("none") } });
missingDenies("an instrument without the common sessions", "HISTORY_MISSING", {
  facts: withHistory({ parts: [partHistory([1, 2, 3])] }),
});
missingDenies("no book", "EXPOSURE_UNKNOWN", { facts: { book: missing("none") } });
missingDenies("no value of the account", "EXPOSURE_UNKNOWN", { facts: { summary: missing("none") } });

property(
  "more of the same is never less risk",
  fc.tuple(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 500_000 })),
  {
    make: ([quantity, ppm]) => ({ terms: { quantity: String(quantity) }, facts: past([], [-ppm, -ppm]) }),
    holds: ({ outcome }, [quantity, ppm]) => {
      const loss = Math.ceil((quantity * 23_002 * ppm) / 1e6);
      return (outcome === "deny") === loss > 200_000;
    },
  },
);

test("a confidence is at least 50 and below 100 per cent", () => {
  const limits = POLICY.rules.valueAtRisk as object;
  const isGood = (confidencePercent: string) => valueAtRisk.limits?.safeParse({ ...limits, confidencePercent }).success;
  expect(["49.9", "50", "99.99", "100"].map(isGood)).toEqual([false, true, true, false]);
});
