import { add, compare, type Decimal, decimal, toText, ZERO } from "@countersign/money/decimal";
import { barsOf } from "./bars.ts";
import type { Calendar } from "./calendar.ts";
import type { Instrument } from "./instrument.ts";
import type { Market } from "./market.ts";

const BARS_MAX = 5_000;
const DAY_SECONDS = 86_400;
const BAR_SECONDS = 300;
/** Over many days of a market that never closes; the shorter ones would be more than may be made at once. */
const LONG_BAR_SECONDS = 1_800;
const DAYS: Readonly<Record<string, number>> = { day: 1, week: 7, month: 30 };
const DAYS_MAX = 30;

/** `3 days`, `1 week`, `1 month`: whole days, 30 at most; undefined for anything else. */
export function parsePeriod(text: string): number | undefined {
  const match = /^(\d{1,3}) (day|week|month)s?$/.exec(text.trim().toLowerCase());
  const days = Number(match?.[1] ?? 0) * (DAYS[match?.[2] ?? ""] ?? 0);
  return days < 1 || days > DAYS_MAX ? undefined : days;
}

/** How much was traded at which price, lowest price first. */
export function histogramOf(
  deps: { readonly market: Market; readonly calendar: Calendar },
  request: {
    readonly instrument: Instrument;
    readonly days: number;
    readonly endMs: number;
    readonly liquidOnly: boolean;
  },
): { readonly price: string; readonly size: string }[] {
  const { instrument, days, endMs, liquidOnly } = request;
  const seconds = (days * DAY_SECONDS) / BAR_SECONDS > BARS_MAX ? LONG_BAR_SECONDS : BAR_SECONDS;
  const spans = { size: { kind: "seconds", seconds }, duration: { kind: "days", days } } as const;
  const bars = barsOf(deps, { instrument, ...spans, endMs, liquidOnly }, BARS_MAX);
  if (bars === undefined) throw new RangeError(`a histogram of ${days} days takes too many bars`);
  const sizes = new Map<string, Decimal>();
  for (const bar of bars) sizes.set(bar.close, add(sizes.get(bar.close) ?? ZERO, decimal(bar.volume)));
  const rows = [...sizes].sort(([left], [right]) => compare(decimal(left), decimal(right)));
  return rows.map(([price, size]) => ({ price, size: toText(size) }));
}
