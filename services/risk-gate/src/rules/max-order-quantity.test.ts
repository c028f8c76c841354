import fc from "fast-check";
import { ruleTests } from "../testing/rule-tests.ts";
import { maxOrderQuantity } from "./max-order-quantity.ts";

const { denies, boundary, property } = ruleTests(maxOrderQuantity);
const order = (quantity: string) => ({ terms: { quantity } });

denies("more than the limit", "MAX_ORDER_QUANTITY", order("58000000"));
boundary("100 units and the smallest fraction more", "MAX_ORDER_QUANTITY", {
  inside: order("100"),
  outside: order("100.00000001"),
});
property("denied exactly above the limit, with the difference as headroom", fc.tuple(fc.nat(300), fc.nat(300)), {
  make: ([quantity, max]) => ({ ...order(String(quantity + 1)), limits: { max: String(max + 1) } }),
  holds: ({ outcome, headroom }, [quantity, max]) =>
    (outcome === "deny") === quantity > max && headroom === String(max - quantity),
});
