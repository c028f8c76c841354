import fc from "fast-check";
import { COMBO, SPREAD } from "../testing/combo-facts.ts";
import { ruleTests } from "../testing/rule-tests.ts";
import { maxOrderQuantity } from "./max-order-quantity.ts";

const { denies, boundary, property } = ruleTests(maxOrderQuantity, {
  ...{ unit: "units", tightens: { max: ["100", "99.9"] } },
  finds: { limit: "100", value: "10", headroom: "90" },
});
const order = (quantity: string) => ({ terms: { quantity } });

denies("more than the limit", "MAX_ORDER_QUANTITY", {
  ...order("58000000"),
  finds: { value: "58000000", headroom: "-57999900", says: "reduce the quantity to at most that" },
});
denies("the legs of a combination together: 34 times one and two", "MAX_ORDER_QUANTITY", {
  terms: { ...SPREAD, quantity: "34", legs: SPREAD.legs.map((leg, at) => ({ ...leg, ratio: at + 1 })) },
  facts: COMBO,
  finds: { value: "102", headroom: "-2" },
});
boundary("100 units and the smallest fraction more", "MAX_ORDER_QUANTITY", {
  inside: { ...order("100"), finds: { value: "100", headroom: "0" } },
  outside: { ...order("100.00000001"), finds: { value: "100.00000001", headroom: "-0.00000001" } },
});
property("denied exactly above the limit, with the difference as headroom", fc.tuple(fc.nat(300), fc.nat(300)), {
  make: ([quantity, max]) => ({ ...order(String(quantity + 1)), limits: { max: String(max + 1) } }),
  holds: ({ outcome, headroom }, [quantity, max]) =>
    (outcome === "deny") === quantity > max && headroom === String(max - quantity),
});
