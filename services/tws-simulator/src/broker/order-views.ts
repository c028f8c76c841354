import { add, decimal, divideRoundingHalfEven, isZero, subtract, toText } from "@countersign/money/decimal";
import type { ContractView } from "../codec/contract-view.ts";
import type { ExecutionView } from "../codec/encode-execution.ts";
import { NO_CONDITIONS } from "../codec/order-conditions.ts";
import { NO_COMBO } from "../codec/order-legs.ts";
import type { OrderView } from "../codec/order-view.ts";
import type { Instrument } from "../market/instrument.ts";
import { twsTime } from "../market/zoned-time.ts";
import { type Execution, isOpen, type Order, type OrderTerms } from "./model.ts";

const PRICE_DECIMALS = 8;

export function contractView(instrument: Instrument): ContractView {
  const { conId, symbol, secType, expiry, strike, right, multiplier, exchange, primaryExchange } = instrument;
  const { currency, localSymbol, tradingClass } = instrument;
  const names = { exchange, primaryExchange, currency, localSymbol, tradingClass };
  return { conId, symbol, secType, expiry, strike, right, multiplier, ...names };
}

export function averagePrice(value: string, quantity: string): string {
  const shares = decimal(quantity);
  return isZero(shares) ? "0" : toText(divideRoundingHalfEven(decimal(value), shares, PRICE_DECIMALS));
}

function termsView(terms: OrderTerms) {
  return {
    exchange: terms.exchange,
    action: terms.action,
    totalQuantity: terms.quantity,
    orderType: terms.orderType,
    lmtPrice: terms.lmtPrice,
    auxPrice: undefined,
    tif: terms.tif,
    ocaGroup: terms.ocaGroup,
    ocaType: 3,
    account: terms.account,
    openClose: terms.openClose,
    origin: terms.origin,
    orderRef: terms.orderRef,
    outsideRth: terms.outsideRth,
    hidden: terms.hidden,
    displaySize: terms.displaySize,
    triggerMethod: 0,
    trailStopPrice: undefined,
    trailingPercent: undefined,
    lmtPriceOffset: undefined,
    combo: NO_COMBO,
    conditions: NO_CONDITIONS,
    goodAfterTime: "",
    goodTillDate: "",
    allOrNone: false,
    minQty: undefined,
    shadowStopPrice: terms.lmtPrice === undefined ? undefined : toText(add(decimal(terms.lmtPrice), decimal("1"))),
  };
}

/** The order as its callbacks show it. `fresh` marks the first callback of a new order. */
export function orderView(order: Order, instrument: Instrument, zone: string, fresh = false): OrderView {
  return {
    ...termsView(order.terms),
    orderId: order.orderId,
    clientId: order.clientId,
    permId: order.permId,
    parentId: 0,
    contract: contractView(instrument),
    whatIf: false,
    status: order.status,
    filled: order.filled,
    remaining: remainingShown(order),
    avgFillPrice: averagePrice(order.filledValue, order.filled),
    lastFillPrice: order.lastFillPrice,
    whyHeld: order.whyHeld,
    margin: undefined,
    commission: order.commission,
    commissionCurrency: instrument.currency,
    warningText: "",
    completedTime: order.completedMs === undefined ? "" : twsTime(order.completedMs, zone),
    completedStatus: order.completedStatus,
    fresh,
  };
}

/** A cancelled order has nothing left to do at the exchange, but TWS still shows what was not filled. */
function remainingShown(order: Order): string {
  return isOpen(order) || order.status !== "Filled"
    ? toText(subtract(decimal(order.terms.quantity), decimal(order.filled)))
    : "0";
}

/** The answer to a what-if: one openOrder that never becomes an order. */
export function whatIfView(
  draft: { orderId: number; clientId: number; permId: number; terms: OrderTerms; instrument: Instrument },
  result: Pick<OrderView, "margin" | "commission" | "warningText">,
): OrderView {
  return {
    ...termsView(draft.terms),
    orderId: draft.orderId,
    clientId: draft.clientId,
    permId: draft.permId,
    parentId: 0,
    contract: contractView(draft.instrument),
    whatIf: true,
    status: "PreSubmitted",
    filled: "0",
    remaining: draft.terms.quantity,
    avgFillPrice: "0",
    lastFillPrice: "0",
    whyHeld: "",
    commissionCurrency: draft.instrument.currency,
    completedTime: "",
    completedStatus: "",
    fresh: true,
    ...result,
  };
}

export function executionView(execution: Execution, instrument: Instrument, zone: string): ExecutionView {
  const { orderId, execId, account, exchange, side, shares, price, permId, clientId, cumQty, avgPrice } = execution;
  const { orderRef, lastLiquidity } = execution;
  const amounts = { shares, price, cumQty, avgPrice, lastLiquidity };
  const ids = { orderId, execId, account, permId, clientId, orderRef };
  return {
    ...ids,
    ...amounts,
    contract: contractView(instrument),
    time: twsTime(execution.timeMs, zone),
    exchange,
    side,
  };
}
