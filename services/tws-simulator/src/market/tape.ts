import { add, type Decimal, decimal, divideRoundingHalfEven, toText } from "@countersign/money/decimal";
import type { Calendar } from "./calendar.ts";
import type { Instrument } from "./instrument.ts";
import type { Market, Quote } from "./market.ts";
import { BUCKET_MS } from "./price-path.ts";
import { type SessionSearch, sessionsAfter, sessionsBefore } from "./sessions.ts";

const MIDPOINT_DECIMALS = 8;
const TWO = decimal("2");

/** The market at one instant of the tape. */
export interface TapeTick {
  readonly timeMs: number;
  readonly quote: Quote;
  /** Where the trade of this instant happened. */
  readonly venue: string;
}

/** Currencies and combinations have quotes and no reported trades of their own. */
export function hasTrades(instrument: Instrument): boolean {
  return instrument.secType !== "CASH" && instrument.secType !== "BAG";
}

/** An index is computed from trades elsewhere and has no bid and no ask. */
export function hasQuotes(instrument: Instrument): boolean {
  return instrument.secType !== "IND";
}

export function midpointText(quote: Quote): string {
  const sum: Decimal = add(quote.bid, quote.ask);
  return toText(divideRoundingHalfEven(sum, TWO, MIDPOINT_DECIMALS));
}

/** Which venue reports the trade of this bucket; never SMART. */
export function venueAt(instrument: Instrument, bucket: number): string {
  const venues = instrument.validExchanges.filter((venue) => venue !== "SMART");
  return venues[(bucket + instrument.conId) % venues.length] ?? instrument.fillVenue;
}

export interface TapeRequest {
  readonly instrument: Instrument;
  readonly liquidOnly: boolean;
  readonly count: number;
}

interface TapeDeps {
  readonly market: Market;
  readonly calendar: Calendar;
}

/** The first ticks from an instant on, oldest first, none of them after `nowMs`. */
export function ticksFrom(deps: TapeDeps, request: TapeRequest, span: { fromMs: number; nowMs: number }): TapeTick[] {
  const found: TapeTick[] = [];
  for (const session of sessionsAfter(searchOf(deps, request), span.fromMs)) {
    const first = Math.ceil(Math.max(session.openMs, span.fromMs) / BUCKET_MS);
    const endMs = Math.min(session.closeMs, span.nowMs);
    for (let bucket = first; bucket * BUCKET_MS < endMs; bucket += 1) {
      if (found.length >= request.count) return found;
      found.push(tickAt(deps, request.instrument, bucket));
    }
    if (session.closeMs >= span.nowMs) break;
  }
  return found;
}

/** The last ticks before an instant, oldest first. */
export function ticksUntil(deps: TapeDeps, request: TapeRequest, untilMs: number): TapeTick[] {
  const found: TapeTick[] = [];
  for (const session of sessionsBefore(searchOf(deps, request), untilMs)) {
    const last = Math.ceil(Math.min(session.closeMs, untilMs) / BUCKET_MS) - 1;
    for (let bucket = last; bucket * BUCKET_MS >= session.openMs; bucket -= 1) {
      if (found.length >= request.count) return found.reverse();
      found.push(tickAt(deps, request.instrument, bucket));
    }
  }
  return found.reverse();
}

function searchOf({ market, calendar }: TapeDeps, request: TapeRequest): SessionSearch {
  return { calendar, hours: market.hours(request.instrument), kind: request.liquidOnly ? "liquid" : "trading" };
}

function tickAt({ market }: TapeDeps, instrument: Instrument, bucket: number): TapeTick {
  const timeMs = bucket * BUCKET_MS;
  return { timeMs, quote: market.quote(instrument, timeMs), venue: venueAt(instrument, bucket) };
}
