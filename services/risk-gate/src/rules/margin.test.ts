import fc from "fast-check";
import { missing } from "../facts/fact.ts";
import { FACTS, withFact } from "../test-facts.ts";
import { holding, withBook } from "../testing/book-facts.ts";
import { ruleTests } from "../testing/rule-tests.ts";
import { countersWith } from "../testing/test-counts.ts";
import { margin } from "./margin.ts";

const usd = (amount: string) => ({ amount, currency: "USD" });
/** 99999 of equity less 575 of maintenance margin. At least 1000 and a quarter of the equity must be left. */
const { passes, denies, boundary, missingDenies, property } = ruleTests(margin, {
  unit: "base currency",
  tightens: {
    excessLiquidityMin: [usd("1000"), usd("1001")],
    excessLiquidityPercentMin: ["25", "25.1"],
    initialMarginPercentMax: ["80", "79"],
    ageMsMax: [30_000, 29_999],
  },
  finds: { limit: "1000", value: "99424", headroom: "98424", says: "in USD" },
});
const whatIf = (changes: object) => ({ facts: withFact("whatIf", changes) });
const asOf = (time: string) => ({
  facts: { ...FACTS, whatIf: { ...FACTS.whatIf, asOf: `2026-11-23T${time}Z` } as typeof FACTS.whatIf },
});
/** What the tests start from. */
const UNCHANGED = { value: "99424", headroom: "98424" };
const stale = (says: string) => ({ value: null, headroom: null, says });

boundary("exactly the excess liquidity that must be left, and a cent less", "MARGIN_INSUFFICIENT", {
  inside: {
    ...{ ...whatIf({ equityWithLoanAfter: "1575" }), limits: { excessLiquidityPercentMin: "0" } },
    finds: { value: "1000", headroom: "0" },
  },
  outside: {
    ...{ ...whatIf({ equityWithLoanAfter: "1574.99" }), limits: { excessLiquidityPercentMin: "0" } },
    finds: { value: "999.99", headroom: "-0.01", says: "999.99 USD would be left; at least 1000" },
  },
});
boundary("a quarter of the equity left, and a cent less", "MARGIN_INSUFFICIENT", {
  inside: {
    ...whatIf({ equityWithLoanAfter: "100000", maintenanceMarginAfter: "75000" }),
    finds: { value: "25000", headroom: "24000" },
  },
  outside: {
    ...whatIf({ equityWithLoanAfter: "100000", maintenanceMarginAfter: "75000.01" }),
    finds: { value: "24999.99", headroom: null, says: "24.9999 % of the equity would be left; at least 25 %" },
  },
});
boundary("four fifths of the equity as initial margin, and a cent more", "MARGIN_INSUFFICIENT", {
  inside: {
    ...whatIf({ equityWithLoanAfter: "100000", initialMarginAfter: "80000" }),
    finds: { value: "99425", headroom: "98425" },
  },
  outside: {
    ...whatIf({ equityWithLoanAfter: "100000", initialMarginAfter: "80000.01" }),
    finds: { value: "99425", headroom: null, says: "initial margin would be 80.0001 % of the equity; at most 80 %" },
  },
});
boundary("half a minute old, and a millisecond more", "WHAT_IF_STALE", {
  inside: { ...asOf("14:59:30.000"), finds: UNCHANGED },
  outside: { ...asOf("14:59:29.999"), finds: stale("30001 ms old; at most 30000") },
});
boundary("a second from the future, which clocks may differ by, and a millisecond more", "WHAT_IF_STALE", {
  inside: { ...asOf("15:00:01.000"), finds: UNCHANGED },
  outside: { ...asOf("15:00:01.001"), finds: stale("-1001 ms old; at most 30000") },
});
denies("no equity left", "MARGIN_INSUFFICIENT", {
  ...whatIf({ equityWithLoanAfter: "0" }),
  finds: { value: "-575", headroom: "-1575", says: "the equity would be 0" },
});
denies("less than no equity", "MARGIN_INSUFFICIENT", {
  ...whatIf({ equityWithLoanAfter: "-5" }),
  finds: { value: "-580", headroom: "-1580", says: "the equity would be -5" },
});
denies("no equity left, where nothing must be left and nothing is needed", "MARGIN_INSUFFICIENT", {
  ...whatIf({ equityWithLoanAfter: "0", initialMarginAfter: "0", maintenanceMarginAfter: "0" }),
  limits: { excessLiquidityMin: usd("0"), excessLiquidityPercentMin: "0" },
  finds: { limit: "0", value: "0", headroom: null, says: "the equity would be 0" },
});
denies("initial margin freed and maintenance margin not", "MARGIN_INSUFFICIENT", {
  ...whatIf({ equityWithLoanAfter: "100", initialMarginChange: "-5", maintenanceMarginChange: "1" }),
  finds: { value: "-475", headroom: "-1475", says: "-475 USD would be left; at least 1000" },
});
passes("an order that frees margin where there is too little", {
  ...whatIf({ equityWithLoanAfter: "100", initialMarginChange: "-690", maintenanceMarginChange: "-575" }),
  finds: { value: "-475", headroom: null, says: "-475 USD would be left; at least 1000; the order frees margin" },
});
/** Too little is left; so many are held, and an order of ten frees margin. */
const freeing = (side: "BUY" | "SELL", held: string) => ({
  terms: { side },
  facts: {
    ...whatIf({ equityWithLoanAfter: "100", initialMarginChange: "-690", maintenanceMarginChange: "-575" }).facts,
    ...withBook([holding({ quantity: held })]),
  },
});
boundary("an order that frees margin ends a position, and turns it by one", "MARGIN_INSUFFICIENT", {
  inside: { ...freeing("SELL", "10"), finds: { value: "-475", headroom: null, says: "the order frees margin" } },
  outside: { ...freeing("SELL", "9"), finds: { value: "-475", headroom: "-1475" } },
});
denies("an order that frees margin and turns a short position", "MARGIN_INSUFFICIENT", {
  ...{ ...freeing("BUY", "-9"), finds: { value: "-475", headroom: "-1475" } },
});
passes("a short position that is bought back frees margin", {
  ...{ ...freeing("BUY", "-10"), finds: { value: "-475", headroom: null, says: "the order frees margin" } },
});
missingDenies("an order that frees margin, and nobody knows what it may turn", "MARGIN_INSUFFICIENT", {
  facts: { ...freeing("SELL", "10").facts, book: missing("no answer") },
  finds: { value: "-475", headroom: "-1475" },
});
/** Too little is left; so many are held, and ten of them are sold. */
const sold = (held: string, initialMarginChange = "0", maintenanceMarginChange = "0") => ({
  terms: { side: "SELL" },
  facts: {
    ...withFact("whatIf", { equityWithLoanAfter: "100", initialMarginChange, maintenanceMarginChange }),
    ...withBook([holding({ quantity: held })]),
  },
});
const lacking = { value: "-475", headroom: "-1475", says: "-475 USD would be left; at least 1000" };
boundary("what was bought for cash is sold and no margin changes, and one more than is held", "MARGIN_INSUFFICIENT", {
  inside: { ...sold("10"), finds: { value: "-475", headroom: null, says: "takes none and only reduces" } },
  outside: { ...sold("9"), finds: lacking },
});
denies("a reduction that takes initial margin, as one leg of a spread does", "MARGIN_INSUFFICIENT", {
  ...sold("10", "0.01"),
  finds: lacking,
});
denies("a reduction that takes maintenance margin", "MARGIN_INSUFFICIENT", {
  ...sold("10", "0", "0.01"),
  finds: lacking,
});
denies("a purchase that takes no margin and adds to what is held", "MARGIN_INSUFFICIENT", {
  facts: sold("10").facts,
  finds: lacking,
});
missingDenies("there is too little, no margin changes, and nobody knows what is held", "MARGIN_INSUFFICIENT", {
  ...sold("10"),
  facts: { ...sold("10").facts, book: missing("none") },
  finds: lacking,
});
const reserved = (initial: string, maintenance = "0") => ({
  facts: {
    ...withFact("whatIf", {
      equityWithLoanAfter: "100000",
      initialMarginAfter: "70000",
      maintenanceMarginAfter: "70000",
    }),
    counters: countersWith({ reservedMargin: { orders: 1, initial, maintenance } }),
  },
});
boundary("what another order took of the initial margin since the what-if", "MARGIN_INSUFFICIENT", {
  inside: { ...reserved("10000"), finds: { value: "30000", headroom: "29000" } },
  outside: {
    ...reserved("10000.01"),
    finds: { value: "30000", headroom: null, says: "initial margin would be 80.0001 % of the equity" },
  },
});
boundary("what another order took of the maintenance margin since the what-if", "MARGIN_INSUFFICIENT", {
  inside: { ...reserved("0", "5000"), finds: { value: "25000", headroom: "24000" } },
  outside: {
    ...reserved("0", "5000.01"),
    finds: { value: "24999.99", headroom: null, says: "24.9999 % of the equity would be left" },
  },
});
missingDenies("what other orders reserve is not known", "COUNTERS_UNKNOWN", {
  facts: { counters: missing("not loaded") },
});
missingDenies("no what-if", "WHAT_IF_MISSING", { facts: { whatIf: missing("none") } });
missingDenies("a what-if in another currency", "WHAT_IF_MISSING", whatIf({ currency: "EUR" }));

const amount = fc.integer({ min: 1, max: 20_000 });
property("denied exactly when one of the three is not met", fc.tuple(amount, amount, amount), {
  make: ([equity, maintenance, initial]) =>
    whatIf({
      equityWithLoanAfter: String(equity),
      maintenanceMarginAfter: String(maintenance),
      initialMarginAfter: String(initial),
    }),
  holds: ({ outcome }, [equity, maintenance, initial]) => {
    const excess = equity - maintenance;
    return (outcome === "pass") === (excess >= 1_000 && excess * 4 >= equity && initial * 5 <= equity * 4);
  },
});
