import { utcText } from "@countersign/clock/clock";
import type { Instrument, MarketSession } from "@countersign/contracts/instrument";
import { type OpenRange, type ParsedHours, parseTradingHours } from "./trading-hours.ts";

/**
 * Whether the market of an instrument is open now, from the contract's own hours and zone. Hours that are missing,
 * malformed, or do not reach to now give `unknown`: not open and not closed.
 */
export function sessionOf(instrument: Instrument, nowMs: number): MarketSession {
  const zone = instrument.timeZoneId;
  const base = { conid: instrument.conid, timeZoneId: zone, asOf: utcText(nowMs) };
  const unknown = (reason: string): MarketSession => ({
    ...base,
    state: "unknown",
    session: "none",
    nextOpen: null,
    nextClose: null,
    reason,
  });
  const { trading, liquid } = hoursOf(instrument);
  if ("malformed" in trading) return unknown(`trading hours: ${trading.malformed}`);
  if ("malformed" in liquid) return unknown(`liquid hours: ${liquid.malformed}`);
  if (nowMs >= trading.lastDayEndMs) return unknown("the hours end before now; the instrument must be asked again");
  const now = rangeAt(trading.ranges, nowMs);
  const regular = rangeAt(liquid.ranges, nowMs);
  const next = trading.ranges.find((range) => range.startMs > nowMs);
  return {
    ...base,
    state: now === undefined ? "closed" : "open",
    session: regular !== undefined ? "liquid" : now !== undefined ? "extended" : "none",
    nextOpen: next === undefined ? null : utcText(next.startMs),
    nextClose: now === undefined ? null : utcText(now.endMs),
    reason: now === undefined ? "outside the contract's trading hours" : "within the contract's trading hours",
  };
}

const parsed = new WeakMap<Instrument, { trading: ParsedHours; liquid: ParsedHours }>();

/** Read once for each copy of an instrument that the cache holds: a week of hours in a zone costs more than the answer. */
function hoursOf(instrument: Instrument): { trading: ParsedHours; liquid: ParsedHours } {
  const known = parsed.get(instrument);
  if (known !== undefined) return known;
  const { tradingHours, liquidHours, timeZoneId } = instrument;
  const hours = {
    trading: parseTradingHours(tradingHours, timeZoneId),
    liquid: parseTradingHours(liquidHours, timeZoneId),
  };
  parsed.set(instrument, hours);
  return hours;
}

function rangeAt(ranges: readonly OpenRange[], nowMs: number): OpenRange | undefined {
  return ranges.find((range) => range.startMs <= nowMs && nowMs < range.endMs);
}
