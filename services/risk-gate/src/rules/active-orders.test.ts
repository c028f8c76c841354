import fc from "fast-check";
import { known, missing } from "../facts/fact.ts";
import { AT } from "../test-facts.ts";
import { COMBO, LONG, SHORT, SPREAD } from "../testing/combo-facts.ts";
import { ruleTests } from "../testing/rule-tests.ts";
import { siblingsWith } from "../testing/test-counts.ts";
import { activeOrders } from "./active-orders.ts";

/** At most five. */
const { passes, denies, boundary, missingDenies, property } = ruleTests(activeOrders, {
  ...{ unit: "orders", tightens: { max: [5, 4] } },
  finds: { limit: "5", value: "1", headroom: "4", says: "instrument 265598: 1 of 5 orders on this side" },
});
const active = (sameSide: number) => ({ facts: { siblings: siblingsWith({ sameSide }) } });
/** A spread, with so many active orders in each leg. */
const inLegs = (long: number, short: number) => {
  const parts = [siblingsWith({ conid: LONG, sameSide: long }), siblingsWith({ conid: SHORT, sameSide: short })];
  const both = parts.flatMap((one) => (one.state === "known" ? one.value.parts : []));
  return { terms: SPREAD, facts: { ...COMBO, siblings: known({ twins: [], parts: both }, "orders", AT) } };
};

denies("far more than may be", "ACTIVE_ORDERS", {
  ...{ ...active(20), finds: { value: "21", headroom: "-16", says: "instrument 265598: 21 of 5" } },
});
boundary("the fifth order on a side and the sixth", "ACTIVE_ORDERS", {
  inside: { ...active(4), finds: { value: "5", headroom: "0" } },
  outside: { ...active(5), finds: { value: "6", headroom: "-1" } },
});
boundary("of a combination every leg counts by itself", "ACTIVE_ORDERS", {
  inside: { ...inLegs(1, 4), finds: { value: "5", headroom: "0", says: String(SHORT) } },
  outside: { ...inLegs(1, 5), finds: { value: "6", headroom: "-1", says: String(SHORT) } },
});
passes("another limit", { ...active(5), limits: { max: 7 }, finds: { limit: "7", value: "6", headroom: "1" } });
missingDenies("other orders are not known", "COUNTERS_UNKNOWN", { facts: { siblings: missing("not loaded") } });
missingDenies("orders of another instrument", "COUNTERS_UNKNOWN", { facts: { siblings: siblingsWith({ conid: 1 }) } });
property("denied exactly above the limit", fc.tuple(fc.nat(20), fc.integer({ min: 1, max: 20 })), {
  make: ([sameSide, max]) => ({ ...active(sameSide), limits: { max } }),
  holds: ({ outcome, headroom }, [sameSide, max]) =>
    (outcome === "deny") === sameSide + 1 > max && headroom === String(max - sameSide - 1),
});
