import fc from "fast-check";
import { type Facts, known, missing } from "../facts/fact.ts";
import { AT } from "../test-facts.ts";
import { ruleTests } from "../testing/rule-tests.ts";
import { killSwitch } from "./kill-switch.ts";

const { denies, boundary, missingDenies, property, passes } = ruleTests(killSwitch, {
  ...{ unit: "level", tightens: null },
  finds: { limit: "ACTIVE", value: "ACTIVE", headroom: null, says: "active" },
});
const working = (side: string, quantity: string) => ({ conid: 265598, side, quantity, filledQuantity: "0" });
const at = (level: string, position: string, orders: object[] = []): Partial<Facts> => ({
  kill: known({ level: level as "HALTED", reason: "drill" }, "control", AT),
  positions: known([{ conid: 265598, quantity: position }] as never, "tws", AT),
  openOrders: known(orders as never, "broker", AT),
});
const sell = (facts: Partial<Facts>, quantity = "10") => ({ terms: { side: "SELL", quantity }, facts });
const REDUCE = "KILL_SWITCH_REDUCE_ONLY" as const;
const found = (value: string, says: string) => ({ value, headroom: null, says });
const ONLY = found("REDUCE_ONLY", "only orders that reduce a position: drill");
const REDUCES = found("REDUCE_ONLY", "the order reduces the position");

denies("HALTED, also what reduces", "KILL_SWITCH_HALTED", {
  ...sell(at("HALTED", "10")),
  finds: found("HALTED", "drill"),
});
denies("REDUCE_ONLY: a purchase while long", REDUCE, { facts: at("REDUCE_ONLY", "10"), finds: ONLY });
denies("REDUCE_ONLY: a sale while flat", REDUCE, { ...sell(at("REDUCE_ONLY", "0")), finds: ONLY });
denies("REDUCE_ONLY: short 10, and a purchase of 1000", REDUCE, {
  terms: { quantity: "1000" },
  facts: at("REDUCE_ONLY", "-10"),
  finds: ONLY,
});
passes("ACTIVE lets everything through", { facts: at("ACTIVE", "10"), finds: found("ACTIVE", "active") });
boundary("REDUCE_ONLY: all of the position, and one more", REDUCE, {
  inside: { ...sell(at("REDUCE_ONLY", "10")), finds: REDUCES },
  outside: { ...sell(at("REDUCE_ONLY", "10"), "11"), finds: ONLY },
});
boundary("REDUCE_ONLY: what works already counts as filled", REDUCE, {
  inside: { ...sell(at("REDUCE_ONLY", "15", [working("SELL", "5")])), finds: REDUCES },
  outside: { ...sell(at("REDUCE_ONLY", "14", [working("SELL", "5")])), finds: ONLY },
});
missingDenies("the level is not known", "KILL_SWITCH_HALTED", {
  facts: { kill: missing("not confirmed") },
  finds: { value: null, headroom: null, says: "not confirmed" },
});
for (const name of ["positions", "openOrders", "ownOrders"] as const)
  missingDenies(`REDUCE_ONLY without ${name}`, REDUCE, {
    ...sell({ ...at("REDUCE_ONLY", "10"), [name]: missing("none") }),
    finds: found("REDUCE_ONLY", "position or working orders are not known"),
  });
property(
  "REDUCE_ONLY: what passes leaves the position smaller and on its side, whatever else fills",
  fc.tuple(fc.boolean(), fc.integer({ min: -30, max: 30 }), fc.nat(20), fc.integer({ min: 1, max: 40 })),
  {
    make: ([buys, position, open, quantity]) => ({
      terms: { side: buys ? "BUY" : "SELL", quantity: String(quantity) },
      facts: at("REDUCE_ONLY", String(position), open === 0 ? [] : [working(buys ? "BUY" : "SELL", String(open))]),
    }),
    holds: ({ outcome }, [buys, position, open, quantity]) =>
      (outcome === "pass") === (buys ? -position : position) >= open + quantity,
  },
);
