import type { Bar, BarSize } from "@countersign/contracts/bars";
import { type Bucket, type BucketSize, bucketSizes } from "./buckets.ts";
import { type LocalClock, localClock } from "./local-time.ts";
import { averageOf, textOf, unitsOf } from "./units.ts";

export interface Resampled {
  readonly bars: readonly Bar[];
  /** Null: they are the bars of the broker. */
  readonly resampled: { readonly size: string; readonly factor: number; readonly of: number } | null;
}

export interface ResampleContext {
  readonly size: BarSize;
  readonly zone: string;
  readonly maxPoints: number;
  /** True when a part of the stretch belongs to the bucket and is not among the bars. */
  readonly isCut: (bucket: Bucket) => boolean;
}

/**
 * At most `maxPoints` bars: the broker's own, or the shortest longer ones that are few enough. Undefined: even the longest
 * that are honest for this size are too many, since bars within a day are never put together across days.
 */
export function resample(bars: readonly Bar[], context: ResampleContext): Resampled | undefined {
  if (bars.length <= context.maxPoints) return { bars, resampled: null };
  const clock = localClock(context.zone);
  for (const size of bucketSizes(context.size)) {
    const groups = groupsOf(bars, size, { clock, maxPoints: context.maxPoints });
    if (groups === undefined) continue;
    const factor = groups.reduce((most, { members }) => Math.max(most, members.length), 0);
    const merged = groups.map(({ bucket, members }) => mergeBars(members, context.isCut(bucket)));
    return { bars: merged, resampled: { size: size.name, factor, of: bars.length } };
  }
  return undefined;
}

interface Group {
  readonly bucket: Bucket;
  readonly members: Bar[];
}

/** Undefined: they are more than `maxPoints`. */
function groupsOf(
  bars: readonly Bar[],
  size: BucketSize,
  { clock, maxPoints }: { readonly clock: LocalClock; readonly maxPoints: number },
): Group[] | undefined {
  const groups: Group[] = [];
  let key: string | undefined;
  for (const bar of bars) {
    const found = size.keyOf(bar, clock);
    if (found === key) {
      groups.at(-1)?.members.push(bar);
      continue;
    }
    if (groups.length >= maxPoints) return undefined;
    key = found;
    groups.push({ bucket: size.bucketOf(bar, clock), members: [bar] });
  }
  return groups;
}

/** Several bars as one. `members` is not empty and in the order of time. Absent figures of one are absent in the sum. */
export function mergeBars(members: readonly Bar[], isCut: boolean): Bar {
  const [first, last] = [members[0], members.at(-1)];
  if (first === undefined || last === undefined) throw new TypeError("nothing to put together");
  return {
    time: first.time,
    date: first.date,
    open: first.open,
    high: extreme(members, (bar) => bar.high, 1),
    low: extreme(members, (bar) => bar.low, -1),
    close: last.close,
    volume: sumOf(members.map(({ volume }) => volume)),
    trades: members.reduce<number | null>(
      (sum, { trades }) => (sum === null || trades === null ? null : sum + trades),
      0,
    ),
    averagePrice: weightedAverage(members),
    partial: isCut || members.some(({ partial }) => partial),
    merged: members.reduce((sum, { merged }) => sum + merged, 0),
  };
}

function extreme(members: readonly Bar[], figure: (bar: Bar) => string, sign: 1 | -1): string {
  let [best, bestUnits]: [string, bigint | undefined] = ["", undefined];
  for (const member of members) {
    const units = unitsOf(figure(member));
    if (bestUnits !== undefined && (sign === 1 ? units <= bestUnits : units >= bestUnits)) continue;
    [best, bestUnits] = [figure(member), units];
  }
  return best;
}

function sumOf(figures: readonly (string | null)[]): string | null {
  let sum = 0n;
  for (const figure of figures) {
    if (figure === null) return null;
    sum += unitsOf(figure);
  }
  return textOf(sum);
}

/** Weighted by volume. Null when a bar that traded has none, or nothing was traded. */
function weightedAverage(members: readonly Bar[]): string | null {
  let [weighted, volumes] = [0n, 0n];
  for (const { averagePrice, volume } of members) {
    if (volume === null) return null;
    const traded = unitsOf(volume);
    if (traded === 0n) continue;
    if (averagePrice === null) return null;
    weighted += unitsOf(averagePrice) * traded;
    volumes += traded;
  }
  return volumes === 0n ? null : textOf(averageOf(weighted, volumes));
}
