import { add, decimal, divideRoundingHalfEven, isZero, subtract, toText } from "@countersign/money/decimal";
import type { ContractView } from "../codec/contract-view.ts";
import type { ExecutionView } from "../codec/encode-execution.ts";
import type { OrderView } from "../codec/order-view.ts";
import type { Instrument } from "../market/instrument.ts";
import { twsTime } from "../market/zoned-time.ts";
import type { Execution, Order, OrderTerms } from "./model.ts";
import { isTrailing } from "./order-kinds.ts";
import { workingLimit } from "./triggers.ts";

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
    auxPrice: terms.auxPrice,
    tif: terms.tif,
    account: terms.account,
    openClose: terms.openClose,
    origin: terms.origin,
    orderRef: terms.orderRef,
    outsideRth: terms.outsideRth,
    hidden: terms.hidden,
    displaySize: terms.displaySize,
    triggerMethod: terms.triggerMethod,
    trailingPercent: terms.trailingPercent,
    lmtPriceOffset: terms.lmtPriceOffset,
    combo: terms.combo,
    conditions: terms.conditions,
    goodAfterTime: terms.goodAfterTime,
    goodTillDate: terms.goodTillDate,
    allOrNone: terms.allOrNone,
    minQty: terms.minQty,
    parentId: terms.parentId,
  };
}

/** The group that TWS shows when nothing was said about it. */
const OCA_TYPE_SHOWN = 3;

/** Of an order that waits for a price its stop, of a limit order its limit and one. */
function shadowStop(terms: OrderTerms, stopPrice: string | undefined): string | undefined {
  if (stopPrice !== undefined) return stopPrice;
  return terms.lmtPrice === undefined ? undefined : toText(add(decimal(terms.lmtPrice), decimal("1")));
}

/** The order as its callbacks show it. `fresh` marks the first callback of a new order. */
export function orderView(order: Order, instrument: Instrument, zone: string, fresh = false): OrderView {
  const { terms, stopPrice } = order;
  const limit = isTrailing(terms) ? workingLimit(order) : undefined;
  return {
    ...termsView(terms),
    ...(limit === undefined ? {} : { lmtPrice: toText(limit) }),
    trailStopPrice: isTrailing(terms) ? stopPrice : undefined,
    shadowStopPrice: shadowStop(terms, stopPrice),
    ocaGroup: order.ocaGroup,
    ocaType: order.ocaType === 0 ? OCA_TYPE_SHOWN : order.ocaType,
    orderId: order.orderId,
    clientId: order.clientId,
    permId: order.permId,
    parentPermId: order.parentPermId,
    contract: contractView(instrument),
    whatIf: false,
    status: order.status,
    filled: order.filled,
    remaining: remainingShown(order),
    avgFillPrice: averagePrice(order.filledValue, order.filled),
    lastFillPrice: order.lastFillPrice,
    whyHeld: order.whyHeld,
    mktCapPrice: order.capPrice ?? "0",
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
  return order.status === "Filled" ? "0" : toText(subtract(decimal(order.terms.quantity), decimal(order.filled)));
}

/** The answer to a what-if: one openOrder that never becomes an order. */
export function whatIfView(
  draft: { orderId: number; clientId: number; permId: number; terms: OrderTerms; instrument: Instrument },
  result: Pick<OrderView, "margin" | "commission" | "warningText">,
): OrderView {
  return {
    ...termsView(draft.terms),
    trailStopPrice: draft.terms.trailStopPrice,
    shadowStopPrice: shadowStop(draft.terms, undefined),
    ocaGroup: draft.terms.ocaGroup,
    ocaType: draft.terms.ocaType === 0 ? OCA_TYPE_SHOWN : draft.terms.ocaType,
    orderId: draft.orderId,
    clientId: draft.clientId,
    permId: draft.permId,
    parentPermId: undefined,
    contract: contractView(draft.instrument),
    whatIf: true,
    status: "PreSubmitted",
    filled: "0",
    remaining: draft.terms.quantity,
    avgFillPrice: "0",
    lastFillPrice: "0",
    whyHeld: "",
    mktCapPrice: "0",
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
