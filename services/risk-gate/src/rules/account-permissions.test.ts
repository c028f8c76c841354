import fc from "fast-check";
import { missing } from "../facts/fact.ts";
import { withFact } from "../test-facts.ts";
import { holding, withBook, working } from "../testing/book-facts.ts";
import { COMBO, heldLegs, SPREAD } from "../testing/combo-facts.ts";
import { ruleTests } from "../testing/rule-tests.ts";
import { accountPermissions } from "./account-permissions.ts";

const at = (account: string, ...secTypes: string[]) => secTypes.map((secType) => ({ account, secType }));
const OWN = "DU1234567";
const stocks = at(OWN, "STK");
const limits = { trades: stocks, shorts: [] as typeof stocks };

const { passes, denies, boundary, missingDenies, property } = ruleTests(accountPermissions, {
  ...{ limits, unit: "type", mayBeOff: false },
  tightens: { trades: [at(OWN, "STK", "OPT"), stocks], shorts: [stocks, []] },
  finds: { limit: "1 types, 0 short", value: "STK", headroom: null, says: "the account may trade STK" },
});
const found = { value: "STK", headroom: null };
const short = { ...found, says: "may not sell STK that it does not hold" };
const sell = (quantity: string, held: string, selling = "0") => ({
  terms: { side: "SELL", quantity },
  facts: withBook(
    [holding({ quantity: held })],
    selling === "0" ? [] : [working({ side: "SELL", remaining: selling })],
  ),
});

denies("a type that the account may not trade", "ACCOUNT_PERMISSION", {
  limits: { trades: at(OWN, "OPT"), shorts: stocks },
  finds: { limit: "1 types, 1 short", ...found, says: "the account may not trade STK" },
});
denies("what another account may trade", "ACCOUNT_PERMISSION", {
  limits: { trades: at("DU7654321", "STK") },
  finds: { ...found, says: "the account may not trade STK" },
});
denies("a short sale that another account may do", "ACCOUNT_PERMISSION", {
  ...sell("1", "0"),
  limits: { shorts: at("DU7654321", "STK") },
  finds: { limit: "1 types, 1 short", ...short },
});
boundary("what is held and not yet being sold, and one more", "ACCOUNT_PERMISSION", {
  inside: { ...sell("6", "10", "4"), finds: found },
  outside: { ...sell("7", "10", "4"), finds: short },
});
passes("a short sale where the account may", {
  ...{ ...sell("7", "0"), limits: { shorts: stocks } },
  finds: { limit: "1 types, 1 short", ...found, says: "also short" },
});
passes("a purchase while short", { facts: withBook([holding({ quantity: "-5" })]), finds: found });
const options = { trades: at(OWN, "OPT"), shorts: [] };
denies("a combination of which one leg is written", "ACCOUNT_PERMISSION", {
  ...{ terms: SPREAD, facts: COMBO, limits: options },
  finds: { value: "OPT", headroom: null, says: "leg 2 (C2000000072 2000000072): the account may not sell OPT" },
});
passes("the same where the leg that is sold is held", {
  ...{ terms: SPREAD, facts: { ...COMBO, ...heldLegs("0", "2") }, limits: options },
  finds: { value: "OPT, OPT", headroom: null },
});
missingDenies("no instrument", "EXPOSURE_UNKNOWN", { facts: { instrument: missing("gone") } });
missingDenies("no book, and a sale", "EXPOSURE_UNKNOWN", { ...sell("1", "1"), facts: { book: missing("gone") } });
missingDenies("no working orders, and a sale", "EXPOSURE_UNKNOWN", {
  ...sell("1", "1"),
  facts: { working: missing("gone") },
});

property(
  "denied exactly when the type is not listed, or what is sold is not there",
  fc.tuple(fc.nat(20), fc.nat(20), fc.boolean()),
  {
    make: ([held, selling, isStock]) => ({
      terms: { side: "SELL", quantity: "5" },
      facts: {
        ...withBook([holding({ quantity: String(held) })], [working({ side: "SELL", remaining: String(selling) })]),
        instrument: withFact("instrument", { secType: isStock ? "STK" : "WAR" }).instrument,
      },
    }),
    holds: ({ outcome }, [held, selling, isStock]) => (outcome === "deny") === (!isStock || held - selling - 5 < 0),
  },
);
