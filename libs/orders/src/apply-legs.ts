import type { ExecFact } from "@countersign/contracts/facts/exec-facts.v1";
import { EVENTS, next, type OrderEvent, type State } from "@countersign/contracts/life";
import type { LegView, ProposalView } from "@countersign/contracts/proposal-view";
import { add, compare, decimal, subtract, toText, ZERO } from "@countersign/money/decimal";
import { applyToOrder, type ChangeFact, isChange, type OrderFact, openedBy } from "./apply-exec.ts";

type Order = NonNullable<ProposalView["order"]>;
type LegFact = Extract<ExecFact, { type: "leg/1" }>;

/** A stop in one of these states is one that the broker is known to hold. */
const HELD: readonly State[] = ["WORKING", "PARTIAL", "CANCEL_REQUESTED"];

/** Adds what the gateway or the broker said to the order's view, and to its exits where it is a bracket. */
export function applyExec(view: ProposalView, fact: ExecFact): ProposalView {
  if (fact.type === "intent/1") return { ...view, order: openedBy(fact) };
  const { order } = view;
  if (order === null) return view;
  if (isChange(fact)) return { ...view, order: withChange(order, fact) };
  if (fact.type !== "leg/1" && order.legs.length === 0) return { ...view, order: applyToOrder(order, fact) };
  const after = fact.type === "leg/1" ? withLeg(order, fact) : withEntry(order, fact);
  return { ...view, order: withProtection(after, view.terms.quantity) };
}

function withChange(order: Order, fact: ChangeFact): Order {
  if (fact.type === "modifyRequested/1") return { ...order, modifying: fact.by, modifyingTerms: fact.terms };
  const { modifying: _, modifyingTerms: __, ...rest } = order;
  return fact.type === "termsReplaced/1" ? { ...rest, terms: fact.terms } : rest;
}

function withLeg(order: Order, { leg, fact }: LegFact): Order {
  const legs = order.legs.map((one) => {
    const state = one.leg === leg ? next(one.state, eventOf(fact.type)) : undefined;
    if (state === undefined || fact.type === "modifyClosed/1") return one;
    if (fact.type === "termsReplaced/1") return { ...one, quantity: fact.terms.quantity };
    return { ...applyToOrder(one, fact), state };
  });
  return { ...order, legs };
}

/** Until the legs leave, what happens to the entry happens to them: they are sent together or not at all. */
function withEntry(order: Order, fact: OrderFact): Order {
  const legs = order.legs.map((one): LegView => {
    const state = one.state === "INTENT" ? next(one.state, eventOf(fact.type)) : undefined;
    return state === undefined ? one : { ...applyToOrder(one, fact), state };
  });
  return { ...applyToOrder(order, fact), legs };
}

/** What is filled, not closed again, and more than a stop covers that the broker is known to hold. */
function withProtection(order: Order, quantity: string): Order {
  const covered = order.legs
    .filter(({ leg, state }) => leg === "stopLoss" && HELD.includes(state))
    .map((stop) => subtract(decimal(stop.quantity ?? quantity), decimal(stop.filledQuantity)))
    .reduce(add, ZERO);
  const closed = order.legs.map(({ filledQuantity }) => decimal(filledQuantity)).reduce(add, ZERO);
  const open = subtract(subtract(decimal(order.filledQuantity), closed), covered);
  return { ...order, unprotected: compare(open, ZERO) <= 0 ? "0" : toText(open) };
}

function eventOf(type: ExecFact["type"]): OrderEvent {
  const [name = ""] = type.split("/");
  if (!(name in EVENTS)) throw new TypeError(`no event for ${type}`);
  return name as OrderEvent;
}
