import type { SessionKind } from "@countersign/contracts/market-session";
import type { MarketCalendar } from "./market-calendar.ts";
import { spanAt } from "./spans.ts";
import type { Span } from "./trading-hours.ts";
import { localMinute } from "./zoned-time.ts";

/** What is known of a market at an instant. Undefined means: not within what the calendar covers. */
export interface MarketState {
  readonly state: "open" | "closed" | "unknown";
  readonly session: SessionKind | "none";
  /** The first opening, and the first close, after the instant; of sessions that touch only the last one closes. */
  readonly nextOpenMs: number | undefined;
  readonly nextCloseMs: number | undefined;
  readonly nextLiquidOpenMs: number | undefined;
  readonly nextLiquidCloseMs: number | undefined;
  /** When the regular hours began that the instant lies in. */
  readonly liquidSinceMs?: number;
  /** The date of the session that the instant lies in. */
  readonly tradeDate: string | undefined;
  /** Until when all of this holds without a gap in what is known. */
  readonly coveredUntilMs: number | undefined;
}

const UNKNOWN: MarketState = {
  state: "unknown",
  session: "none",
  nextOpenMs: undefined,
  nextCloseMs: undefined,
  nextLiquidOpenMs: undefined,
  nextLiquidCloseMs: undefined,
  tradeDate: undefined,
  coveredUntilMs: undefined,
};

export function marketStateAt(calendar: MarketCalendar, atMs: number): MarketState {
  const known = spanAt(calendar.covered, atMs);
  if (known === undefined) return UNKNOWN;
  const day = calendar.days.find(({ sessions }) => spanAt(sessions, atMs) !== undefined);
  const session = day === undefined ? undefined : spanAt(day.sessions, atMs);
  const [open, liquid] = [
    next(calendar.open, calendar.zone, { known, atMs }),
    next(calendar.liquid, calendar.zone, { known, atMs }),
  ];
  const since = spanAt(calendar.liquid, atMs)?.startMs;
  return {
    ...(since !== undefined && { liquidSinceMs: since }),
    state: session === undefined ? "closed" : "open",
    session: session?.session ?? "none",
    nextOpenMs: open.startMs,
    nextCloseMs: open.endMs,
    nextLiquidOpenMs: liquid.startMs,
    nextLiquidCloseMs: liquid.endMs,
    tradeDate: day?.date,
    coveredUntilMs: known.endMs,
  };
}

/** The first start and the first end after an instant, as far as it is known. */
function next(spans: readonly Span[], zone: string, { known, atMs }: { known: Span; atMs: number }): Partial<Span> {
  const starts = spans.find(({ startMs }) => startMs > atMs && startMs < known.endMs);
  const ends = spans.find(({ endMs }) => endMs > atMs);
  const start = starts === undefined ? {} : { startMs: starts.startMs };
  return ends !== undefined && isClose(ends, zone, known) ? { ...start, endMs: ends.endMs } : start;
}

/** A span that reaches the midnight at which the knowledge ends may go on after it. */
function isClose({ startMs, endMs }: Span, zone: string, known: Span): boolean {
  if (startMs >= known.endMs || endMs > known.endMs) return false;
  return endMs < known.endMs || localMinute(zone, endMs) !== 0;
}
