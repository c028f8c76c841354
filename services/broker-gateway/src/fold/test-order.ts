import { OrderTerms } from "@countersign/contracts/order";
import type { WireOrder, WireTerms } from "../session/wire.ts";
import { type ExecState, type IntentFact, openedBy } from "./exec-state.ts";

export const REF = `cs1.${"a".repeat(20)}`;

/** A market order of 100 (or with other terms) that was sent and of which nothing has been heard. */
export function sentOrder(change: Partial<ExecState> = {}, terms: object = {}): ExecState {
  const { entry } = openedBy(INTENT, { account: "DU1234567", agent: "agent-1", terms: termsWith(terms) });
  return { ...entry, state: "SEND_STARTED", ...change };
}

export function termsWith(change: object): OrderTerms {
  const traded = "legs" in change ? {} : { conid: 265598 };
  const base = { account: "DU1234567", ...traded, side: "BUY", quantity: "100", timeInForce: "DAY" };
  const limit = "orderType" in change ? {} : { orderType: "MKT", limitPrice: null };
  return OrderTerms.parse({ ...base, ...limit, ...change });
}

export const INTENT = {
  type: "intent/1",
  proposalId: `prop_${"a".repeat(26)}`,
  ticketHash: "0".repeat(64),
  orderRef: REF,
  orderId: 7,
  clientId: 17,
} as IntentFact;

/** How the broker shows an order that it took as it was sent. */
export function shownAs(sent: WireTerms): Pick<WireOrder, keyof WireTerms & keyof WireOrder> {
  const { side, quantity, legs, orderType, timeInForce, outsideRth, limitPrice, auxPrice, trailingPercent } = sent;
  const { trailStopPrice } = sent;
  const prices = { limitPrice, auxPrice, trailStopPrice, trailingPercent };
  return { side, quantity, legs, orderType, timeInForce, outsideRth, ...prices };
}
