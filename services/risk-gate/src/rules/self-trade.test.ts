import fc from "fast-check";
import { expect, test } from "vitest";
import { missing } from "../facts/fact.ts";
import { LONG, SHORT } from "../testing/combo-facts.ts";
import {
  atMarket,
  bid,
  bracket,
  exits,
  filled,
  offer,
  sell,
  sellBracket,
  spread,
  stop,
  stopSale,
  waiting,
} from "../testing/resting-cases.ts";
import { ruleTests } from "../testing/rule-tests.ts";
import { siblingsWith } from "../testing/test-counts.ts";
import { selfTrade } from "./self-trade.ts";

const { result, denies, passes, boundary, missingDenies, property } = ruleTests(selfTrade, {
  ...{ unit: "orders", tightens: { untriggered: [false, true], coolDownSeconds: [60, 61] } },
  finds: { limit: "0, and 60 s", value: "0", headroom: null, says: "nothing of ours to trade with" },
});
const found = (value: string | null, says: string) => ({ finds: { value, headroom: null, says } });
const NOTHING = found("0", "nothing of ours to trade with");
/** What waits, of ours or in the order, could come to what rests. */
const comes = (value: string, trigger: string, limit = "none") => found(value, `(trigger ${trigger}, limit ${limit})`);
const market = { terms: { orderType: "MKT", limitPrice: null } };

denies("our own offer below its limit", "SELF_TRADE", {
  ...offer("10"),
  ...found("1", "1 of ours on the other side of instrument 265598: 230 reaches 10"),
});
denies("an order of ours at any price", "SELF_TRADE", { ...offer(null, 1), ...found("2", "at any price") });
denies("an order for the open, wherever our offer is", "SELF_TRADE", {
  ...{ terms: { orderType: "MOO", limitPrice: undefined, timeInForce: "OPG" }, ...offer("500") },
  ...found("1", "it could reach any of them"),
});
denies("a market order with our offer at the ask", "SELF_TRADE", {
  ...{ ...market, ...offer("230.02") },
  ...found("1", "230.02 reaches 230.02"),
});
denies("an order for the close, wherever our offer is", "SELF_TRADE", {
  terms: { orderType: "MOC", limitPrice: undefined },
  ...offer("500"),
  ...found("1", "it could reach any of them"),
});
boundary("a sale a cent above our own bid, and at it", "SELF_TRADE", {
  inside: { terms: { side: "SELL" }, ...offer("229.99"), ...NOTHING },
  outside: { terms: { side: "SELL" }, ...offer("230"), ...found("1", "230 reaches 230") },
});
passes("a market order with our offer behind the ask", { ...market, ...offer("230.03"), ...NOTHING });
denies("a market sale that has exits, with our bid where it sells", "SELF_TRADE", {
  ...{ ...atMarket("SELL", "210", "240"), facts: offer("229.98").facts },
  ...found("1", "229.98 reaches 229.98"),
});
passes("a market purchase that has exits, with our offer between the ask and its take-profit", {
  ...{ ...atMarket("BUY", "250", "220"), facts: offer("230.03").facts },
  ...NOTHING,
});
boundary("our offer a cent above the limit, and at it", "SELF_TRADE", {
  inside: { ...offer("230.01"), ...NOTHING },
  outside: { ...offer("230"), ...found("1", "230 reaches 230") },
});
boundary("the cool-down to the millisecond", "FLIP_COOL_DOWN", {
  inside: { ...filled(60_000), ...NOTHING },
  outside: { ...filled(59_999), ...found("59", "instrument 265598 was traded the other way 59 s ago; wait 60 s") },
});
passes("no cool-down where the policy wants none", {
  ...{ ...filled(0), limits: { coolDownSeconds: 0 } },
  finds: { limit: "0, and 0 s", value: "0", headroom: null },
});
missingDenies("other orders are not known", "COUNTERS_UNKNOWN", { facts: { siblings: missing("not loaded") } });
missingDenies("a market order without a quote, and an offer of ours", "SELF_TRADE", {
  ...market,
  facts: { ...offer("500").facts, quote: missing("none") },
  ...found("1", "it could reach any of them"),
});
property("a buy is denied exactly when it reaches our lowest offer", fc.integer({ min: 22_000, max: 24_000 }), {
  make: (cents) => offer((cents / 100).toFixed(2)),
  holds: ({ outcome }, cents) => (outcome === "deny") === cents <= 23_000,
});

denies("a bid above which a stop of ours sells", "SELF_TRADE", {
  ...waiting("231"),
  ...comes("1", "231"),
});
denies("a bid, and a trail of ours that follows the market", "SELF_TRADE", {
  ...waiting(null),
  ...comes("1", "anywhere"),
});
denies("an offer below which a stop of ours buys", "SELF_TRADE", {
  ...{ ...sell({ limitPrice: "240" }), ...waiting("239") },
  ...comes("1", "239"),
});
denies("a pegged bid that any stop of ours may meet", "SELF_TRADE", {
  terms: { orderType: "REL", offset: "0.01", limitPrice: "230" },
  ...waiting("200"),
  ...comes("1", "200"),
});
denies("an order for the close, wherever a stop of ours is", "SELF_TRADE", {
  terms: { orderType: "MOC", limitPrice: undefined },
  ...waiting("200"),
  ...comes("1", "200"),
});
denies("a stop that buys, with an offer of ours above it", "SELF_TRADE", {
  ...{ ...stop("240"), ...offer("240.5") },
  ...comes("1", "240"),
});
denies("a stop that sells, with a bid of ours below it", "SELF_TRADE", {
  ...{ ...stopSale, ...offer("210") },
  ...comes("1", "220"),
});
denies("a stop, with an order of ours at any price", "SELF_TRADE", {
  ...{ ...stop("240"), ...offer(null, 1) },
  ...comes("2", "240"),
});
denies("a trail, wherever our offer is", "SELF_TRADE", {
  terms: { orderType: "TRAIL", trail: { by: "amount", amount: "1" }, limitPrice: undefined },
  ...offer("500"),
  ...comes("1", "anywhere"),
});
passes("a bid, and a stop of ours below it: it was filled before the stop fires", {
  ...waiting("229.99"),
  ...NOTHING,
});
passes("a bid below the limit of a stop of ours", { ...waiting("240", "231"), ...NOTHING });
passes("an offer above a stop of ours that buys up to less", {
  ...sell({ limitPrice: "240" }),
  ...waiting("235", "239"),
  ...NOTHING,
});
passes("a market order, which does not rest", { ...market, ...waiting("240"), ...NOTHING });
passes("an order that is filled at once or not at all", {
  terms: { timeInForce: "IOC" },
  ...waiting("240"),
  ...NOTHING,
});
passes("a stop with our offer below it: it was filled before", { ...stop("240"), ...offer("239.99"), ...NOTHING });
passes("a stop limit that buys up to less than our offer", {
  terms: { orderType: "STP LMT", stopPrice: "240", limitPrice: "241" },
  ...offer("241.01"),
  ...NOTHING,
});
passes("what waits, where the policy does not look at it", {
  ...{ ...waiting("231"), limits: { untriggered: false } },
  ...NOTHING,
});
passes("a stop, where the policy does not look at it", {
  ...stop("240"),
  ...offer("250"),
  limits: { untriggered: false },
  ...NOTHING,
});
boundary("a stop of ours a cent below the bid, and at it", "SELF_TRADE", {
  inside: { ...waiting("229.99"), ...NOTHING },
  outside: { ...waiting("230"), ...comes("1", "230") },
});
boundary("the limit of a stop of ours a cent above the bid, and at it", "SELF_TRADE", {
  inside: { ...waiting("240", "230.01"), ...NOTHING },
  outside: { ...waiting("240", "230"), ...comes("1", "240", "230") },
});
boundary("a stop that buys a cent above our offer, and at it", "SELF_TRADE", {
  inside: { ...stop("240.01"), ...offer("240"), ...NOTHING },
  outside: { ...stop("240"), ...offer("240"), ...comes("1", "240") },
});
missingDenies("more orders wait than can be told", "SELF_TRADE", {
  facts: { siblings: siblingsWith({ opposite: { held: null } }) },
});

passes("a bracket above another: its stop loss fires after the bid was filled", {
  ...bracket(bid("229")),
  ...NOTHING,
});
denies("a bracket whose stop loss would sell into a bid of ours", "SELF_TRADE", {
  ...bracket(bid("219")),
  ...comes("1", "220"),
});
denies("a bracket whose take-profit is below a bid of ours", "SELF_TRADE", {
  ...bracket(bid("251")),
  ...found("250", "an exit at 250 reaches an order of ours in instrument 265598"),
});
denies("a bracket whose take-profit a stop of ours buys", "SELF_TRADE", {
  ...bracket({ held: [{ trigger: "249", limit: null }] }),
  ...comes("1", "249"),
});
boundary("the stop loss a cent below our bid, and at it", "SELF_TRADE", {
  inside: { ...bracket(bid("220.01")), ...NOTHING },
  outside: { ...bracket(bid("220")), ...comes("1", "220") },
});
boundary("the take-profit a cent above our bid, and at it", "SELF_TRADE", {
  inside: { ...bracket(bid("249.99")), ...NOTHING },
  outside: { ...bracket(bid("250")), ...found("250", "an exit at 250 reaches an order of ours") },
});
denies("a bid that meets a stop of ours, though its own exits meet nothing", "SELF_TRADE", {
  terms: { exits },
  ...waiting("231"),
  ...comes("1", "231"),
});
boundary("a take-profit that buys a cent below our offer, and at it", "SELF_TRADE", {
  inside: { ...sellBracket(bid("210.01")), ...NOTHING },
  outside: {
    ...sellBracket(bid("210")),
    ...found("210", "an exit at 210 reaches an order of ours in instrument 265598"),
  },
});
boundary("a stop loss that buys a cent above our offer, and at it", "SELF_TRADE", {
  inside: { ...sellBracket({ orders: 1, nearest: "239.99", farthest: "239.99" }), ...NOTHING },
  outside: { ...sellBracket({ orders: 2, nearest: "239.99", farthest: "240" }), ...comes("2", "240") },
});
boundary("a stop of ours a cent above a take-profit that buys, and at it", "SELF_TRADE", {
  inside: { ...sellBracket({ held: [{ trigger: "209.99", limit: null }] }), ...NOTHING },
  outside: { ...sellBracket({ held: [{ trigger: "210", limit: null }] }), ...comes("1", "210") },
});
passes("a stop loss of a bracket that sells up to its own limit, and bids of ours below that", {
  terms: { exits: { ...exits, stopLoss: { stopPrice: "220", limitPrice: "219" } } },
  facts: { siblings: siblingsWith({ same: bid("218.99") }) },
  ...NOTHING,
});
passes("a bracket beside nothing of ours", { terms: { exits }, ...NOTHING });
passes("a stop beside nothing of ours", { ...stop("240"), ...NOTHING });
denies("a trail of ours that is anywhere, with a limit that the bid reaches", "SELF_TRADE", {
  ...waiting(null, "229"),
  ...found("1", "an order of ours in instrument 265598 (trigger anywhere, limit 229) could come to it"),
});
denies("an offer that is pegged, which any stop of ours may meet", "SELF_TRADE", {
  ...sell({ orderType: "REL", offset: "0.01", limitPrice: "230" }),
  ...waiting("260"),
  ...comes("1", "260"),
});
passes("an offer that is pegged, above a stop of ours that buys up to less", {
  ...sell({ orderType: "REL", offset: "0.01", limitPrice: "230" }),
  ...waiting("220", "229.99"),
  ...NOTHING,
});
passes("a bid that is pegged, below what a stop of ours sells down to", {
  terms: { orderType: "REL", offset: "0.01", limitPrice: "230" },
  ...waiting("240", "230.01"),
  ...NOTHING,
});
for (const orderType of ["LOC", "LOO"])
  passes("an order for an auction rests at its limit alone, above which no stop of ours sells", {
    terms: { orderType, timeInForce: orderType === "LOO" ? "OPG" : "DAY" },
    ...waiting("229.99"),
    ...NOTHING,
  });
passes("all of it now or nothing, beside a stop of ours", {
  terms: { timeInForce: "FOK" },
  ...waiting("240"),
  ...NOTHING,
});
denies("how many wait is not known, and an order that rests", "SELF_TRADE", {
  ...{ facts: { siblings: siblingsWith({ opposite: { held: null } }) } },
  ...found(null, "more orders of ours wait in instrument 265598 than can be looked at"),
});

passes("a combination beside nothing of ours", { ...spread(LONG, {}), ...NOTHING });
for (const conid of [LONG, SHORT]) {
  denies("a combination whose leg could reach any order of ours", "SELF_TRADE", {
    ...spread(conid, { orders: 1, nearest: "500", farthest: "500" }),
    ...found("1", `instrument ${conid}; it could reach any of them`),
  });
  denies("a combination that rests, wherever a stop of ours in a leg is", "SELF_TRADE", {
    ...spread(conid, { held: [{ trigger: "1", limit: "0.5" }] }),
    ...found("1", `an order of ours in instrument ${conid}`),
  });
  denies("a combination right after a leg was traded the other way", "FLIP_COOL_DOWN", {
    ...spread(conid, {}, { oppositeFillMs: 5_000 }),
    ...found("5", `instrument ${conid} was traded`),
  });
}
property(
  "a stop and bids of ours meet exactly when one of them lies at or below the stop",
  fc.tuple(fc.integer({ min: 200, max: 240 }), fc.integer({ min: 200, max: 240 })),
  {
    make: ([first, second]) => {
      const [low, high] = [Math.min(first, second), Math.max(first, second)];
      const opposite = { orders: 2, nearest: String(high), farthest: String(low) };
      return { ...stopSale, facts: { siblings: siblingsWith({ opposite }) } };
    },
    holds: ({ outcome }, [first, second]) => (outcome === "deny") === (first <= 220 || second <= 220),
  },
);

test("says how many there are, and what could meet", () => {
  expect(result(waiting("231", "229.5"))).toEqual({
    ...{ rule: "selfTrade", outcome: "deny", code: "SELF_TRADE", limit: "0, and 60 s", value: "1", headroom: null },
    ...{ unit: "orders" },
    message: "an order of ours in instrument 265598 (trigger 231, limit 229.5) could come to it",
  });
  expect(result({ ...stopSale, ...offer("210") })).toMatchObject({
    value: "1",
    message: "1 of ours on the other side of instrument 265598: it could come to them (trigger 220, limit none)",
  });
});
