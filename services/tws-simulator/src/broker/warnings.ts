import { compare, decimal } from "@countersign/money/decimal";
import type { Calendar } from "../market/calendar.ts";
import type { Instrument } from "../market/instrument.ts";
import type { Market } from "../market/market.ts";
import { twsTime } from "../market/zoned-time.ts";
import type { Order, OrderTerms } from "./model.ts";
import type { Reject } from "./validate-order.ts";

const ODD_LOT_BASE_UNITS = "20000";

export interface Timing {
  readonly market: Market;
  readonly calendar: Calendar;
  readonly nowMs: number;
}

/** Which hours an order lives in: the whole trading day for FX, futures and limit orders outside regular hours. */
export function sessionKind(terms: OrderTerms, instrument: Instrument): "trading" | "liquid" {
  const wholeDay = instrument.secType === "CASH" || instrument.secType === "FUT";
  return wholeDay || (terms.outsideRth && terms.orderType === "LMT") ? "trading" : "liquid";
}

/** When the order reaches its exchange; undefined = at once. */
export function waitsUntil(timing: Timing, terms: OrderTerms, instrument: Instrument): number | undefined {
  const kind = sessionKind(terms, instrument);
  if (timing.market.isOpen(instrument, kind)) return undefined;
  const openMs = timing.calendar.nextOpenMs(timing.market.hours(instrument), timing.nowMs, kind);
  if (openMs === undefined) throw new Error(`the calendar of ${instrument.exchange} has no next opening`);
  return openMs;
}

/** The 399 messages of TWS that come before the acknowledgement. */
export function warnings(timing: Timing, order: Order, instrument: Instrument): Reject[] {
  const { terms } = order;
  const name = `${terms.action} ${terms.quantity} ${instrument.localSymbol}`;
  const found: Reject[] = [];
  if (order.activeFromMs !== undefined) {
    const when = dashed(twsTime(order.activeFromMs, timing.market.hours(instrument).timeZoneId));
    const text = `Warning: Your order will not be placed at the exchange until ${when}.`;
    found.push({ code: 399, text: `Order Message:\n${name} ${venueName(instrument)}\n${text}` });
  }
  if (instrument.secType === "CASH" && compare(decimal(terms.quantity), decimal(ODD_LOT_BASE_UNITS)) < 0) {
    const minimum = `${instrument.symbol} ${ODD_LOT_BASE_UNITS}`;
    const text = `Warning: Your order size is below the ${minimum} IdealPro minimum and will be routed as an odd lot order.`;
    found.push({ code: 399, text: `Order Message:\n${name} Forex\n${text}` });
  }
  return found;
}

function venueName(instrument: Instrument): string {
  return instrument.primaryExchange === "NASDAQ" ? "NASDAQ.NMS" : instrument.primaryExchange || instrument.exchange;
}

/** `20260825 09:30:00 US/Eastern` as order messages write it: `2026-08-25 09:30:00 US/Eastern`. */
function dashed(time: string): string {
  return `${time.slice(0, 4)}-${time.slice(4, 6)}-${time.slice(6)}`;
}
