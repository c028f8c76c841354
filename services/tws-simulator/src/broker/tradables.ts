import { add, type Decimal, decimal, multiply, negate, ZERO } from "@countersign/money/decimal";
import type { Combo, ComboLeg } from "../codec/order-legs.ts";
import type { Instrument } from "../market/instrument.ts";
import type { Market, Quote } from "../market/market.ts";
import type { Side } from "./model.ts";

/** The number under which TWS shows every combination in US dollars. */
export const COMBO_CON_ID = 28_812_380;

export interface TradableLeg {
  readonly instrument: Instrument;
  /** Units of the leg in one unit of the combination. */
  readonly ratio: Decimal;
  /** What buying the combination does with the leg. */
  readonly side: Side;
}

/** What an order trades: one instrument, or a combination with its legs. */
export interface Tradable {
  readonly instrument: Instrument;
  /** Empty for a single instrument. */
  readonly legs: readonly TradableLeg[];
}

/** Finds what an order or an execution is about, and what it costs now. */
export class Tradables {
  readonly #book: ReadonlyMap<number, Instrument>;
  readonly #market: Market;

  constructor(book: ReadonlyMap<number, Instrument>, market: Market) {
    this.#book = book;
    this.#market = market;
  }

  of(what: { readonly conId: number; readonly combo?: Combo | undefined }): Tradable {
    const { conId, combo } = what;
    if (combo !== undefined && combo.legs.length > 0) return this.#combination(combo.legs);
    return { instrument: this.#instrument(conId), legs: [] };
  }

  /** The quote of now, or the one that follows from other quotes of the instruments behind it. */
  quote(tradable: Tradable, quoteOf = (instrument: Instrument) => this.#market.quote(instrument)): Quote {
    if (tradable.legs.length === 0) return quoteOf(tradable.instrument);
    const legs = tradable.legs.map((leg) => ({ leg, quote: quoteOf(leg.instrument) }));
    const sum = (price: (quote: Quote, side: Side) => Decimal) =>
      legs.reduce((total, { leg, quote }) => add(total, multiply(signedRatio(leg), price(quote, leg.side))), ZERO);
    const size = tradable.instrument.displayedSize;
    return {
      bid: sum(({ bid, ask }, side) => (side === "BUY" ? bid : ask)),
      ask: sum(({ bid, ask }, side) => (side === "BUY" ? ask : bid)),
      last: sum(({ last }) => last),
      ...{ bidSize: size, askSize: size, lastSize: size },
    };
  }

  #instrument(conId: number): Instrument {
    const found = this.#book.get(conId);
    if (found === undefined) throw new Error(`the book has no instrument ${conId}`);
    return found;
  }

  #combination(comboLegs: readonly ComboLeg[]): Tradable {
    const legs = comboLegs.map((leg): TradableLeg => {
      const instrument = this.#instrument(leg.conId);
      return { instrument, ratio: decimal(String(leg.ratio)), side: leg.action === "BUY" ? "BUY" : "SELL" };
    });
    const [first] = legs;
    if (first === undefined) throw new Error("a combination without legs");
    const sizes = comboLegs.map((leg) => Math.floor(this.#instrument(leg.conId).displayedSize / leg.ratio));
    return { instrument: combinationOf(first.instrument, Math.max(1, Math.min(...sizes))), legs };
  }
}

/** The leg's ratio with the sign that it has in the price of the combination. */
export function signedRatio(leg: TradableLeg): Decimal {
  return leg.side === "BUY" ? leg.ratio : negate(leg.ratio);
}

function combinationOf(first: Instrument, displayedSize: number): Instrument {
  return {
    ...first,
    conId: COMBO_CON_ID,
    secType: "BAG",
    exchange: "SMART",
    primaryExchange: "",
    localSymbol: first.symbol,
    tradingClass: "COMB",
    expiry: "",
    strike: "",
    right: "",
    multiplier: "",
    minTick: "0.01",
    minSize: "1",
    sizeIncrement: "1",
    displayedSize,
  };
}
