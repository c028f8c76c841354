import { Fault } from "@countersign/contracts/denial";
import type { Quote } from "@countersign/contracts/instrument";
import { numberOf } from "@countersign/contracts/market-value";
import {
  add,
  compare,
  type Decimal,
  decimal,
  divideRoundingHalfEven,
  multiply,
  roundHalfEven,
  toText,
  ZERO,
} from "@countersign/money/decimal";
import type { Source } from "./broker-source.ts";
import type { Quotes } from "./quotes.ts";

/** Through which currency a pair is crossed that nobody quotes. */
const HUB = "USD";
const DECIMALS = 12;
const TWO = decimal("2");
const ONE = decimal("1");

export interface Leg {
  readonly rate: Decimal;
  readonly pair: string;
  readonly inverse: boolean;
  readonly quote: Quote;
}

export interface Rate {
  readonly rate: string;
  readonly method: "direct" | "inverse" | "crossed";
  readonly path: string[];
  readonly source: string;
  readonly asOf: string;
  readonly ageMs: number;
}

/** Exchange rates from the mid of live quotes of currency pairs: direct, inverse, or crossed through USD. A missing leg is an error. */
export class Rates {
  readonly #source: Source;
  readonly #quotes: Quotes;
  /** conId of a pair by its name, for example EUR.USD; null: searched, and nobody quotes it. */
  readonly #pairs = new Map<string, number | null>();

  constructor(deps: { source: Source; quotes: Quotes }) {
    this.#source = deps.source;
    this.#quotes = deps.quotes;
  }

  async get(from: string, to: string, maxAgeMs: number): Promise<Rate> {
    const single = await this.#leg(from, to, maxAgeMs);
    if (single !== undefined) return describe([single]);
    if (from !== HUB && to !== HUB) {
      const legs = await Promise.all([this.#leg(from, HUB, maxAgeMs), this.#leg(HUB, to, maxAgeMs)]);
      const [first, second] = legs;
      if (first !== undefined && second !== undefined) return describe([first, second]);
    }
    throw new Fault("MARKET_DATA_UNAVAILABLE", `no rate from ${from} to ${to}: nobody quotes the pair`);
  }

  async #leg(from: string, to: string, maxAgeMs: number): Promise<Leg | undefined> {
    for (const [base, quoted, inverse] of [
      [from, to, false],
      [to, from, true],
    ] as const) {
      const conid = await this.#pair(base, quoted);
      if (conid === null) continue;
      const reply = await this.#quotes.get(conid, maxAgeMs);
      if (reply.outcome === "denied")
        throw new Fault("MARKET_DATA_UNAVAILABLE", `${base}.${quoted}: ${reply.denial.message}`);
      const mid = midOf(reply.value);
      if (mid === undefined) throw new Fault("MARKET_DATA_UNAVAILABLE", `${base}.${quoted} has no two-sided quote`);
      const rate = inverse ? divideRoundingHalfEven(ONE, mid, DECIMALS) : mid;
      return { rate, pair: `${base}.${quoted}`, inverse, quote: reply.value };
    }
    return undefined;
  }

  async #pair(base: string, quoted: string): Promise<number | null> {
    const name = `${base}.${quoted}`;
    const known = this.#pairs.get(name);
    if (known !== undefined) return known;
    const request = { query: base, secType: "CASH", currency: quoted, exchange: null, limit: 20 };
    const reply = await this.#source.search(request);
    if (reply.outcome === "denied") throw new Fault("MARKET_DATA_UNAVAILABLE", reply.denial.message);
    const fits = reply.value.candidates.filter(
      (one) => one.secType === "CASH" && one.symbol === base && one.currency === quoted,
    );
    const conid = fits.length === 1 ? (fits[0]?.conid ?? null) : null;
    this.#pairs.set(name, conid);
    return conid;
  }
}

/** The mid of a plausible two-sided quote; undefined for anything else. */
export function midOf(quote: Quote): Decimal | undefined {
  const texts = [numberOf(quote.bid), numberOf(quote.ask)] as const;
  if (texts[0] === null || texts[1] === null) return undefined;
  const [bid, ask] = [decimal(texts[0]), decimal(texts[1])];
  if (compare(bid, ZERO) <= 0 || compare(ask, bid) < 0) return undefined;
  return divideRoundingHalfEven(add(bid, ask), TWO, DECIMALS);
}

function describe(legs: readonly Leg[]): Rate {
  const rate = legs.reduce((product, leg) => multiply(product, leg.rate), ONE);
  const oldest = legs.reduce((a, b) => (b.quote.ageMs > a.quote.ageMs ? b : a));
  const method = legs.length > 1 ? "crossed" : oldest.inverse ? "inverse" : "direct";
  return {
    rate: toText(roundHalfEven(rate, DECIMALS)),
    method,
    path: legs.map((leg) => leg.pair),
    source: oldest.quote.source,
    asOf: oldest.quote.asOf,
    ageMs: oldest.quote.ageMs,
  };
}
