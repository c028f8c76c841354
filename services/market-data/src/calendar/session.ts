import { utcText } from "@countersign/clock/clock";
import type { Instrument } from "@countersign/contracts/instrument";
import type { MarketSession } from "@countersign/contracts/market-session";
import { calendarOf, type MarketCalendar, type WeekShape } from "./market-calendar.ts";
import { marketStateAt } from "./market-state.ts";
import { parseTradingHours } from "./trading-hours.ts";
import { localDate } from "./zoned-time.ts";

/** A calendar and whose word it is, or why there is none. */
export type KnownCalendar =
  | { readonly calendar: MarketCalendar; readonly source: MarketSession["source"] }
  | { readonly missing: string };

/** The calendar that a contract brings along: its own hours in its own zone. */
export function contractCalendar(instrument: Instrument, shape: WeekShape): KnownCalendar {
  const { tradingHours, liquidHours, timeZoneId } = instrument;
  const trading = parseTradingHours(tradingHours, timeZoneId);
  if ("malformed" in trading) return { missing: `trading hours: ${trading.malformed}` };
  const liquid = parseTradingHours(liquidHours, timeZoneId);
  if ("malformed" in liquid) return { missing: `liquid hours: ${liquid.malformed}` };
  return { calendar: calendarOf(trading, liquid, shape), source: "contract" };
}

/** Whether a market is open at an instant. What the calendar does not cover is `unknown`: not open and not closed. */
export function sessionAt(
  known: KnownCalendar,
  { conid, timeZoneId }: Pick<Instrument, "conid" | "timeZoneId">,
  nowMs: number,
): MarketSession {
  const text = (ms: number | undefined) => (ms === undefined ? null : utcText(ms));
  const calendar = "missing" in known ? EMPTY : known.calendar;
  const at = marketStateAt(calendar, nowMs);
  const date = at.state === "unknown" ? undefined : localDate(calendar.zone, nowMs);
  const today = calendar.days.find((day) => day.date === date);
  return {
    conid,
    state: at.state,
    session: at.session,
    nextOpen: text(at.nextOpenMs),
    nextClose: text(at.nextCloseMs),
    nextLiquidOpen: text(at.nextLiquidOpenMs),
    nextLiquidClose: text(at.nextLiquidCloseMs),
    ...(at.liquidSinceMs !== undefined && { liquidSince: utcText(at.liquidSinceMs) }),
    tradeDate: at.tradeDate ?? null,
    today: today === undefined ? null : { date: today.date, kind: today.kind },
    days: calendar.days.map((day) => day.date),
    coveredUntil: text(at.coveredUntilMs),
    source: "missing" in known ? "contract" : known.source,
    // Of a calendar its own: the name that TWS gives may mean another zone, or none, to whoever reads it.
    timeZoneId: "missing" in known ? timeZoneId : calendar.zone,
    asOf: utcText(nowMs),
    reason: "missing" in known ? known.missing : reasonOf(at.state, known.source),
  };
}

const EMPTY: MarketCalendar = { zone: "Etc/UTC", days: [], open: [], liquid: [], covered: [] };

function reasonOf(state: MarketSession["state"], source: MarketSession["source"]): string {
  const hours = source === "contract" ? "the contract's trading hours" : "the usual hours of its exchange";
  if (state === "unknown") return `${hours} do not cover now`;
  return state === "open" ? `within ${hours}` : `outside ${hours}`;
}
