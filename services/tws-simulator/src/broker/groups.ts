import {
  add,
  compare,
  type Decimal,
  decimal,
  divideRoundingDown,
  isZero,
  multiply,
  roundToStepDown,
  subtract,
  toText,
} from "@countersign/money/decimal";
import type { BrokerState } from "./broker-state.ts";
import { isOpen, type Order, type OrderTerms } from "./model.ts";
import { BY_SYSTEM, type Ending } from "./teller.ts";

/** Group types of TWS: the others are cancelled, or become smaller; with a block only one of them works at a time. */
const CANCEL_WITH_BLOCK = 1;
const REDUCE_WITH_BLOCK = 2;
const REDUCE_WITHOUT_BLOCK = 3;
const SHARE_DECIMALS = 20;

/** What a group does with its members. */
export interface GroupActions {
  readonly end: (order: Order, ending: Ending) => void;
  /** A child starts: its parent is filled. */
  readonly activate: (order: Order) => void;
  /** The order was made smaller. */
  readonly resized: (order: Order) => void;
  readonly sizeStep: (terms: OrderTerms) => Decimal;
}

/** The group of a child is that of its bracket unless its client named one. */
export function groupOf(terms: OrderTerms, parent: Order | undefined): { ocaGroup: string; ocaType: number } {
  if (terms.ocaGroup !== "") return { ocaGroup: terms.ocaGroup, ocaType: terms.ocaType || REDUCE_WITHOUT_BLOCK };
  if (parent === undefined) return { ocaGroup: "", ocaType: terms.ocaType };
  return { ocaGroup: String(parent.permId), ocaType: REDUCE_WITHOUT_BLOCK };
}

function left(order: Order): Decimal {
  return subtract(decimal(order.terms.quantity), decimal(order.filled));
}

/** Orders that depend on each other: children of a parent, members of a one-cancels-all group. */
export class Groups {
  readonly #state: BrokerState;
  readonly #actions: GroupActions;

  constructor(state: BrokerState, actions: GroupActions) {
    this.#state = state;
    this.#actions = actions;
  }

  siblings(order: Order): Order[] {
    if (order.ocaGroup === "") return [];
    const { account } = order.terms;
    const same = (other: Order) => other.ocaGroup === order.ocaGroup && other.terms.account === account;
    return this.#state.openOrders().filter((other) => other !== order && same(other));
  }

  /** True while another member of a group with block is being filled: `isFilling` says which orders are. */
  isBlocked(order: Order, isFilling: (order: Order) => boolean): boolean {
    if (order.ocaType !== CANCEL_WITH_BLOCK && order.ocaType !== REDUCE_WITH_BLOCK) return false;
    return this.siblings(order).some(isFilling);
  }

  /** After a fill of `quantity`: the group shrinks, and the children of a filled parent start. */
  afterFill(order: Order, quantity: Decimal): void {
    const before = add(left(order), quantity);
    for (const sibling of this.siblings(order)) {
      if (order.ocaType === CANCEL_WITH_BLOCK) this.#actions.end(sibling, { completed: BY_SYSTEM });
      else this.#reduce(sibling, { part: quantity, whole: before });
    }
    if (!isOpen(order)) for (const child of this.#children(order)) this.#start(child);
  }

  /** After an end without a complete fill: children go too, or protect what was filled. */
  afterEnd(order: Order): void {
    for (const child of this.#children(order)) {
      if (isZero(decimal(order.filled))) this.#actions.end(child, { completed: BY_SYSTEM });
      else {
        const smaller = compare(decimal(order.filled), decimal(child.terms.quantity)) < 0;
        if (smaller) child.terms = { ...child.terms, quantity: order.filled };
        this.#start(child);
      }
    }
  }

  #children(parent: Order): Order[] {
    return this.#state.openOrders().filter((order) => order.heldByParent && order.parentPermId === parent.permId);
  }

  #start(child: Order): void {
    child.heldByParent = false;
    this.#actions.activate(child);
  }

  /** Takes the same share from what is left of a sibling as the fill took from the filled order. */
  #reduce(sibling: Order, taken: { readonly part: Decimal; readonly whole: Decimal }): void {
    const keptShare = subtract(taken.whole, taken.part);
    const exact = divideRoundingDown(multiply(left(sibling), keptShare), taken.whole, SHARE_DECIMALS);
    const kept = roundToStepDown(exact, this.#actions.sizeStep(sibling.terms));
    if (isZero(kept)) {
      this.#actions.end(sibling, { completed: BY_SYSTEM });
      return;
    }
    sibling.terms = { ...sibling.terms, quantity: toText(add(decimal(sibling.filled), kept)) };
    this.#actions.resized(sibling);
  }
}
