import { utcText } from "@countersign/clock/clock";
import type { Bar, BarSize, WhatToShow } from "@countersign/contracts/bars";
import type { BarRow } from "@countersign/contracts/messages/broker.v1";
import type { RefusedBar } from "@countersign/contracts/messages/md-bars.v1";
import { addDays, weekdayOf } from "../calendar/dates.ts";
import { SIZE_RULES } from "./bar-sizes.ts";
import { hasVolume, lowestPrice } from "./kinds.ts";
import { dayText, localTime } from "./local-time.ts";
import { unitsOf } from "./units.ts";

export interface JudgedBars {
  /** Oldest first, one for each time. */
  readonly bars: readonly Bar[];
  readonly refused: readonly RefusedBar[];
}

export interface JudgeContext {
  readonly size: BarSize;
  readonly whatToShow: WhatToShow;
  readonly secType: string;
  readonly zone: string;
  /** When the broker answered: what is not over by then is unfinished. */
  readonly asOfMs: number;
}

type Reason = RefusedBar["reason"];
const INSTANT = /^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:.]{12}Z$/;
const DATE = /^[0-9]{4}-[0-9]{2}-[0-9]{2}$/;
/** TWS for "none". */
const NONE = "-1";

/**
 * Rows as they came, as bars in the order of their time. What cannot be is refused with its reason and never mended; the
 * same row twice counts once, and of two rows of one time that differ neither can be believed before the other.
 */
export function judgeBars(rows: readonly BarRow[], context: JudgeContext): JudgedBars {
  const refused: RefusedBar[] = [];
  const byTime = new Map<string, { readonly bar: Bar; readonly text: string }>();
  const conflicts = new Set<string>();
  for (const row of rows) {
    const read = readRow(row, context);
    if ("reason" in read) {
      refused.push(read);
      continue;
    }
    const [key, text] = [read.time ?? read.date ?? "", textOf(row)];
    const other = byTime.get(key);
    if (other !== undefined && other.text !== text) {
      refused.push(refusal(row, "conflicting", read));
      if (!conflicts.has(key)) refused.push({ ...refusal(row, "conflicting", read), text: other.text });
      conflicts.add(key);
    } else byTime.set(key, { bar: read, text });
  }
  const kept = [...byTime].filter(([key]) => !conflicts.has(key)).sort(([a], [b]) => (a < b ? -1 : 1));
  return { bars: kept.map(([, { bar }]) => bar), refused };
}

function readRow(row: BarRow, context: JudgeContext): Bar | RefusedBar {
  const [time, open, high, low, close] = row;
  const at = atOf(time, context.size);
  if (at === undefined) return refusal(row, "badTime", { time: null, date: null });
  if (open === null || high === null || low === null || close === null) return refusal(row, "noPrice", at);
  const wrong = wrongPrice({ open, high, low, close }, lowestPrice(context.secType, context.whatToShow));
  if (wrong !== undefined) return refusal(row, wrong, at);
  const more = tradedOf(row, context, { high, low });
  if (typeof more === "string") return refusal(row, more, at);
  return { ...at, open, high, low, close, ...more, partial: isUnfinished(at, context), merged: 1 };
}

function atOf(time: string, size: BarSize): Pick<Bar, "time" | "date"> | undefined {
  const inDay = SIZE_RULES[size].lengthMs !== null;
  // A day that does not exist is read as one that does.
  const atMs = Date.parse(time);
  if (!(inDay ? INSTANT : DATE).test(time) || Number.isNaN(atMs)) return undefined;
  if ((inDay ? utcText(atMs) : dayText(atMs)) !== time) return undefined;
  return inDay ? { time, date: null } : { time: null, date: time };
}

type Prices = Pick<Bar, "open" | "high" | "low" | "close">;

function wrongPrice(prices: Prices, lowest: ReturnType<typeof lowestPrice>): Reason | undefined {
  const [open, high] = [unitsOf(prices.open), unitsOf(prices.high)];
  const [low, close] = [unitsOf(prices.low), unitsOf(prices.close)];
  if (high < low) return "highBelowLow";
  if (open < low || open > high) return "openOutside";
  if (close < low || close > high) return "closeOutside";
  if (lowest === "any") return undefined;
  return low < 0n || (lowest === "aboveZero" && low === 0n) ? "notPositive" : undefined;
}

/** Volume, trades and average price; the reason when a volume is below zero and yet not TWS's word for none. */
function tradedOf(
  [, , , , , volume, averagePrice, trades]: BarRow,
  { whatToShow }: JudgeContext,
  { high, low }: Pick<Bar, "high" | "low">,
): Pick<Bar, "volume" | "trades" | "averagePrice"> | Reason {
  const none = { volume: null, trades: null, averagePrice: null };
  if (!hasVolume(whatToShow) || volume === null || volume === NONE) return none;
  const traded = unitsOf(volume);
  if (traded < 0n) return "negativeVolume";
  const count = trades === null || trades < 0 ? null : trades;
  // Where nothing was traded there is no average, whatever stands in its field.
  const within = averagePrice !== null && traded !== 0n && isBetween(averagePrice, low, high);
  return { volume, trades: count, averagePrice: within ? averagePrice : null };
}

function isBetween(value: string, low: string, high: string): boolean {
  const units = unitsOf(value);
  return units >= unitsOf(low) && units <= unitsOf(high);
}

function isUnfinished({ time, date }: Pick<Bar, "time" | "date">, { size, zone, asOfMs }: JudgeContext): boolean {
  const { lengthMs } = SIZE_RULES[size];
  if (time !== null && lengthMs !== null) return Date.parse(time) + lengthMs > asOfMs;
  const today = localTime(zone, asOfMs).date;
  return date !== null && lastDayOf(date, size) >= today;
}

/** The last calendar day of the bar that a date stands for. */
export function lastDayOf(date: string, size: BarSize): string {
  if (size === "1 month") {
    const [year, month] = date.split("-").map(Number);
    return addDays(dayText(Date.UTC(year ?? 0, month ?? 1, 1)), -1);
  }
  return size === "1 week" ? addDays(date, (7 - weekdayOf(date)) % 7) : date;
}

function refusal(row: BarRow, reason: Reason, at: Pick<Bar, "time" | "date">): RefusedBar {
  return { time: at.time, date: at.date, reason, text: textOf(row) };
}

function textOf(row: BarRow): string {
  return row.join(" ").slice(0, 300);
}
