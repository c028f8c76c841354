import { OrderTerms } from "@countersign/contracts/order";
import fc from "fast-check";
import { expect, test } from "vitest";
import { type Facts, known } from "./facts/fact.ts";
import { judge } from "./judge.ts";
import { AT, FACTS, TERMS, withFact } from "./test-facts.ts";
import { policyWith } from "./test-policy.ts";
import { holding, msft, withBook, working } from "./testing/book-facts.ts";

/** Rules of one order, and of what was sent before: a part of an order, or its change, adds less to these than the whole. */
const OF_ONE_ORDER = ["maxOrderQuantity", "maxOrderNotional", "minimumLiquidity", "notionalOverTime", "sessionLimits"];
const OF_BUDGETS = ["agentNotional", "agentOpenRisk"];

const IN_FORCE = {
  policy: policyWith({
    ...{ maxOrderQuantity: { max: "10000" }, grossExposure: { percentMax: "40" } },
    ...{ netExposure: { longPercentMax: "30", shortPercentMax: "30" }, valueAtRisk: { percentMax: "0.3" } },
  }),
  hash: "a".repeat(64),
};

/** Some of it may be held short; so much works on each side; the account may have lost too much, or only reduce. */
const account = fc.record({
  ...{ held: fc.integer({ min: -150, max: 150 }), other: fc.integer({ min: -60, max: 60 }) },
  ...{ buys: fc.nat(80), sells: fc.nat(80), level: fc.constantFrom("ACTIVE" as const, "REDUCE_ONLY" as const) },
  ...{ hasLost: fc.boolean(), side: fc.constantFrom("BUY" as const, "SELL" as const) },
  ...{ less: fc.integer({ min: 1, max: 200 }), more: fc.integer({ min: 1, max: 200 }) },
});
type Drawn = typeof account extends fc.Arbitrary<infer T> ? T : never;

/** With an order of so many units on the side of the order that works beside all else. */
function factsOf({ held, other, buys, sells, side, level, hasLost }: Drawn, beside = 0): Facts {
  const orders = [
    working({ order: "b", side: "BUY", remaining: String(buys) }),
    working({ order: "s", side: "SELL", remaining: String(sells) }),
    working({ order: "own", side, remaining: String(beside), unitValue: "230.02" }),
  ].filter(({ remaining }) => remaining !== "0");
  const position = (conid: number, quantity: number) => ({ account: TERMS.account, conid, quantity: String(quantity) });
  const filled = (on: string) =>
    orders.filter((one) => one.side === on).reduce((sum, { remaining }) => sum + Number(remaining), 0);
  const dates = FACTS.history.state === "known" ? FACTS.history.value.dates : [];
  const profits = (units: number) => dates.map((_, at) => (at % 2 === 0 ? 230 : -230) * units);
  return {
    ...FACTS,
    ...withBook([holding({ quantity: String(held) }), msft({ quantity: String(other) })], orders),
    positions: known([position(TERMS.conid ?? 0, held), position(272093, other)] as never, "tws", AT),
    ownOrders: known(
      orders.map(({ order, ...one }) => ({ ...one, proposalId: order, state: "WORKING" as const })),
      "orders",
      AT,
    ),
    kill: known({ level, reason: "test" }, "control", AT),
    history: withFact("history", {
      profits: { held: profits(held), long: profits(held + filled("BUY")), short: profits(held - filled("SELL")) },
      correlated: [{ conid: 272093, with: TERMS.conid, ppm: 900_000 }],
    }).history,
    ...(hasLost && { loss: withFact("loss", { dayStart: "110000" }).loss }),
  };
}

function deniedBy({ side }: Drawn, quantity: number, facts: Facts): ReadonlySet<string> {
  const terms = OrderTerms.parse({ ...TERMS, side, quantity: String(quantity) });
  const { rules } = judge(terms, facts, IN_FORCE);
  return new Set(rules.flatMap(({ rule, outcome }) => (outcome === "deny" ? [rule] : [])));
}

const seen = new Set<string>();
function holds(runs: number, escaped: (drawn: Drawn) => readonly string[]): void {
  const property = fc.property(account, (drawn) => {
    expect(escaped(drawn)).toEqual([]);
  });
  fc.assert(property, { numRuns: runs, seed: 11 });
}

test("what a rule denies, it denies more of as well", () => {
  holds(600, (drawn) => {
    const facts = factsOf(drawn);
    const [less, more] = [deniedBy(drawn, drawn.less, facts), deniedBy(drawn, drawn.less + drawn.more, facts)];
    for (const rule of more) seen.add(rule);
    return [...less].filter((rule) => !more.has(rule));
  });
  const exposures = ["maxPosition", "concentration", "sectorExposure", "grossExposure", "netExposure"];
  const others = ["correlatedExposure", "volatilitySize", "valueAtRisk", "killSwitch", "dailyLoss"];
  expect([...seen]).toEqual(expect.arrayContaining([...exposures, ...others]));
});

test("what a rule denies, it denies a part of when it is cut in two and the first one works", () => {
  holds(400, (drawn) => {
    const whole = deniedBy(drawn, drawn.less + drawn.more, factsOf(drawn));
    const first = deniedBy(drawn, drawn.less, factsOf(drawn));
    const second = deniedBy(drawn, drawn.more, factsOf(drawn, drawn.less));
    return [...whole].filter(
      (rule) => !first.has(rule) && !second.has(rule) && ![...OF_ONE_ORDER, ...OF_BUDGETS].includes(rule),
    );
  });
});

test("what a rule denies, it denies as a change of a smaller order that it lets through, filled in part or not", () => {
  holds(400, (drawn) => {
    const { less, more, held } = drawn;
    const filled = Math.min(Math.abs(held), less - 1);
    const plain = factsOf(drawn);
    const [small, large] = [deniedBy(drawn, less - filled, plain), deniedBy(drawn, less + more - filled, plain)];
    const replaces = { proposalId: "own", quantity: String(less), filledQuantity: String(filled) };
    const changed = deniedBy(drawn, less + more, { ...factsOf(drawn, less - filled), replaces });
    return [...large].filter(
      (rule) => !small.has(rule) && !changed.has(rule) && ![...OF_ONE_ORDER, ...OF_BUDGETS].includes(rule),
    );
  });
});
