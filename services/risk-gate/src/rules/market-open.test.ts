import { utcText } from "@countersign/clock/clock";
import fc from "fast-check";
import { expect, test } from "vitest";
import { known, missing } from "../facts/fact.ts";
import { FACTS, POLICY, TERMS, withFact } from "../test-facts.ts";
import { ruleTests } from "../testing/rule-tests.ts";
import { marketOpen } from "./market-open.ts";
import { resultOf } from "./rule.ts";

/** Monday 23 November 2026, 10:00 in New York; regular hours from 9:30 to 16:00. */
const { denies, boundary, missingDenies, property, passes } = ruleTests(marketOpen, {
  unit: "session",
  tightens: {
    extendedHours: [true, false],
    minutesAfterOpen: [0, 1],
    minutesBeforeClose: [0, 1],
    window: [null, { from: "10:00", to: "15:30" }],
    weekend: [true, false],
  },
  finds: { limit: "liquid", value: "liquid", headroom: null, says: "within the contract's trading hours" },
});
const session = (change: object, limits: object = {}) => ({ facts: withFact("session", change), limits });
const at = (time: string, limits: object) => ({ facts: { at: `2026-11-23T${time}Z` }, limits });
const OPEN = { value: "liquid", headroom: null };
const ANY_HOURS = "liquid, extended or overnight";
const MOO = { orderType: "MOO", limitPrice: undefined, timeInForce: "OPG" };

denies("closed, and nobody knows until when", "MARKET_CLOSED", {
  ...session({ state: "closed", session: "none", reason: "a holiday" }),
  finds: { value: "none", headroom: null, says: "a holiday" },
});
const NIGHT = {
  ...{ state: "closed", session: "none", reason: "night" },
  ...{ nextOpen: "2026-11-24T09:00:00.000Z", nextLiquidOpen: "2026-11-24T14:30:00.000Z" },
};
denies("closed, until the regular hours that the policy waits for", "MARKET_CLOSED", {
  ...session(NIGHT),
  finds: { value: "none", headroom: null, says: "night; opens 2026-11-24T14:30:00.000Z" },
});
denies("closed, until it opens for whom every hour will do", "MARKET_CLOSED", {
  ...session(NIGHT, { extendedHours: true }),
  finds: { limit: ANY_HOURS, value: "none", headroom: null, says: "night; opens 2026-11-24T09:00:00.000Z" },
});
denies("extended hours that the policy does not allow, until the regular ones", "MARKET_CLOSED", {
  ...session({ ...NIGHT, state: "open", session: "extended", nextOpen: null }),
  finds: { value: "extended", headroom: null, says: "does not allow; opens 2026-11-24T14:30:00.000Z" },
});
denies("closed, also where the policy allows every hour", "MARKET_CLOSED", {
  ...session({ state: "closed", session: "none" }, { extendedHours: true }),
  finds: { limit: "liquid, extended or overnight", value: "none", headroom: null },
});
denies("extended hours that the policy does not allow", "MARKET_CLOSED", {
  ...session({ session: "extended" }),
  finds: { value: "extended", headroom: null, says: "only extended hours now" },
});
denies("overnight hours that the policy does not allow", "MARKET_CLOSED", {
  ...session({ session: "overnight" }),
  finds: { value: "overnight", headroom: null, says: "only overnight hours now" },
});
denies("a Sunday evening that opens Monday's session", "MARKET_WINDOW", {
  ...session({ session: "overnight" }, { extendedHours: true }),
  facts: { ...withFact("session", { session: "overnight" }), at: "2026-11-23T00:30:00.000Z" },
  finds: { limit: ANY_HOURS, value: "Sun", headroom: null },
});
boundary("the regular hours may end between the question and the judgement", "MARKET_CLOSED", {
  inside: { ...at("20:59:59.999", {}), finds: OPEN },
  outside: {
    ...at("21:00:00.000", {}),
    finds: { value: "liquid", headroom: null, says: "it closed at 2026-11-23T21:00:00.000Z" },
  },
});
const evening = { nextClose: "2026-11-24T01:00:00.000Z" };
passes("regular hours that ended since, where the policy allows every hour", {
  ...session(evening, { extendedHours: true }),
  facts: { ...withFact("session", evening), at: "2026-11-24T00:59:59.999Z" },
  finds: { ...OPEN, limit: ANY_HOURS },
});
denies("every hour ended since the question", "MARKET_CLOSED", {
  ...session(evening, { extendedHours: true }),
  facts: { ...withFact("session", { ...evening, session: "extended" }), at: "2026-11-24T01:00:00.000Z" },
  finds: { limit: ANY_HOURS, value: "extended", headroom: null, says: "it closed at 2026-11-24T01:00:00.000Z" },
});
missingDenies("what is known of the hours ended since the question", "MARKET_HOURS_UNKNOWN", {
  facts: { ...withFact("session", { coveredUntil: "2026-11-23T15:00:00.000Z" }) },
});
const beforeAuction = { state: "closed", session: "none", nextLiquidOpen: "2026-11-23T15:00:00.000Z" };
denies("the opening auction, which came between the question and the judgement", "TIME_IN_FORCE_NOT_ALLOWED", {
  ...{ terms: MOO, ...session(beforeAuction) },
  finds: { value: "none", headroom: null, says: "the opening auction is over for today" },
});
denies("the opening auction, which is over", "TIME_IN_FORCE_NOT_ALLOWED", {
  terms: MOO,
  finds: { value: "liquid", headroom: null, says: "the opening auction is over for today" },
});
const nextAuction = { state: "closed", session: "none", nextLiquidOpen: "2026-11-23T15:00:00.001Z" };
passes("the opening auction before it", {
  ...{ terms: MOO, ...session(nextAuction) },
  finds: { value: "none", headroom: null, says: "the opening auction is still to come" },
});
missingDenies("an opening auction of which nobody says when it is", "MARKET_HOURS_UNKNOWN", {
  ...{ terms: MOO, ...session({ ...nextAuction, nextLiquidOpen: null }) },
  finds: { value: null, headroom: null, says: "nobody says when the next opening auction is" },
});
denies("an order for the opening auction that is given on a Saturday", "MARKET_WINDOW", {
  terms: MOO,
  facts: { ...withFact("session", nextAuction), at: "2026-11-21T15:00:00.000Z" },
  finds: { value: "Sat", headroom: null, says: "nothing at the weekend" },
});
passes("the same on a Saturday where the policy allows it", {
  terms: MOO,
  facts: { ...withFact("session", nextAuction), at: "2026-11-21T15:00:00.000Z" },
  limits: { weekend: true },
  finds: { value: "none", headroom: null },
});
denies("an order for the opening auction outside of the window", "MARKET_WINDOW", {
  terms: MOO,
  ...session(nextAuction, { window: { from: "10:01", to: "15:30" } }),
  finds: { value: "10:00", headroom: null, says: "10:00 there; allowed from 10:01 to 15:30" },
});
missingDenies("hours of which nobody says until when they are known", "MARKET_HOURS_UNKNOWN", {
  ...session({ coveredUntil: null }),
  finds: { value: null, headroom: null, says: "the hours are known until an unknown time" },
});
passes("extended hours where the policy allows them", {
  ...session({ session: "extended" }, { extendedHours: true }),
  finds: { limit: ANY_HOURS, value: "extended", headroom: null },
});
denies("a Sunday in New York, where only the clock of UTC says Monday", "MARKET_WINDOW", {
  facts: { at: "2026-11-23T04:59:59.999Z" },
  finds: { value: "Sun", headroom: null },
});
denies("a Saturday in New York", "MARKET_WINDOW", {
  facts: { at: "2026-11-21T15:00:00.000Z" },
  finds: { value: "Sat", headroom: null },
});
passes("extended hours, of which the first and the last minutes do not count", {
  ...session({ session: "extended", liquidSince: undefined, nextLiquidClose: null }),
  limits: { extendedHours: true, minutesAfterOpen: 10, minutesBeforeClose: 10 },
  finds: { limit: ANY_HOURS, value: "extended", headroom: null },
});
passes("hours in a zone that is none, where nobody asks what time it is there", {
  ...session({ timeZoneId: "Mars/Olympus" }, { weekend: true }),
  finds: OPEN,
});
passes("a weekend where the policy allows it", {
  facts: { at: "2026-11-21T15:00:00.000Z" },
  limits: { weekend: true },
  finds: OPEN,
});

const first = { minutesAfterOpen: 10 };
boundary("the first ten minutes", "MARKET_WINDOW", {
  inside: { ...at("14:40:00.000", first), finds: OPEN },
  outside: {
    ...at("14:39:59.999", first),
    finds: { value: "liquid", headroom: null, says: "open since 9.999 min; nothing in the first 10" },
  },
});
const last = { minutesBeforeClose: 10 };
boundary("the last ten minutes", "MARKET_WINDOW", {
  inside: { ...at("20:50:00.000", last), finds: OPEN },
  outside: {
    ...at("20:50:00.001", last),
    finds: { value: "liquid", headroom: null, says: "closes in 9.999 min; nothing in the last 10" },
  },
});
const window = { window: { from: "10:00", to: "15:30" } };
denies("outside of the window, also where weekends are allowed", "MARKET_WINDOW", {
  ...at("14:59:00.000", { ...window, weekend: true }),
  finds: { value: "09:59", headroom: null, says: "09:59 there; allowed from 10:00 to 15:30" },
});
boundary("the window of the day begins at 10:00 in New York", "MARKET_WINDOW", {
  inside: { ...at("15:00:00.000", window), finds: OPEN },
  outside: { ...at("14:59:59.999", window), finds: { value: "09:59", headroom: null } },
});
boundary("and ends before 15:30", "MARKET_WINDOW", {
  inside: { ...at("20:29:59.999", window), finds: OPEN },
  outside: {
    ...at("20:30:00.000", window),
    finds: { value: "15:30", headroom: null, says: "15:30 there; allowed from 10:00 to 15:30" },
  },
});
const summer = { facts: { at: "2026-07-20T14:00:00.000Z" }, ...{ limits: window, finds: OPEN } };
passes("in summer the same window begins an hour earlier in UTC", summer);

missingDenies("no session", "MARKET_HOURS_UNKNOWN", { facts: { session: missing("none") } });
missingDenies(
  "hours that are malformed or do not cover now",
  "MARKET_HOURS_UNKNOWN",
  session({ state: "unknown", session: "none" }),
);
missingDenies("open by the table of exchanges only", "MARKET_HOURS_UNKNOWN", session({ source: "fallback-table" }));
missingDenies(
  "closed by the table of exchanges only",
  "MARKET_HOURS_UNKNOWN",
  session({ state: "closed", source: "fallback-table" }),
);
missingDenies("nobody says when it opened", "MARKET_HOURS_UNKNOWN", session({ liquidSince: undefined }, first));
missingDenies("nobody says when it closes", "MARKET_HOURS_UNKNOWN", session({ nextLiquidClose: null }, last));
missingDenies("a zone that is none", "MARKET_HOURS_UNKNOWN", session({ timeZoneId: "Mars/Olympus" }, window));

property(
  "whatever the margins, passes exactly between them",
  fc.tuple(fc.nat(120), fc.nat(120), fc.integer({ min: 0, max: 389 })),
  {
    make: ([minutesAfterOpen, minutesBeforeClose, minute]) => ({
      facts: { at: utcText(Date.parse("2026-11-23T14:30:00.000Z") + minute * 60_000) },
      limits: { minutesAfterOpen, minutesBeforeClose },
    }),
    holds: ({ outcome }, [after, before, minute]) =>
      (outcome === "pass") === (minute >= after && 390 - minute >= before),
  },
);

const UNTIL_LATER = { nextLiquidClose: "2026-11-25T21:00:00.000Z", coveredUntil: "2026-11-26T05:00:00.000Z" };
const ZONES = { "Europe/London": 0, "America/New_York": -5, "Asia/Tokyo": 9, "Australia/Sydney": 11 } as const;
property(
  "the window is of the contract's own zone, wherever that is",
  fc.tuple(fc.constantFrom(...(Object.keys(ZONES) as (keyof typeof ZONES)[])), fc.integer({ min: 0, max: 23 })),
  {
    make: ([timeZoneId, hour]) => ({
      facts: {
        at: `2026-11-24T${String(hour).padStart(2, "0")}:15:00.000Z`,
        session: known(
          { ...(FACTS.session as { value: object }).value, timeZoneId, ...UNTIL_LATER } as never,
          "x",
          FACTS.at,
        ),
      },
      limits: { window: { from: "09:00", to: "17:00" } },
    }),
    holds: ({ outcome }, [zone, hour]) => {
      const local = (hour + ZONES[zone] + 24) % 24;
      return (outcome === "pass") === (local >= 9 && local < 17);
    },
  },
);

test("a window that ends when it begins, or before, and minutes that no day has -> no policy", () => {
  const isGood = (change: object) =>
    marketOpen.limits?.safeParse({ ...(POLICY.rules.marketOpen as object), ...change }).success;
  const window = (from: string, to: string) => isGood({ window: { from, to } });
  expect([window("09:30", "09:31"), window("09:30", "09:30"), window("09:31", "09:30")]).toEqual([true, false, false]);
  expect([
    isGood({ minutesAfterOpen: 600 }),
    isGood({ minutesAfterOpen: 601 }),
    isGood({ minutesAfterOpen: -1 }),
  ]).toEqual([...[true, false, false]]);
  expect([isGood({ minutesBeforeClose: 600 }), isGood({ minutesBeforeClose: 601 })]).toEqual([true, false]);
  expect(window("9:30", "16:00")).toBe(false);
});

test("a market that is closed and says nothing of its next opening -> nothing is said of it", () => {
  const facts = { ...FACTS, ...withFact("session", { state: "closed", session: "none", reason: "a holiday" }) };
  const { message } = resultOf(marketOpen, { terms: TERMS, facts, policy: POLICY, limits: POLICY.rules.marketOpen });
  expect(message).toBe("a holiday");
});
