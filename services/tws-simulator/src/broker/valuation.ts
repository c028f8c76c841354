import {
  absolute,
  add,
  type Decimal,
  decimal,
  divideRoundingHalfEven,
  isNegative,
  isZero,
  max,
  multiply,
  subtract,
  ZERO,
} from "@countersign/money/decimal";
import { type Instrument, isOption } from "../market/instrument.ts";
import type { Market } from "../market/market.ts";
import { multiplierOf } from "./ledger.ts";
import type { Account, Position } from "./model.ts";

export const BASE_CURRENCY = "USD";
const LONG_RATE = decimal("0.25");
const SHORT_RATE = decimal("0.30");
const SHORT_OPTION_RATE = decimal("0.20");
const FUTURE_MARGIN = { initial: "2480", maintenance: "2255" };
const RATE_DECIMALS = 10;

export interface Valuation {
  readonly cash: Decimal;
  readonly stockValue: Decimal;
  readonly optionValue: Decimal;
  readonly futuresPnl: Decimal;
  readonly unrealizedPnl: Decimal;
  readonly realizedPnl: Decimal;
  readonly netLiquidation: Decimal;
  readonly equityWithLoan: Decimal;
  readonly grossPositionValue: Decimal;
  readonly initialMargin: Decimal;
  readonly maintenanceMargin: Decimal;
  readonly availableFunds: Decimal;
  readonly excessLiquidity: Decimal;
  readonly buyingPower: Decimal;
}

export interface PositionValue {
  readonly marketPrice: Decimal;
  readonly marketValue: Decimal;
  readonly unrealizedPnl: Decimal;
}

/** Values accounts at the market's prices, in the base currency. All amounts are exact decimals. */
export class Valuer {
  readonly #market: Market;
  readonly #book: ReadonlyMap<number, Instrument>;
  /** The pair with the base currency, by the other one. */
  readonly #pairs = new Map<string, Instrument>();

  constructor(market: Market, book: ReadonlyMap<number, Instrument>) {
    this.#market = market;
    this.#book = book;
    for (const instrument of book.values()) {
      if (instrument.secType !== "CASH") continue;
      if (instrument.currency === BASE_CURRENCY) this.#pairs.set(instrument.symbol, instrument);
      if (instrument.symbol === BASE_CURRENCY) this.#pairs.set(instrument.currency, instrument);
    }
  }

  instrument(conId: number): Instrument {
    const found = this.#book.get(conId);
    if (found === undefined) throw new Error(`the book has no instrument ${conId}`);
    return found;
  }

  /** The worth of one unit of a currency in the base currency. Fails for a currency without a pair in the book. */
  rate(currency: string): Decimal {
    if (currency === BASE_CURRENCY) return decimal("1");
    const pair = this.#pairs.get(currency);
    if (pair === undefined) throw new Error(`no exchange rate for ${currency}`);
    const { bid, ask } = this.#market.quote(pair);
    return pair.symbol === currency ? bid : divideRoundingHalfEven(decimal("1"), ask, RATE_DECIMALS);
  }

  positionValue(instrument: Instrument, position: Position): PositionValue {
    const { bid, ask } = this.#market.quote(instrument);
    const quantity = decimal(position.quantity);
    const marketPrice = isNegative(quantity) ? ask : bid;
    const marketValue = multiply(multiply(quantity, marketPrice), multiplierOf(instrument));
    return { marketPrice, marketValue, unrealizedPnl: subtract(marketValue, decimal(position.cost)) };
  }

  value(account: Account): Valuation {
    let cash = ZERO;
    for (const [currency, amount] of Object.entries(account.cash)) {
      cash = add(cash, multiply(decimal(amount), this.rate(currency)));
    }
    const sums = { stock: ZERO, option: ZERO, futures: ZERO, unrealized: ZERO, gross: ZERO, init: ZERO, maint: ZERO };
    for (const [conId, position] of Object.entries(account.positions)) {
      if (!isZero(decimal(position.quantity))) this.#addPosition(sums, this.instrument(Number(conId)), position);
    }
    const equityWithLoan = add(add(cash, sums.stock), sums.futures);
    const availableFunds = subtract(equityWithLoan, sums.init);
    return {
      cash,
      stockValue: sums.stock,
      optionValue: sums.option,
      futuresPnl: sums.futures,
      unrealizedPnl: sums.unrealized,
      realizedPnl: decimal(account.realizedPnl),
      netLiquidation: add(equityWithLoan, sums.option),
      equityWithLoan,
      grossPositionValue: sums.gross,
      initialMargin: sums.init,
      maintenanceMargin: sums.maint,
      availableFunds,
      excessLiquidity: subtract(equityWithLoan, sums.maint),
      buyingPower: max(ZERO, multiply(availableFunds, decimal("4"))),
    };
  }

  #addPosition(sums: Sums, instrument: Instrument, position: Position): void {
    const rate = this.rate(instrument.currency);
    const { marketValue, unrealizedPnl } = this.positionValue(instrument, position);
    const value = multiply(marketValue, rate);
    if (instrument.secType === "CASH") {
      sums.unrealized = add(sums.unrealized, multiply(unrealizedPnl, rate));
      return;
    }
    sums.unrealized = add(sums.unrealized, multiply(unrealizedPnl, rate));
    if (instrument.secType === "FUT") {
      const open = multiply(subtract(marketValue, decimal(position.grossCost)), rate);
      sums.futures = add(sums.futures, open);
      const contracts = absolute(decimal(position.quantity));
      const { initial, maintenance } = instrument.margin ?? FUTURE_MARGIN;
      sums.init = add(sums.init, multiply(multiply(contracts, decimal(initial)), rate));
      sums.maint = add(sums.maint, multiply(multiply(contracts, decimal(maintenance)), rate));
      return;
    }
    sums.gross = add(sums.gross, absolute(value));
    if (isOption(instrument)) sums.option = add(sums.option, value);
    else sums.stock = add(sums.stock, value);
    const margin = this.#securityMargin(instrument, value, position);
    sums.init = add(sums.init, margin);
    sums.maint = add(sums.maint, margin);
  }

  #securityMargin(instrument: Instrument, value: Decimal, position: Position): Decimal {
    const short = isNegative(value);
    if (instrument.secType === "CRYPTO") return absolute(value);
    if (!isOption(instrument)) return multiply(absolute(value), short ? SHORT_RATE : LONG_RATE);
    if (!short) return ZERO;
    const underlying = this.#market.quote(this.instrument(instrument.underlyingConId)).last;
    const covered = multiply(absolute(decimal(position.quantity)), multiplierOf(instrument));
    return add(multiply(multiply(underlying, covered), SHORT_OPTION_RATE), absolute(value));
  }
}

interface Sums {
  stock: Decimal;
  option: Decimal;
  futures: Decimal;
  unrealized: Decimal;
  gross: Decimal;
  init: Decimal;
  maint: Decimal;
}
