/** One bar of a file; prices as a model uses them, rounded to ticks by whoever quotes them. */
export interface FileBar {
  readonly startMs: number;
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

/** What was traded in an interval. */
export interface Range {
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
}

const LONE_BAR_MS = 60_000;

/**
 * The price path of one instrument through its bars. Each bar is as long as the shortest distance between two of them.
 * Within it the price goes from open to close by way of low and high: low first in a bar that rises. Between bars it
 * stands at the last close; before the first one at its open.
 */
export class BarSeries {
  readonly #bars: readonly FileBar[];
  readonly #lengthMs: number;

  /** `bars` is not empty and in strictly ascending time. */
  constructor(bars: readonly FileBar[]) {
    this.#bars = bars;
    const distances = bars.slice(1).map((bar, index) => bar.startMs - (bars[index]?.startMs ?? 0));
    this.#lengthMs = distances.reduce((shortest, distance) => Math.min(shortest, distance), Number.POSITIVE_INFINITY);
    if (distances.length === 0) this.#lengthMs = LONE_BAR_MS;
  }

  priceAt(atMs: number): number {
    const bar = this.#bars[Math.max(0, this.#indexAt(atMs))];
    if (bar === undefined) throw new Error("a series without bars");
    const position = Math.min(1, Math.max(0, (atMs - bar.startMs) / this.#lengthMs));
    return priceWithin(bar, position);
  }

  /** Undefined when no bar lies in the interval; its end is not in it. */
  range(startMs: number, endMs: number): Range | undefined {
    const first = Math.max(0, this.#indexAt(startMs));
    const parts: Range[] = [];
    for (let index = first; index < this.#bars.length; index += 1) {
      const bar = this.#bars[index];
      if (bar === undefined || bar.startMs >= endMs) break;
      const part = this.#part(bar, Math.max(startMs, bar.startMs), Math.min(endMs, bar.startMs + this.#lengthMs));
      if (part !== undefined) parts.push(part);
    }
    const [open, close] = [parts[0]?.open, parts.at(-1)?.close];
    if (open === undefined || close === undefined) return undefined;
    return {
      open,
      high: parts.reduce((highest, part) => Math.max(highest, part.high), Number.NEGATIVE_INFINITY),
      low: parts.reduce((lowest, part) => Math.min(lowest, part.low), Number.POSITIVE_INFINITY),
      close,
      volume: parts.reduce((sum, part) => sum + part.volume, 0),
    };
  }

  /** The piece of one bar from an instant to another. */
  #part(bar: FileBar, fromMs: number, toMs: number): Range | undefined {
    if (fromMs >= toMs) return undefined;
    const [from, to] = [(fromMs - bar.startMs) / this.#lengthMs, (toMs - bar.startMs) / this.#lengthMs];
    const [open, close] = [priceWithin(bar, from), priceWithin(bar, to)];
    const turns = [1 / 3, 2 / 3].filter((turn) => turn >= from && turn <= to).map((turn) => priceWithin(bar, turn));
    const prices = [open, ...turns, close];
    const volume = Math.floor(bar.volume * to) - Math.floor(bar.volume * from);
    return { open, high: Math.max(...prices), low: Math.min(...prices), close, volume };
  }

  /** The last bar that has begun; -1 before the first. */
  #indexAt(atMs: number): number {
    let [low, high] = [0, this.#bars.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#bars[middle]?.startMs ?? 0) <= atMs) low = middle + 1;
      else high = middle;
    }
    return low - 1;
  }
}

/** At 0 the open, at 1/3 and 2/3 the extremes, at 1 the close, on straight lines between them. */
function priceWithin(bar: FileBar, position: number): number {
  const rises = bar.close >= bar.open;
  const corners = [bar.open, rises ? bar.low : bar.high, rises ? bar.high : bar.low, bar.close];
  const scaled = position * 3;
  const index = Math.min(2, Math.floor(scaled));
  const [from = bar.open, to = bar.close] = corners.slice(index, index + 2);
  return from + (to - from) * (scaled - index);
}
