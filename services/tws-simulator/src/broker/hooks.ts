import type { OrderView } from "../codec/order-view.ts";
import type { Execution, Order } from "./model.ts";

/** The named places at which somebody else decides what becomes of an order. Without a decision TWS goes its way. */
export interface BrokerHooks {
  /** A valid order was accepted, and nobody has heard of it yet. */
  atOrder(order: Order): OrderDecision | undefined;
  /** A marketable order is about to fill. */
  atFill(order: Order): FillDecision | undefined;
  /** A client cancels an open order. */
  atCancel(order: Order, clientId: number): CancelDecision | undefined;
  /** An execution was told together with its commission. */
  afterExecution(execution: Execution): ExecutionDecision | undefined;
  /** A what-if is about to be answered: what is told instead, and when. */
  atWhatIf(view: OrderView): readonly WhatIfAnswer[];
}

export type OrderDecision =
  | {
      readonly kind: "reject";
      readonly code: number;
      readonly text: string;
      readonly rejectJson: string;
      readonly status: "Inactive" | "Cancelled";
    }
  /** The order lives, behind this message. */
  | { readonly kind: "warn"; readonly code: number; readonly text: string }
  /** In this status at first, and working after `delayMs`. */
  | { readonly kind: "hold"; readonly status: "Inactive" | "PendingSubmit"; readonly delayMs: number };

export interface FillDecision {
  /** Size of this part; undefined = what the market shows. */
  readonly quantity: string | undefined;
  /** How much better than the touch. */
  readonly improvement: string;
  /** Time to the next part. */
  readonly everyMs: number;
}

/** `race` = it fills while the cancel is pending; `refuse` = 10147 as if it were unknown. */
export type CancelDecision = "race" | "refuse";

export type ExecutionDecision =
  /** `price` undefined = one hundredth higher. */
  | { readonly kind: "correct"; readonly price: string | undefined; readonly delayMs: number }
  | { readonly kind: "bust"; readonly delayMs: number };

export interface WhatIfAnswer {
  readonly view: OrderView;
  readonly delayMs: number;
}

export const NO_HOOKS: BrokerHooks = {
  atOrder: () => undefined,
  atFill: () => undefined,
  atCancel: () => undefined,
  afterExecution: () => undefined,
  atWhatIf: (view) => [{ view, delayMs: 0 }],
};
