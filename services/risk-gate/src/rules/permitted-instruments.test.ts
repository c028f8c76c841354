import fc from "fast-check";
import { expect, test } from "vitest";
import { missing } from "../facts/fact.ts";
import { POLICY, withFact } from "../test-facts.ts";
import { ruleTests } from "../testing/rule-tests.ts";
import { permittedInstruments } from "./permitted-instruments.ts";

/** AAPL, 265598, a stock in USD listed at NASDAQ. */
const { denies, boundary, missingDenies, property, passes } = ruleTests(permittedInstruments, {
  unit: "conid",
  tightens: {
    ...{ secTypes: [["STK", "OPT"], ["STK"]], currencies: [["USD", "EUR"], ["USD"]], exchanges: [null, ["NASDAQ"]] },
    ...{ conidsOnly: [null, [1]], conidsNever: [[], [1]] },
  },
  finds: { limit: "STK in USD", value: "265598", headroom: null, says: "STK in USD" },
});
const found = (says: string) => ({ value: "265598", headroom: null, says });
const AAPL = 265598;
const CODE = "INSTRUMENT_NOT_PERMITTED" as const;

denies("a security type that is not named", CODE, {
  limits: { secTypes: ["FUT", "OPT"], currencies: ["USD", "CHF"] },
  finds: { limit: "FUT, OPT in USD, CHF", ...found("STK") },
});
denies("a currency that is not named", CODE, {
  limits: { currencies: ["EUR"] },
  finds: { limit: "STK in EUR", ...found("currency USD is not permitted") },
});
denies("a listing exchange that is not named", CODE, {
  limits: { exchanges: ["NYSE"] },
  finds: found("exchange NASDAQ is not permitted"),
});
denies("denied, although it is on the only-list", CODE, {
  limits: { conidsOnly: [AAPL], conidsNever: [AAPL] },
  finds: found("on the denied list"),
});
denies("the same symbol as a listing that is permitted, in another currency", CODE, {
  ...{ terms: { conid: 7 }, facts: withFact("instrument", { conid: 7, currency: "EUR" }) },
  limits: { conidsOnly: [AAPL], currencies: ["USD", "EUR"] },
  finds: { limit: "STK in USD, EUR", value: "7", headroom: null, says: "is not on the permitted list" },
});
passes("its primary exchange is named", {
  limits: { exchanges: ["NASDAQ"] },
  finds: found("STK in USD"),
});
passes("without a primary exchange its own counts", {
  ...{ facts: withFact("instrument", { primaryExchange: "", exchange: "CME" }), limits: { exchanges: ["CME"] } },
  finds: found("STK in USD"),
});
boundary("on the only-list, and its neighbour", CODE, {
  inside: { limits: { conidsOnly: [AAPL] }, finds: found("STK in USD") },
  outside: { limits: { conidsOnly: [AAPL + 1] }, finds: found("not on the permitted list") },
});
boundary("on the denied list, and its neighbour", CODE, {
  inside: { limits: { conidsNever: [AAPL - 1, AAPL + 1] }, finds: found("STK in USD") },
  outside: { limits: { conidsNever: [AAPL] }, finds: found("on the denied list") },
});
missingDenies("no contract", CODE, {
  facts: { instrument: missing("not told") },
  finds: found("instrument unknown: not told"),
});
missingDenies("the contract of another instrument", CODE, {
  facts: withFact("instrument", { conid: 1 }),
  finds: found("another instrument"),
});
missingDenies("no exchange at all where exchanges are named", CODE, {
  ...{ facts: withFact("instrument", { primaryExchange: "", exchange: "" }), limits: { exchanges: ["NASDAQ"] } },
  finds: found("exchange unknown is not permitted"),
});
const ids = fc.uniqueArray(fc.integer({ min: 265_590, max: 265_605 }), { maxLength: 12 });
property("the denied list wins over the only-list", fc.tuple(ids, ids), {
  make: ([conidsOnly, conidsNever]) => ({ limits: { conidsOnly, conidsNever } }),
  holds: ({ outcome }, [only, never]) => (outcome === "pass") === (only.includes(AAPL) && !never.includes(AAPL)),
});

test("lists of what is permitted name something, in capitals; the list of what is denied may be empty", () => {
  const isGood = (change: object) =>
    permittedInstruments.limits?.safeParse({ ...(POLICY.rules.permittedInstruments as object), ...change }).success;
  const all = (name: string, ...ones: readonly unknown[][]) => ones.map((list) => isGood({ [name]: list }));
  expect(all("secTypes", ["STK", "OPT"], ["AB"], ["ABCDEFGHIJ"])).not.toContain(false);
  expect(all("secTypes", [], ["A"], ["ABCDEFGHIJK"], ["stk"], [" STK"], ["STK "])).not.toContain(true);
  expect(all("exchanges", ["NASDAQ", "ARCA"], ["IBKR.ATS"], ["2"], ["X".repeat(20)])).not.toContain(false);
  expect(all("exchanges", [], [""], ["X".repeat(21)], ["nyse"], [" NYSE"], ["NYSE "], ["N*"])).not.toContain(true);
  expect(all("currencies", ["USD", "EUR"], [])).toEqual([true, false]);
  expect(all("conidsNever", [], [1], [0], [1.5], Array(10_000).fill(1), Array(10_001).fill(1))).toEqual([
    ...[true, true, false, false, true, false],
  ]);
});
