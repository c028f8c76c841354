import { ibCode, orderBehaviourOf } from "@countersign/contracts/ib-codes";
import type { OrderTerms } from "@countersign/contracts/order";
import { compare, type Decimal, decimal } from "@countersign/money/decimal";
import type { ChangeFact } from "@countersign/orders/apply-exec";
import { exitTermsOf, wireTermsOf } from "../session/order-terms.ts";
import type { WireTerms } from "../session/wire.ts";
import type { ExecState } from "./exec-state.ts";

/** A change of an order from the moment before it is sent until it is known what became of it. */
export interface PendingChange {
  /** The proposal that asks for it. */
  readonly by: string;
  readonly terms: OrderTerms;
  /** The same as TWS is told, for this order of the group. */
  readonly sent: WireTerms;
  /** TWS has said no; whether it kept the old terms is seen in them. Absent: it has not. */
  readonly refusal?: { readonly code: number | null; readonly text: string };
}

/** The terms of one order of a group as TWS is told them. Throws when a change would take an exit away. */
export function sentOf(leg: ExecState["leg"], terms: OrderTerms): WireTerms {
  if (leg === "entry") return wireTermsOf(terms);
  const exits = exitTermsOf(terms);
  if (exits === undefined) throw new TypeError("a change takes no exit away");
  return exits[leg];
}

/** Undefined when there is another change, or none, where this one should be: at most one is open. */
export function applyChange(order: ExecState, fact: ChangeFact): ExecState | undefined {
  const { pending, ...settled } = order;
  if (fact.type === "modifyRequested/1") {
    const { by, terms } = fact;
    return pending === undefined ? { ...order, pending: { by, terms, sent: sentOf(order.leg, terms) } } : undefined;
  }
  if (pending?.by !== fact.by) return undefined;
  if (fact.type === "modifyClosed/1") return { ...settled, lastChange: fact };
  const { terms } = fact;
  return { ...settled, lastChange: fact, terms, quantity: terms.quantity, sent: sentOf(order.leg, terms) };
}

/** A change concerns an exit when its quantity changes: the two close what the entry opens. */
export function concerns(order: ExecState, terms: OrderTerms): boolean {
  return order.leg === "entry" || compare(decimal(order.quantity), decimal(terms.quantity)) !== 0;
}

/** What TWS says while a change is open may be its no to the change. */
export function withRefusal(order: ExecState, { code, text }: { code: number | null; text: string }): ExecState {
  const { pending } = order;
  if (pending === undefined || code === null || !refuses(code, text)) return order;
  return { ...order, pending: { ...pending, refusal: { code, text } } };
}

const BEING_PROCESSED = 2102;

/** TWS says with this code that it does not take the change. */
export function refuses(code: number, text: string): boolean {
  const behaviour = orderBehaviourOf(code, text);
  const isNo = behaviour === "rejected" || behaviour === "rejectedIfNew" || ibCode(code)?.class === "modification";
  return isNo || code === BEING_PROCESSED;
}

/** The most that may be executed: of the old and the new quantity the larger, while nobody knows which one holds. */
export function mostOf({ quantity, pending }: ExecState): Decimal {
  const [own, other] = [decimal(quantity), decimal(pending?.terms.quantity ?? quantity)];
  return compare(own, other) >= 0 ? own : other;
}
