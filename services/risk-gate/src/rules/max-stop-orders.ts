import { pricesOf } from "@countersign/contracts/order-check";
import * as z from "zod";
import { deny, pass } from "./finding.ts";
import { defineRule } from "./rule.ts";

/** Stops fire together when a market falls, and what fires together must stay few enough to be followed. */
export const maxStopOrders = defineRule({
  name: "maxStopOrders",
  source: "I2 maximum of stop-loss orders",
  description: "Stops, trails and stop losses of brackets that are open for the account",
  formula: "open stops of the account + those of this order <= max",
  inputs: ["openStops"],
  unit: "stops",
  limits: z.strictObject({ max: z.int().min(0).max(100_000) }),
  stricter: { max: "lower" },
  codes: ["COUNTERS_UNKNOWN", "MAX_STOP_ORDERS"],
  limit: ({ max }) => String(max),
  judge: ({ terms, facts: { openStops }, limits: { max } }) => {
    const { stopPrice, trail } = pricesOf(terms);
    const own = Number(stopPrice !== undefined || trail !== undefined) + Number(terms.exits !== undefined);
    if (openStops.state === "missing") return deny("COUNTERS_UNKNOWN", null, `open stops: ${openStops.reason}`);
    if (!Number.isSafeInteger(openStops.value) || openStops.value < 0)
      return deny("COUNTERS_UNKNOWN", null, `open stops: ${openStops.value}`);
    const count = openStops.value + own;
    const headroom = String(max - count);
    if (own === 0) return pass(String(count), "no stop", headroom);
    if (count <= max) return pass(String(count), "with those of this order", headroom);
    return deny("MAX_STOP_ORDERS", String(count), `it would be stop number ${count}; at most ${max}`, headroom);
  },
});
