import fc from "fast-check";
import { missing } from "../facts/fact.ts";
import { withFact } from "../test-facts.ts";
import { ruleTests } from "../testing/rule-tests.ts";
import { permittedInstruments } from "./permitted-instruments.ts";

/** AAPL, 265598, a stock in USD listed at NASDAQ. */
const { denies, boundary, missingDenies, property, passes } = ruleTests(permittedInstruments);
const AAPL = 265598;
const CODE = "INSTRUMENT_NOT_PERMITTED" as const;

denies("a security type that is not named", CODE, { limits: { secTypes: ["FUT"] } });
denies("a currency that is not named", CODE, { limits: { currencies: ["EUR"] } });
denies("a listing exchange that is not named", CODE, { limits: { exchanges: ["NYSE"] } });
denies("denied, although it is on the only-list", CODE, { limits: { conidsOnly: [AAPL], conidsNever: [AAPL] } });
denies("the same symbol as a listing that is permitted, in another currency", CODE, {
  ...{ terms: { conid: 7 }, facts: withFact("instrument", { conid: 7, currency: "EUR" }) },
  limits: { conidsOnly: [AAPL], currencies: ["USD", "EUR"] },
});
passes("its primary exchange is named", { limits: { exchanges: ["NASDAQ"] } });
passes("without a primary exchange its own counts", {
  ...{ facts: withFact("instrument", { primaryExchange: "", exchange: "CME" }), limits: { exchanges: ["CME"] } },
});
boundary("on the only-list, and its neighbour", CODE, {
  inside: { limits: { conidsOnly: [AAPL] } },
  outside: { limits: { conidsOnly: [AAPL + 1] } },
});
boundary("on the denied list, and its neighbour", CODE, {
  inside: { limits: { conidsNever: [AAPL - 1, AAPL + 1] } },
  outside: { limits: { conidsNever: [AAPL] } },
});
missingDenies("no contract", CODE, { facts: { instrument: missing("none") } });
missingDenies("the contract of another instrument", CODE, { facts: withFact("instrument", { conid: 1 }) });
missingDenies("no exchange at all where exchanges are named", CODE, {
  ...{ facts: withFact("instrument", { primaryExchange: "", exchange: "" }), limits: { exchanges: ["NASDAQ"] } },
});
const ids = fc.uniqueArray(fc.integer({ min: 265_590, max: 265_605 }), { maxLength: 12 });
property("the denied list wins over the only-list", fc.tuple(ids, ids), {
  make: ([conidsOnly, conidsNever]) => ({ limits: { conidsOnly, conidsNever } }),
  holds: ({ outcome }, [only, never]) => (outcome === "pass") === (only.includes(AAPL) && !never.includes(AAPL)),
});
