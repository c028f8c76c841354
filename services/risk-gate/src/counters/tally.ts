import { add, type Decimal, subtract, ZERO } from "@countersign/money/decimal";

/** What is added up, in every window and for every scope. */
export interface Tally {
  /** Proposals and changes, also those that were refused; cancels are none. */
  readonly messages: number;
  /** Intents that may have left; those that never did are taken back. */
  readonly orders: number;
  /** Of these orders, in the account's base currency. */
  readonly notional: Decimal;
  /** Orders of which the log does not say a notional: no sum is known while there is one. */
  readonly unpriced: number;
  readonly cancels: number;
  readonly executions: number;
}

export const NOTHING: Tally = { messages: 0, orders: 0, notional: ZERO, unpriced: 0, cancels: 0, executions: 0 };

export function plus(a: Tally, b: Tally): Tally {
  return {
    messages: a.messages + b.messages,
    orders: a.orders + b.orders,
    notional: b.orders === 0 ? a.notional : add(a.notional, b.notional),
    unpriced: a.unpriced + b.unpriced,
    cancels: a.cancels + b.cancels,
    executions: a.executions + b.executions,
  };
}

export function minus(a: Tally, b: Tally): Tally {
  return {
    messages: a.messages - b.messages,
    orders: a.orders - b.orders,
    notional: b.orders === 0 ? a.notional : subtract(a.notional, b.notional),
    unpriced: a.unpriced - b.unpriced,
    cancels: a.cancels - b.cancels,
    executions: a.executions - b.executions,
  };
}
