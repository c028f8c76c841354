import type { OpenOrder } from "@countersign/contracts/account";
import { OrderTerms } from "@countersign/contracts/order";
import { type Facts, known } from "../facts/fact.ts";
import type { PolicyInForce } from "../policy.ts";
import { AT, FACTS, IN_FORCE, TERMS } from "../test-facts.ts";
import { policyWith } from "../test-policy.ts";
import { factsOf, LONG, legFacts, SHORT, spread } from "./combo-facts.ts";
import { siblingsWith } from "./test-counts.ts";

const AAPL = { conid: 265598, symbol: "AAPL", secType: "STK", currency: "USD", multiplier: "1" };
const KINDS = { industry: "Technology", category: "Computers" };

const OPEN: OpenOrder = {
  ...{ account: "DU1234567", permId: "1", orderId: 1, clientId: 1, orderRef: "", ownership: "ours", proposalId: null },
  ...{ conid: 265598, symbol: "AAPL", side: "BUY", quantity: "2", filledQuantity: "0", orderType: "LMT" },
  ...{ limitPrice: "200", timeInForce: "DAY", status: "Submitted" },
};

/** Facts in which nothing is empty, so that there is something of everything that can be made useless. */
export const FULL_FACTS: Facts = {
  ...FACTS,
  positions: known([{ ...AAPL, account: "DU1234567", quantity: "5", averageCost: "200" }], "tws", AT),
  openOrders: known([OPEN], "broker", AT),
  ownOrders: known([{ proposalId: "p-1", conid: 265598, state: "WORKING", side: "BUY", remaining: "2" }], "orders", AT),
  book: known(
    { baseCurrency: "USD", holdings: [{ ...AAPL, ...KINDS, quantity: "5", unitValue: "230" }] },
    "broker",
    AT,
  ),
  siblings: siblingsWith({
    twins: [{ proposalId: "p-2", state: "FILLED", price: "200", ageMs: 90_000 }],
    opposite: { orders: 2, nearest: "250", farthest: "260", held: [{ trigger: "220", limit: "219" }] },
    same: { orders: 1, nearest: "200", farthest: "190", held: [{ trigger: "260", limit: "261" }] },
    bestFill: { price: "229", ageMs: 1_000 },
    oppositeFillMs: 70_000,
  }),
  working: known([{ order: "p-1", conid: 265598, side: "BUY", remaining: "2", unitValue: "230" }], "orders", AT),
};

/** An order that passes, and the facts that it is judged by; of which facts each is what rules read. */
export interface AblationBase {
  readonly name: string;
  readonly terms: OrderTerms;
  readonly facts: Facts;
  readonly inForce: PolicyInForce;
  /** By the name of a fact. */
  readonly reads: (fact: string) => boolean;
}

/** What only a sale of what is not held looks at, where the policy wants it to be borrowed. */
const OF_SHORTS = ["shortable"];
const OPTIONS = policyWith({ permittedInstruments: { secTypes: ["OPT"] } });
/** Of whose legs nothing is unknown. */
const PRICED_COMBO = factsOf([
  legFacts(LONG, { bid: "7.95", ask: "8.05", last: "8" }),
  legFacts(SHORT, { bid: "5.95", ask: "6.05", last: "6" }),
]);
const LOCATE = policyWith({ shortSale: { locate: true } });

export const ABLATION_BASES: readonly AblationBase[] = [
  {
    name: "a purchase",
    terms: TERMS,
    facts: FULL_FACTS,
    inForce: IN_FORCE,
    reads: (fact) => !OF_SHORTS.includes(fact),
  },
  {
    ...{ name: "a short sale", terms: OrderTerms.parse({ ...TERMS, side: "SELL" }), facts: FACTS },
    ...{ inForce: { ...IN_FORCE, policy: LOCATE }, reads: (fact) => OF_SHORTS.includes(fact) },
  },
  {
    ...{ name: "a combination", terms: spread(), facts: PRICED_COMBO },
    ...{ inForce: { ...IN_FORCE, policy: OPTIONS }, reads: (fact) => fact === "legs" },
  },
];
