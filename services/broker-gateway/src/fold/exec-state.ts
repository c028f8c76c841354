import { conidsOf } from "@countersign/contracts/combo";
import type { Absence, Difference, ExecFact, Execution, Leg } from "@countersign/contracts/facts/exec-facts.v1";
import { EVENTS, next, type OrderEvent, type State } from "@countersign/contracts/life";
import type { Amount } from "@countersign/contracts/money";
import type { OrderTerms, Ticket } from "@countersign/contracts/order";
import { add, type Decimal, decimal, ZERO } from "@countersign/money/decimal";
import { withAbsences } from "@countersign/orders/absences";
import { isChange } from "@countersign/orders/apply-exec";
import { counting } from "@countersign/orders/corrections";
import { exitTermsOf, wireTermsOf } from "../session/order-terms.ts";
import type { WireTerms } from "../session/wire.ts";
import { applyChange, type PendingChange, withRefusal } from "./change.ts";
import type { Draft } from "./evidence.ts";

/** One order as its exec log tells it, with what the fold needs of its ticket. */
export interface ExecState {
  readonly proposalId: string;
  /** Which order of a bracket; an order by itself is an entry. */
  readonly leg: "entry" | Leg;
  readonly account: string;
  readonly agent: string;
  /** Every instrument that it trades. */
  readonly conids: readonly number[];
  /** As the ticket names it; absent: no ticket said it. */
  readonly instrument?: Ticket["instrument"];
  readonly ticketHash: string;
  readonly orderRef: string;
  readonly orderId: number;
  readonly clientId: number;
  /** Ordered quantity, decimal text. */
  readonly quantity: string;
  /** In force, with every change so far. */
  readonly terms: OrderTerms;
  readonly sent: WireTerms;
  readonly state: State;
  /** UTC text of the fact since which it is UNKNOWN; absent: it is not. */
  readonly unknownSince?: string;
  readonly permId: string | null;
  readonly executions: ReadonlyMap<string, Execution>;
  /** By the id of their execution. */
  readonly commissions: ReadonlyMap<string, Amount>;
  /** Why the order is disputed; null when it is not. It stays until a person decides. */
  readonly dispute: string | null;
  /** The last dispute that a person has settled; absent: none was. */
  readonly settledDispute?: string;
  /** Messages of the broker that are in the log: their code and text. */
  readonly said: ReadonlySet<string>;
  readonly drift: readonly Difference[];
  /** The proposal of the order that this changes; absent: it is an order of its own. */
  readonly modifies?: string;
  /** A change of this order that may be on its way; absent: none. */
  readonly pending?: PendingChange;
  /** What became of the last change; absent: there was none. */
  readonly lastChange?: Extract<ExecFact, { type: "termsReplaced/1" | "modifyClosed/1" }>;
  /** Complete readings since it was last heard of that did not show it; absent: none. */
  readonly absences?: Absence[];
  /** The first of two persons who close it; absent: nobody has asked. */
  readonly closeRequestedBy?: string;
}

export type IntentFact = Extract<ExecFact, { type: "intent/1" }>;
export type LegFact = Extract<ExecFact, { type: "leg/1" }>;
/** Of whom and of what an intent is; its ticket says so. */
export interface Ordered {
  readonly account: string;
  readonly agent: string;
  readonly terms: OrderTerms;
  /** Absent: no ticket said it. */
  readonly instrument?: Ticket["instrument"];
}

/** The order of an intent, and the exits that it opens with it: none unless it is a bracket. */
export function openedBy(intent: IntentFact, order: Ordered): { entry: ExecState; exits: ExecState[] } {
  const { account, agent, terms } = order;
  const entry: ExecState = {
    account,
    agent,
    conids: conidsOf(terms),
    ...(order.instrument !== undefined && { instrument: order.instrument }),
    proposalId: intent.proposalId,
    leg: "entry",
    ticketHash: intent.ticketHash,
    orderRef: intent.orderRef,
    orderId: intent.orderId,
    clientId: intent.clientId,
    quantity: terms.quantity,
    terms,
    ...(intent.modifies !== undefined && { modifies: intent.modifies }),
    sent: wireTermsOf(terms),
    state: "INTENT",
    permId: null,
    executions: new Map(),
    commissions: new Map(),
    dispute: null,
    said: new Set(),
    drift: [],
  };
  const exitTerms = intent.modifies === undefined ? exitTermsOf(terms) : undefined;
  const legs = exitTerms === undefined ? [] : (intent.legs ?? []);
  const exits = legs.flatMap(({ leg, orderRef, orderId }) =>
    exitTerms === undefined ? [] : [{ ...entry, leg, orderRef, orderId, sent: exitTerms[leg] }],
  );
  return { entry, exits };
}

export const wordsOf = (said: { code: number | null; text: string }) => `${said.code} ${said.text}`;

/** The event that a fact stands for. */
export function eventOf(fact: ExecFact): OrderEvent {
  const [name = ""] = fact.type.split("/");
  if (!(name in EVENTS)) throw new TypeError(`no event for ${fact.type}`);
  return name as OrderEvent;
}

/** The state after one fact; undefined when the life of an order has no such edge. */
export function applyFact(before: ExecState, fact: ExecFact): ExecState | undefined {
  const after = changedBy(before, fact);
  if (after === undefined || (after.state === "UNKNOWN") === (after.unknownSince !== undefined)) return after;
  const { unknownSince: _, ...known } = after;
  return after.state === "UNKNOWN" ? { ...known, unknownSince: fact.at } : known;
}

function changedBy(before: ExecState, fact: ExecFact): ExecState | undefined {
  const state = next(before.state, eventOf(fact));
  if (state === undefined) return undefined;
  if (isChange(fact)) return applyChange({ ...before, state }, fact);
  if ((fact.type === "modified/1") !== (before.modifies !== undefined && state === "MODIFIED")) return undefined;
  const order = withAbsences(before, fact);
  switch (fact.type) {
    case "acknowledged/1":
      return { ...order, state, permId: fact.permId ?? order.permId };
    case "partiallyFilled/1":
    case "filled/1": {
      const executions = new Map(order.executions).set(fact.execution.execId, fact.execution);
      return { ...order, state, permId: fact.permId ?? order.permId, executions };
    }
    case "comboLegFilled/1":
    case "corrected/1":
      return { ...order, state, executions: new Map(order.executions).set(fact.execution.execId, fact.execution) };
    case "commission/1":
      return { ...order, state, commissions: new Map(order.commissions).set(fact.execId, fact.commission) };
    case "disputed/1":
      return { ...order, state, dispute: fact.evidence };
    case "brokerSaid/1":
      return { ...withRefusal(order, fact), state, said: new Set(order.said).add(wordsOf(fact)) };
    case "brokerRejected/1":
    case "cancelled/1":
      return { ...order, state, said: new Set(order.said).add(wordsOf(fact)) };
    case "drifted/1":
      return { ...order, state, drift: fact.differences };
    case "closeRequested/1":
      return { ...order, state, closeRequestedBy: fact.actor.id };
    case "closedAbsent/1":
    case "resolvedOpen/1":
    case "resolvedPartial/1":
    case "resolvedFilled/1":
    case "resolvedCancelled/1":
    case "resolvedRejected/1":
      return { ...order, state, dispute: null, ...(order.dispute !== null && { settledDispute: order.dispute }) };
    default:
      return { ...order, state };
  }
}

/** Sum of the quantities of all known executions, each as it was last corrected. Those in the legs of a combination are parts of its own. */
export function filledQuantity({ executions }: Pick<ExecState, "executions">): Decimal {
  const own = counting(executions.values()).filter(({ comboLeg }) => comboLeg === undefined);
  return own.reduce((sum, { quantity }) => add(sum, decimal(quantity)), ZERO);
}

/** The state after a fact that is not written yet. Throws when the life of an order has no such edge. */
export function applyDraft(order: ExecState, draft: Draft): ExecState {
  const fact = { ...draft, proposalId: order.proposalId, at: "2000-01-01T00:00:00.000Z" } as ExecFact;
  const after = applyFact(order, fact);
  if (after === undefined) throw new TypeError(`the life of an order has no edge ${order.state} -> ${draft.type}`);
  return after;
}
