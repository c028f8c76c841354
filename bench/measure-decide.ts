import { OpenOrder, Position } from "@countersign/contracts/account";
import { canonicalHash } from "@countersign/ids/hash";
import { carried } from "../services/risk-gate/src/facts/carried.ts";
import { type Facts, known } from "../services/risk-gate/src/facts/fact.ts";
import { judge } from "../services/risk-gate/src/judge.ts";
import type { PolicyInForce } from "../services/risk-gate/src/policy.ts";
import { RULES } from "../services/risk-gate/src/rules/registry.ts";
import { AT, FACTS, POLICY, TERMS } from "../services/risk-gate/src/test-facts.ts";
import type { Series } from "./statistics.ts";

const WARM_UP = 2_000;
const DECISIONS = 5_000;
const BOOK = 1_000;
const WANTED_PER_SECOND = 2_000;
const IN_FORCE: PolicyInForce = { policy: POLICY, hash: canonicalHash(POLICY) };

/** Positions and orders in other instruments than the one that is traded. */
function withBook(facts: Facts): Facts {
  const account = TERMS.account;
  const positions = Array.from({ length: BOOK }, (_, index) =>
    Position.parse({
      ...{ account, conid: 1_000_000 + index, symbol: `S${index}`, secType: "STK", currency: "USD" },
      ...{ quantity: String(index + 1), averageCost: "12.34" },
    }),
  );
  const orders = Array.from({ length: BOOK }, (_, index) =>
    OpenOrder.parse({
      ...{ account, permId: String(index + 1), orderId: index + 1, clientId: 1, orderRef: `x${index}` },
      ...{ ownership: "foreign", proposalId: null, conid: 1_000_000 + index, symbol: `S${index}`, side: "BUY" },
      ...{ quantity: "10", filledQuantity: "0", orderType: "LMT", limitPrice: "10", timeInForce: "DAY" },
      status: "Submitted",
    }),
  );
  const described = { secType: "STK", currency: "USD", multiplier: "1", industry: "Technology", category: "Software" };
  const holdings = positions.map(({ conid, symbol, quantity }) => ({
    ...{ ...described, conid, symbol, quantity },
    unitValue: "0.01",
  }));
  const working = orders.map(({ conid }, index) => ({
    ...{ order: `foreign ${index}`, conid, side: "BUY" as const, remaining: "10", unitValue: "0.01" },
  }));
  return {
    ...facts,
    positions: known(positions, "tws", AT),
    openOrders: known(orders, "broker", AT),
    book: known({ baseCurrency: "USD", holdings }, "broker", AT),
    working: known(working, "orders and broker", AT),
  };
}

/** An account is never worth a round sum: sums and shares of a short number would be quicker than they are. */
function withOddValue({ summary, ...facts }: Facts): Facts {
  if (summary.state === "missing") throw new Error("the facts of the bench have no account");
  const { value, source, asOf } = summary;
  const netLiquidation = { ...value.netLiquidation, amount: "101234.56" };
  return { ...facts, summary: known({ ...value, netLiquidation }, source, asOf) };
}

interface Fresh extends Pick<Facts, "quote" | "session" | "summary" | "whatIf" | "kill"> {}

/** What is new with every order: what the messages bring. Instrument, book and open orders stay the same objects. */
function freshly({ quote, session, summary, whatIf, kill }: Facts): Fresh {
  return structuredClone({ quote, session, summary, whatIf, kill });
}

/** What the gate does with facts as they come, while it waits for others. */
function arrive({ quote, session, summary, whatIf }: Fresh): void {
  carried(quote);
  carried(session);
  carried(summary);
  carried(whatIf);
}

interface Measured {
  readonly samples: number[];
  readonly arriving: number[];
  /** Both together. */
  readonly whole: number[];
  readonly perSecond: number;
}

function measure(facts: Facts): Measured {
  const inputs = Array.from({ length: WARM_UP + DECISIONS }, (_, index) => ({
    terms: { ...TERMS, quantity: String(1 + (index % 40)) } as typeof TERMS,
    fresh: freshly(facts),
  }));
  const samples: number[] = [];
  const arriving: number[] = [];
  const whole: number[] = [];
  for (const [index, { terms, fresh }] of inputs.entries()) {
    const startedAt = performance.now();
    arrive(fresh);
    const arrivedAt = performance.now();
    judge(terms, { ...facts, ...fresh }, IN_FORCE);
    const endedAt = performance.now();
    if (index < WARM_UP) continue;
    arriving.push(arrivedAt - startedAt);
    samples.push(endedAt - arrivedAt);
    whole.push(endedAt - startedAt);
  }
  const sum = whole.reduce((total, one) => total + one, 0);
  return { samples, arriving, whole, perSecond: Math.round((DECISIONS / sum) * 1_000) };
}

/** The pure decision, all rules and the hash of its inputs, with every fact in memory; on one core. */
export function measureDecide(): { series: Series[]; lines: string[] } {
  const facts = withOddValue(FACTS);
  const small = measure(facts);
  const large = measure(withBook(facts));
  const budget = { p50: 0.2, p99: 1 };
  const met = (perSecond: number) => `${perSecond >= WANTED_PER_SECOND ? "met" : "MISSED"}`;
  return {
    series: [
      { name: `decide, ${RULES.length} rules, facts in memory`, samples: small.samples, budget },
      { name: "the hash of the four facts that messages bring, made as each comes", samples: small.arriving },
      { name: "decide and that hash", samples: small.whole },
      {
        name: `decide, a book of ${BOOK} positions and ${BOOK} working orders`,
        samples: large.samples,
        budget: { p50: 0.3, p99: 1.5 },
      },
    ],
    lines: [
      `decisions a second on one core, that hash included: ${small.perSecond} (budget ${WANTED_PER_SECOND}: ${met(small.perSecond)}), with the book ${large.perSecond} (${met(large.perSecond)})`,
    ],
  };
}
