import type { ExecFact, Execution } from "@countersign/contracts/facts/exec-facts.v1";
import { EVENTS, next, type OrderEvent, type State } from "@countersign/contracts/life";
import { add, type Decimal, decimal, ZERO } from "@countersign/money/decimal";

/** One order as its exec log tells it, with what the fold needs of its ticket. */
export interface ExecState {
  readonly proposalId: string;
  readonly account: string;
  readonly agent: string;
  readonly conid: number;
  readonly ticketHash: string;
  readonly orderRef: string;
  readonly orderId: number;
  readonly clientId: number;
  /** Ordered quantity, decimal text. */
  readonly quantity: string;
  readonly state: State;
  readonly permId: string | null;
  readonly executions: ReadonlyMap<string, Execution>;
  readonly commissions: ReadonlySet<string>;
  /** Why the order is disputed; null when it is not. It stays until a person decides. */
  readonly dispute: string | null;
}

export type IntentFact = Extract<ExecFact, { type: "intent/1" }>;

export function openedBy(
  intent: IntentFact,
  order: Pick<ExecState, "account" | "agent" | "conid" | "quantity">,
): ExecState {
  return {
    ...order,
    proposalId: intent.proposalId,
    ticketHash: intent.ticketHash,
    orderRef: intent.orderRef,
    orderId: intent.orderId,
    clientId: intent.clientId,
    state: "INTENT",
    permId: null,
    executions: new Map(),
    commissions: new Set(),
    dispute: null,
  };
}

/** The event that a fact stands for. */
export function eventOf(fact: ExecFact): OrderEvent {
  const [name = ""] = fact.type.split("/");
  if (!(name in EVENTS)) throw new TypeError(`no event for ${fact.type}`);
  return name as OrderEvent;
}

/** The state after one fact; undefined when the life of an order has no such edge. */
export function applyFact(order: ExecState, fact: ExecFact): ExecState | undefined {
  const state = next(order.state, eventOf(fact));
  if (state === undefined) return undefined;
  switch (fact.type) {
    case "acknowledged/1":
      return { ...order, state, permId: fact.permId ?? order.permId };
    case "partiallyFilled/1":
    case "filled/1": {
      const executions = new Map(order.executions).set(fact.execution.execId, fact.execution);
      return { ...order, state, permId: fact.permId ?? order.permId, executions };
    }
    case "commission/1":
      return { ...order, state, commissions: new Set(order.commissions).add(fact.execId) };
    case "disputed/1":
      return { ...order, state, dispute: fact.evidence };
    default:
      return { ...order, state };
  }
}

/** Sum of the quantities of all known executions. */
export function filledQuantity(order: ExecState): Decimal {
  let sum = ZERO;
  for (const execution of order.executions.values()) sum = add(sum, decimal(execution.quantity));
  return sum;
}
