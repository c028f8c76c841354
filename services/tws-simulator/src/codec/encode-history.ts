import type { Reply } from "./literals.ts";

/** One bar. `volume` and `wap` are -1 for what has none. */
export interface BarView {
  readonly date: string;
  readonly open: string;
  readonly high: string;
  readonly low: string;
  readonly close: string;
  readonly volume: string;
  readonly wap: string;
  readonly count: number;
}

export function encodeHistoricalData(
  reqId: number,
  history: { readonly start: string; readonly end: string; readonly bars: readonly BarView[] },
): Reply {
  const tokens = ["17", String(reqId), history.start, history.end, String(history.bars.length)];
  for (const bar of history.bars) {
    tokens.push(bar.date, bar.open, bar.high, bar.low, bar.close, bar.volume, bar.wap, String(bar.count));
  }
  return { name: "historicalData", tokens };
}

/** The order of prices differs from historicalData: open, close, high, low. */
export function encodeHistoricalDataUpdate(reqId: number, bar: BarView): Reply {
  const prices = [bar.open, bar.close, bar.high, bar.low, bar.wap, bar.volume];
  return { name: "historicalDataUpdate", tokens: ["90", String(reqId), String(bar.count), bar.date, ...prices] };
}

export function encodeHeadTimestamp(reqId: number, timestamp: string): Reply {
  return { name: "headTimestamp", tokens: ["88", String(reqId), timestamp] };
}

export interface ScheduleView {
  readonly start: string;
  readonly end: string;
  readonly timeZone: string;
  /** `YYYYMMDD-HH:MM:SS` in that zone, with the trading day `YYYYMMDD`. */
  readonly sessions: readonly { readonly open: string; readonly close: string; readonly refDate: string }[];
}

export function encodeHistoricalSchedule(reqId: number, schedule: ScheduleView): Reply {
  const { start, end, timeZone, sessions } = schedule;
  const rows = sessions.flatMap((session) => [session.open, session.close, session.refDate]);
  const head = ["106", String(reqId), start, end, timeZone, String(sessions.length)];
  return { name: "historicalSchedule", tokens: [...head, ...rows] };
}
