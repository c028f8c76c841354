import { compare, decimal } from "@countersign/money/decimal";
import type { Calendar } from "../market/calendar.ts";
import type { Instrument } from "../market/instrument.ts";
import type { Market } from "../market/market.ts";
import { parseTwsTime } from "../market/zoned-time.ts";
import type { OrderTerms } from "./model.ts";
import { auctionOf, hasTrigger, kindOf } from "./order-kinds.ts";

/** The zone of times that a client writes without one, and whose midnight starts a new account day. */
export const DAY_ZONE = "US/Eastern";

export interface Timing {
  readonly market: Market;
  readonly calendar: Calendar;
  readonly nowMs: number;
}

type SessionKind = "trading" | "liquid";

/** True for the types that may work outside regular hours when their flag asks for it: limits, and what is triggered. */
export function worksOutsideRth(terms: OrderTerms): boolean {
  if (auctionOf(terms) !== undefined) return false;
  return kindOf(terms.orderType).works === "limit" || hasTrigger(terms);
}

/** Which hours an order lives in: the whole trading day for FX, futures and limits with the flag outsideRth. */
export function sessionKind(terms: OrderTerms, instrument: Instrument): SessionKind {
  if (auctionOf(terms) !== undefined) return "liquid";
  const wholeDay = ["CASH", "FUT", "FOP"].includes(instrument.secType);
  return wholeDay || (terms.outsideRth && worksOutsideRth(terms)) ? "trading" : "liquid";
}

export function isOpenFor(market: Market, terms: OrderTerms, instrument: Instrument): boolean {
  return market.isOpen(instrument, sessionKind(terms, instrument), terms.exchange);
}

function found(openMs: number | undefined, instrument: Instrument): number {
  if (openMs === undefined) throw new Error(`the calendar of ${instrument.exchange} has no next session`);
  return openMs;
}

/** The instant of the auction that the order is for; undefined when it is for none. */
function auctionMs(timing: Timing, terms: OrderTerms, instrument: Instrument): number | undefined {
  const auction = auctionOf(terms);
  if (auction === undefined) return undefined;
  const { calendar, market, nowMs } = timing;
  const hours = market.hours(instrument, terms.exchange);
  const next =
    auction === "open" ? calendar.nextOpenMs(hours, nowMs, "liquid") : calendar.nextCloseMs(hours, nowMs, "liquid");
  return found(next, instrument);
}

/** The opening that the order waits for; undefined = its market is open. */
function openingMs(timing: Timing, terms: OrderTerms, instrument: Instrument): number | undefined {
  if (auctionOf(terms) !== undefined || isOpenFor(timing.market, terms, instrument)) return undefined;
  const hours = timing.market.hours(instrument, terms.exchange);
  return found(timing.calendar.nextOpenMs(hours, timing.nowMs, sessionKind(terms, instrument)), instrument);
}

/** `20270104 15:00:00 US/Eastern` or a date alone, which is its midnight; undefined when it is empty or not a time. */
export function orderTimeMs(text: string): number | undefined {
  return text === "" ? undefined : parseTwsTime(text, DAY_ZONE);
}

export interface Waiting {
  /** The opening that a client is warned of with 399; undefined = none. */
  readonly openingMs: number | undefined;
  /** From when on the order may match; undefined = at once. */
  readonly activeFromMs: number | undefined;
}

export function waiting(timing: Timing, terms: OrderTerms, instrument: Instrument): Waiting {
  const opening = openingMs(timing, terms, instrument);
  const after = orderTimeMs(terms.goodAfterTime) ?? 0;
  const first = Math.max(opening ?? 0, auctionMs(timing, terms, instrument) ?? 0, after > timing.nowMs ? after : 0);
  return { openingMs: opening, activeFromMs: first === 0 ? undefined : first };
}

/** A date alone means the close of that day's session, or the end of the day when it has none. */
function goodTillMs(timing: Timing, terms: OrderTerms, instrument: Instrument): number | undefined {
  const text = terms.goodTillDate.trim();
  const givenMs = orderTimeMs(text);
  if (givenMs === undefined || !/^\d{8}$/.test(text)) return givenMs;
  const session = timing.calendar.session(
    timing.market.hours(instrument, terms.exchange),
    text,
    sessionKind(terms, instrument),
  );
  return session?.closeMs ?? givenMs + 86_400_000 - 1000;
}

/** When the order ends by itself; undefined = not by the clock. */
export function expiryMs(timing: Timing, terms: OrderTerms, instrument: Instrument): number | undefined {
  if (terms.tif === "GTD") return goodTillMs(timing, terms, instrument);
  if (terms.tif !== "DAY" || auctionOf(terms) !== undefined) return undefined;
  const fromMs = Math.max(timing.nowMs, orderTimeMs(terms.goodAfterTime) ?? 0);
  return timing.calendar.nextCloseMs(
    timing.market.hours(instrument, terms.exchange),
    fromMs,
    sessionKind(terms, instrument),
  );
}

/** Below this many base units a currency order is an odd lot. */
const ODD_LOT_BASE_UNITS = "20000";

export function oddLotMinimum(terms: OrderTerms, instrument: Instrument): string | undefined {
  const odd = instrument.secType === "CASH" && compare(decimal(terms.quantity), decimal(ODD_LOT_BASE_UNITS)) < 0;
  return odd ? `${instrument.symbol} ${ODD_LOT_BASE_UNITS}` : undefined;
}
