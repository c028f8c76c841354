import type { Clock } from "@countersign/clock/clock";
import {
  add,
  compare,
  type Decimal,
  decimal,
  isMultipleOf,
  isNegative,
  isZero,
  multiply,
  subtract,
  toText,
} from "@countersign/money/decimal";
import type { BarSeries } from "./bar-series.ts";
import type { Calendar, ExchangeHours, Stretch } from "./calendar.ts";
import { EXCHANGE_HOURS, type HoursKey } from "./exchange-hours.ts";
import { VENUE_HOURS } from "./exchanges.ts";
import { type Instrument, isOption } from "./instrument.ts";
import { MARKET_RULES } from "./market-rules.ts";
import { type OptionTerms, optionValue } from "./option-model.ts";
import { BUCKET_MS, pathFactor } from "./price-path.ts";
import type { Rng } from "./rng.ts";
import { zonedInstantMs } from "./zoned-time.ts";

/** Prices on tick with bid < ask; sizes in the instrument's units. */
export interface Quote {
  readonly bid: Decimal;
  readonly ask: Decimal;
  readonly last: Decimal;
  readonly bidSize: number;
  readonly askSize: number;
  readonly lastSize: number;
}

export interface MarketDeps {
  readonly clock: Clock;
  readonly rng: Rng;
  readonly book: ReadonlyMap<number, Instrument>;
  readonly calendar: Calendar;
  /** Bars from a file by conId; every other instrument follows the seeded path. */
  readonly bars?: ReadonlyMap<number, BarSeries> | undefined;
}

/** The stream of the random source, beside those of the price path, that draws sizes and the side of the last trade. */
const SIZE_STREAM = 15;
const EXPIRY_MINUTE = 16 * 60;

/** The market of the book: a quote for each instrument at any instant, pinned or from its seeded path. */
export class Market {
  readonly #deps: MarketDeps;
  /** Mid prices that a test or an operator holds still, by conId. */
  readonly #pins = new Map<number, Decimal>();
  /** Quotes of the current bucket: prices stand still within one. */
  readonly #current = new Map<number, Quote>();
  #currentBucket = -1;
  /** Which hours are open in the current second: sessions begin and end on whole minutes. */
  readonly #open = new Map<string, boolean>();
  #openSecond = -1;
  /** The last stretch of each calendar that was asked for. */
  readonly #stretches = new Map<HoursKey, Stretch>();

  constructor(deps: MarketDeps) {
    this.#deps = deps;
  }

  /** Holds the mid price; a price off the tick grid is refused with an error. */
  pin(instrument: Instrument, price: Decimal): void {
    if (isNegative(price) || isZero(price)) throw new RangeError("a price must be above zero");
    if (!isMultipleOf(price, decimal(incrementAt(instrument, Number(toText(price)))))) {
      throw new RangeError("the price is not a multiple of the instrument's tick");
    }
    this.#pins.set(instrument.conId, price);
    this.#current.clear();
  }

  unpin(conId: number): void {
    this.#pins.delete(conId);
    this.#current.clear();
  }

  /** The hours of an instrument; `exchange` = those of this one where it is not the listing's own. */
  hours(instrument: Instrument, exchange?: string): ExchangeHours {
    return EXCHANGE_HOURS[hoursKey(instrument, exchange)];
  }

  isOpen(instrument: Instrument, kind: "trading" | "liquid", exchange?: string): boolean {
    const nowMs = this.#deps.clock.nowMs();
    const second = Math.floor(nowMs / 1000);
    if (second !== this.#openSecond) {
      this.#open.clear();
      this.#openSecond = second;
    }
    const key = `${hoursKey(instrument, exchange)} ${kind}`;
    let open = this.#open.get(key);
    if (open === undefined) {
      open = this.#deps.calendar.isOpen(this.hours(instrument, exchange), nowMs, kind);
      this.#open.set(key, open);
    }
    return open;
  }

  /** The quote now, or at an earlier instant; pins hold only for now. */
  quote(instrument: Instrument, atMs?: number): Quote {
    if (atMs !== undefined) return this.#quoteAt(instrument, atMs, undefined);
    const nowMs = this.#deps.clock.nowMs();
    const bucket = Math.floor(nowMs / BUCKET_MS);
    if (bucket !== this.#currentBucket) {
      this.#current.clear();
      this.#currentBucket = bucket;
    }
    let found = this.#current.get(instrument.conId);
    if (found === undefined) {
      found = this.#quoteAt(instrument, nowMs, this.#pins.get(instrument.conId));
      this.#current.set(instrument.conId, found);
    }
    return found;
  }

  #quoteAt(instrument: Instrument, timeMs: number, pinned: Decimal | undefined): Quote {
    const tradedMs = this.#tradedMs(instrument, timeMs);
    const draw = this.#deps.rng(instrument.conId * 16 + SIZE_STREAM, Math.floor(tradedMs / BUCKET_MS));
    const { middle, increment } =
      pinned === undefined ? this.#middle(instrument, timeMs) : pinnedMiddle(instrument, pinned);
    const below = multiply(increment, decimal(String(Math.floor(instrument.spreadTicks / 2))));
    const lowest = subtract(middle, below);
    const bid = compare(lowest, increment) < 0 ? increment : lowest;
    const ask = add(bid, multiply(increment, decimal(String(instrument.spreadTicks))));
    const last = pinned ?? (draw % 2 === 0 ? bid : ask);
    return { bid, ask, last, ...shownSizes(instrument, draw) };
  }

  /** The bars that a file has for this instrument. */
  series(instrument: Instrument): BarSeries | undefined {
    return this.#deps.bars?.get(instrument.conId);
  }

  /** The price before rounding to ticks: for bars, which sample the path often. */
  rawPrice(instrument: Instrument, atMs: number): number {
    const series = this.series(instrument);
    if (series !== undefined) return series.priceAt(atMs);
    return this.#modelPrice(instrument, this.#tradedMs(instrument, atMs));
  }

  /** While its market is closed an instrument has the price of the close. */
  #tradedMs(instrument: Instrument, atMs: number): number {
    const known = this.#stretches.get(instrument.hours);
    const holds = known !== undefined && known.fromMs <= atMs && atMs < known.toMs;
    const stretch = holds ? known : this.#deps.calendar.stretchAt(this.hours(instrument), atMs);
    if (stretch === undefined) return atMs;
    this.#stretches.set(instrument.hours, stretch);
    return stretch.open ? atMs : stretch.fromMs - 1;
  }

  #modelPrice(instrument: Instrument, atMs: number): number {
    if (!isOption(instrument)) {
      return Number(instrument.referencePrice) * pathFactor(this.#deps.rng, instrument, atMs);
    }
    return optionValue(this.optionTerms(instrument, atMs));
  }

  /** What an option of the book is priced from at an instant. Fails for another kind of instrument. */
  optionTerms(instrument: Instrument, atMs: number): OptionTerms {
    const underlying = this.#deps.book.get(instrument.underlyingConId);
    if (underlying === undefined || instrument.right === "") throw new Error("an option without its underlying");
    return {
      right: instrument.right,
      strike: Number(instrument.strike),
      underlying: this.#underlyingPrice(underlying, atMs),
      timeToExpiryMs: zonedInstantMs(instrument.expiry, EXPIRY_MINUTE, "US/Eastern") - atMs,
    };
  }

  #underlyingPrice(underlying: Instrument, atMs: number): number {
    const pinned = this.#pins.get(underlying.conId);
    return pinned === undefined ? this.rawPrice(underlying, atMs) : Number(toText(pinned));
  }

  #middle(instrument: Instrument, atMs: number): { middle: Decimal; increment: Decimal } {
    return onGrid(instrument, this.rawPrice(instrument, atMs));
  }
}

function hoursKey(instrument: Instrument, exchange: string | undefined): HoursKey {
  return (exchange === undefined ? undefined : VENUE_HOURS.get(exchange)) ?? instrument.hours;
}

/** The tick of the market rule at a price. */
export function incrementAt(instrument: Instrument, price: number): string {
  const rule = MARKET_RULES.get(instrument.marketRuleId);
  if (rule === undefined) throw new Error(`no market rule ${instrument.marketRuleId}`);
  let found = instrument.minTick;
  for (const row of rule) if (price >= Number(row.lowEdge)) found = row.increment;
  return found;
}

/** A model price as a whole number of ticks. */
export function onGrid(instrument: Instrument, raw: number): { middle: Decimal; increment: Decimal } {
  const incrementText = incrementAt(instrument, raw);
  const increment = decimal(incrementText);
  const ticks = Math.max(1, Math.round(raw / Number(incrementText)));
  return { middle: multiply(increment, decimal(String(ticks))), increment };
}

function pinnedMiddle(instrument: Instrument, middle: Decimal): { middle: Decimal; increment: Decimal } {
  return { middle, increment: decimal(incrementAt(instrument, Number(toText(middle)))) };
}

function shownSizes(instrument: Instrument, draw: number) {
  const unit = Math.max(1, Math.floor(instrument.displayedSize / 10));
  return {
    bidSize: instrument.displayedSize + (draw % 7) * unit,
    askSize: instrument.displayedSize + ((draw >>> 4) % 7) * unit,
    lastSize: unit * (1 + ((draw >>> 8) % 5)),
  };
}
