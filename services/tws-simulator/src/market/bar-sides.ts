import { add, compare, decimal, multiply, subtract, toText } from "@countersign/money/decimal";
import type { Bar } from "./bars.ts";
import type { Instrument } from "./instrument.ts";
import { incrementAt } from "./market.ts";

const WITH_VOLUME: ReadonlySet<string> = new Set(["TRADES", "ADJUSTED_LAST", "AGGTRADES"]);

/** Only what is traded has a volume; all else carries -1. */
export function hasVolume(whatToShow: string): boolean {
  return WITH_VOLUME.has(whatToShow);
}

function moved(instrument: Instrument, price: string, ticks: number): string {
  const increment = decimal(incrementAt(instrument, Number(price)));
  const away = multiply(increment, decimal(String(Math.abs(ticks))));
  const result = ticks < 0 ? subtract(decimal(price), away) : add(decimal(price), away);
  return toText(compare(result, increment) < 0 ? increment : result);
}

/**
 * A bar of the path as the bar of one kind of data, with the spread of the quotes. Of `BID_ASK` the open and the close
 * are the average bid and the average ask, high the highest ask and low the lowest bid.
 */
export function barOfKind(whatToShow: string, instrument: Instrument, bar: Bar): Bar {
  const below = -Math.floor(instrument.spreadTicks / 2);
  const above = below + instrument.spreadTicks;
  const bid = (price: string) => moved(instrument, price, below);
  const ask = (price: string) => moved(instrument, price, above);
  const plain = hasVolume(whatToShow) ? bar : { ...bar, volume: "-1", wap: "-1", count: -1 };
  const { open, high, low, close, wap } = bar;
  switch (whatToShow) {
    case "BID":
      return { ...plain, open: bid(open), high: bid(high), low: bid(low), close: bid(close) };
    case "ASK":
      return { ...plain, open: ask(open), high: ask(high), low: ask(low), close: ask(close) };
    case "BID_ASK":
      return { ...plain, open: bid(wap), high: ask(high), low: bid(low), close: ask(wap) };
    default:
      return plain;
  }
}
