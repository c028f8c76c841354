import { compare, decimal, divideRoundingHalfEven, multiply, subtract, toText, ZERO } from "@countersign/money/decimal";
import type { Instrument } from "../market/instrument.ts";
import type { Quote } from "../market/market.ts";
import type { Account, Order, OrderTerms } from "./model.ts";
import { auctionOf, hasTrigger, kindOf } from "./order-kinds.ts";
import type { Reject } from "./reject.ts";

/** A limit further beyond the last price than this is refused. */
const BAND_ABOVE = decimal("1.03");
const BAND_BELOW = decimal("0.97");
const BAND_DECIMALS = 6;
/** Shares of companies as lively as this are hard to borrow. */
const SCARCE_LIVELINESS = 2;
export const LOCATE_MS = 5_000;
export const LOCATING: Reject = { code: 404, text: "Order held while securities are located." };

/** An accepted order before anything happened to it. */
export function newOrder(placed: {
  readonly orderId: number;
  readonly clientId: number;
  readonly permId: number;
  readonly acceptedMs: number;
  readonly terms: OrderTerms;
}): Order {
  return {
    ...placed,
    status: "PreSubmitted",
    whyHeld: "",
    filled: "0",
    filledValue: "0",
    fills: 0,
    lastFillPrice: "0",
    commission: undefined,
    expiresMs: undefined,
    activeFromMs: undefined,
    locateUntilMs: undefined,
    parentPermId: undefined,
    heldByParent: false,
    ocaGroup: placed.terms.ocaGroup,
    ocaType: placed.terms.ocaType,
    working: false,
    triggered: false,
    triggerHits: 0,
    stopPrice: undefined,
    conditionsMet: false,
    capPrice: undefined,
    becameMarket: false,
    completedMs: undefined,
    completedStatus: "",
  };
}

/** The reason of TWS against a limit that is too far beyond the market; undefined = near enough. */
export function bandReason(terms: OrderTerms, instrument: Instrument, quote: Quote): string | undefined {
  const isPlain = kindOf(terms.orderType).works === "limit" && !hasTrigger(terms) && auctionOf(terms) === undefined;
  if (!isPlain || instrument.secType !== "STK" || terms.lmtPrice === undefined) return undefined;
  const buys = terms.action === "BUY";
  const edge = multiply(quote.last, buys ? BAND_ABOVE : BAND_BELOW);
  const distance = compare(decimal(terms.lmtPrice), edge);
  if (buys ? distance < 0 : distance > 0) return undefined;
  const shown = toText(divideRoundingHalfEven(edge, decimal("1"), BAND_DECIMALS));
  return (
    `We cannot accept an order at a limit price at or more aggressive than ${shown}. Please submit your order using a ` +
    `limit price that is closer to the current market price of ${toText(quote.last)}.`
  );
}

/** True when shares have to be found before the order can sell them short. */
export function needsLocate(terms: OrderTerms, instrument: Instrument, account: Account): boolean {
  if (terms.action !== "SELL" || instrument.secType !== "STK" || instrument.stockType !== "COMMON") return false;
  if (instrument.liveliness < SCARCE_LIVELINESS) return false;
  const held = decimal(account.positions[String(instrument.conId)]?.quantity ?? "0");
  return compare(subtract(held, decimal(terms.quantity)), ZERO) < 0;
}

/** True while anything but its market keeps an order from its exchange. */
export function isHeld(order: Order): boolean {
  const { terms } = order;
  const waitsForCondition = terms.conditions.list.length > 0 && !terms.conditions.cancelOrder && !order.conditionsMet;
  return (
    order.heldByParent ||
    order.activeFromMs !== undefined ||
    order.locateUntilMs !== undefined ||
    (hasTrigger(terms) && !order.triggered) ||
    waitsForCondition
  );
}
