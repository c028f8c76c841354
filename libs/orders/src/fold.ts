import type { DecisionFact } from "@countersign/contracts/facts/decision-facts.v1";
import type { ExecFact } from "@countersign/contracts/facts/exec-facts.v1";
import type { AssessedFact } from "@countersign/contracts/facts/policy-facts.v1";
import type { ProposalFact } from "@countersign/contracts/facts/proposal-facts.v1";
import { EVENTS, type Facet, next, type OrderEvent } from "@countersign/contracts/life";
import type { OrderTerms } from "@countersign/contracts/order";
import type { ProposalView, Reduction } from "@countersign/contracts/proposal-view";
import { applyDecision } from "./apply-decision.ts";
import { applyExec } from "./apply-legs.ts";

type ReducedFact = Extract<ProposalFact, { type: "reduced/1" }>;
export type AnyFact = ProposalFact | DecisionFact | ExecFact | AssessedFact;

/** Of the types that were seen before. */
const EVENT_OF = new Map<string, OrderEvent>();

/** The event that a fact stands for: its type without the version. */
export function eventOf({ type }: AnyFact): OrderEvent {
  let event = EVENT_OF.get(type);
  if (event === undefined) {
    event = namedBy(type);
    EVENT_OF.set(type, event);
  }
  return event;
}

function namedBy(type: string): OrderEvent {
  const [name] = type.split("/");
  if (name === undefined || !(name in EVENTS)) throw new TypeError(`no event for ${type}`);
  return name as OrderEvent;
}

/**
 * One step of the life of an order: view x fact -> view. Undefined when the table has no such edge, which means that
 * an author wrote what it must not write; the caller counts it and keeps the view as it was.
 */
export function fold(
  view: ProposalView | undefined,
  fact: AnyFact,
  account: string,
  sequence: number,
): ProposalView | undefined {
  const event = eventOf(fact);
  const state = next(view?.state, event);
  if (state === undefined) return undefined;
  const base = view ?? (fact.type === "proposed/1" ? initialView(fact, account) : undefined);
  if (base === undefined) return undefined;
  const facet: Facet = EVENTS[event].facet;
  const line = { at: fact.at, facet, event, state, sequence };
  return { ...applyFact(base, fact), state, history: [...base.history, line] };
}

/** The last word of the standing policy about the order; what it saw stays in the log. */
function assessmentOf({ at, mode, policy, outcome, checks }: AssessedFact): NonNullable<ProposalView["autoApproval"]> {
  return { at, mode, policy, outcome, checks };
}

function initialView(fact: Extract<ProposalFact, { type: "proposed/1" }>, account: string): ProposalView {
  return {
    proposalId: fact.proposalId,
    state: "PROPOSED",
    mode: fact.mode,
    agent: fact.agent,
    account,
    terms: fact.terms,
    rationale: fact.rationale,
    createdAt: fact.at,
    expiresAt: fact.expiresAt,
    ...(fact.modifies !== undefined && { modifies: fact.modifies }),
    ticket: null,
    ticketHash: null,
    verdict: null,
    simulation: null,
    decision: null,
    order: null,
    history: [],
  };
}

/** What was signed for the larger order does not count any more. */
function reducedView(view: ProposalView, { at, actor, reason, simulation, ticket }: ReducedFact): ProposalView {
  const { terms } = ticket;
  const reduction: Reduction = { at, actor, reason, before: sizeOf(view.terms), after: sizeOf(terms) };
  const reductions = [...(view.reductions ?? []), reduction];
  return { ...view, terms, simulation, reductions, decision: null };
}

function sizeOf(terms: OrderTerms): Reduction["after"] {
  return { quantity: terms.quantity, limitPrice: ("limitPrice" in terms ? terms.limitPrice : undefined) ?? null };
}

function applyFact(view: ProposalView, fact: AnyFact): ProposalView {
  switch (fact.type) {
    case "proposed/1":
      return view;
    case "simulated/1":
      return { ...view, simulation: fact.simulation };
    case "riskDenied/1":
      return {
        ...view,
        ...{ verdict: fact.verdict, ticket: fact.ticket, ticketHash: fact.ticketHash },
        ...(fact.alternatives !== undefined && { alternatives: fact.alternatives }),
      };
    case "admitted/1":
      return { ...view, verdict: fact.verdict, ticket: fact.ticket, ticketHash: fact.ticketHash };
    case "reduced/1":
      return { ...reducedView(view, fact), verdict: fact.verdict, ticket: fact.ticket, ticketHash: fact.ticketHash };
    case "countersigned/1":
    case "approved/1":
    case "rejected/1":
    case "expired/1":
    case "withdrawn/1":
    case "voided/1":
      return { ...view, decision: applyDecision(fact) };
    case "assessed/1":
      return { ...view, autoApproval: assessmentOf(fact) };
    default:
      return applyExec(view, fact);
  }
}
