import fc from "fast-check";
import { missing } from "../facts/fact.ts";
import { ruleTests } from "../testing/rule-tests.ts";
import { siblingsWith } from "../testing/test-counts.ts";
import { activeOrders } from "./active-orders.ts";

const { denies, boundary, missingDenies, property } = ruleTests(activeOrders);
const active = (sameSide: number) => ({ facts: { siblings: siblingsWith({ sameSide }) } });

denies("far more than may be", "ACTIVE_ORDERS", active(20));
boundary("the fifth order on a side and the sixth", "ACTIVE_ORDERS", { inside: active(4), outside: active(5) });
missingDenies("other orders are not known", "COUNTERS_UNKNOWN", { facts: { siblings: missing("not loaded") } });
missingDenies("orders of another instrument", "COUNTERS_UNKNOWN", { facts: { siblings: siblingsWith({ conid: 1 }) } });
property("denied exactly above the limit", fc.tuple(fc.nat(20), fc.integer({ min: 1, max: 20 })), {
  make: ([sameSide, max]) => ({ ...active(sameSide), limits: { max } }),
  holds: ({ outcome, headroom }, [sameSide, max]) =>
    (outcome === "deny") === sameSide + 1 > max && headroom === String(max - sameSide - 1),
});
