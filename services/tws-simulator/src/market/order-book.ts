import { add, compare, decimal, multiply, subtract, toText } from "@countersign/money/decimal";
import type { Instrument } from "./instrument.ts";
import { incrementAt, type Market } from "./market.ts";
import { venueAt } from "./tape.ts";

/** One level of one side of a book. */
export interface BookRow {
  readonly price: string;
  readonly size: string;
  /** The exchange whose quantity this is. */
  readonly venue: string;
}

export interface BookSides {
  readonly bid: readonly BookRow[];
  readonly ask: readonly BookRow[];
}

/** The best `rows` levels of both sides around the quote of now; fewer bids when the price is close to zero. */
export function bookOf(market: Market, instrument: Instrument, rows: number): BookSides {
  const quote = market.quote(instrument);
  const increment = decimal(incrementAt(instrument, Number(toText(quote.bid))));
  const bid: BookRow[] = [];
  const ask: BookRow[] = [];
  for (let level = 0; level < rows; level += 1) {
    const away = multiply(increment, decimal(String(level)));
    const below = subtract(quote.bid, away);
    const venue = venueAt(instrument, level);
    if (compare(below, increment) >= 0) {
      bid.push({ price: toText(below), size: sizeAt(quote.bidSize, level), venue });
    }
    ask.push({ price: toText(add(quote.ask, away)), size: sizeAt(quote.askSize, level), venue });
  }
  return { bid, ask };
}

/** Deeper levels are thicker. */
function sizeAt(best: number, level: number): string {
  return String(best * (level + 1));
}
