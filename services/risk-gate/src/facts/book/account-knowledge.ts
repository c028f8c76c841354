import type { Bus } from "@countersign/bus/bus";
import { type Clock, utcText } from "@countersign/clock/clock";
import type { OpenOrder } from "@countersign/contracts/account";
import { BROKER_READS } from "@countersign/contracts/broker-reads";
import { Fault, type Part } from "@countersign/contracts/denial";
import type { Quote } from "@countersign/contracts/instrument";
import { type DataType, numberOf } from "@countersign/contracts/market-value";
import type { PortfolioRow } from "@countersign/contracts/messages/account-reads.v1";
import type { Rate } from "@countersign/contracts/messages/md-fx.v1";
import { LEGS_MAX } from "@countersign/contracts/order";
import { RPCS } from "@countersign/contracts/subjects";
import { absolute, decimal, divideRoundingUp, isZero, max, toText } from "@countersign/money/decimal";
import type { CurrencyLeg, WayOf } from "../history/base-currency.ts";
import type { Described } from "./book.ts";
import type { Knowledge } from "./holdings.ts";

export interface KnowledgeDeps {
  readonly bus: Pick<Bus, "request">;
  readonly clock: Clock;
  /** Oldest quote of a pair that a rate is asked with. */
  readonly rateAgeMsMax: number;
  readonly rateDataTypes: readonly DataType[];
}

interface Marks {
  readonly baseCurrency: string;
  readonly prices: ReadonlyMap<number, string>;
  /** What one unit of each position is worth in its currency, as the broker adds it up. */
  readonly worths: ReadonlyMap<number, string>;
  readonly currencies: readonly string[];
  readonly atMs: number;
  readonly asOf: string;
}

interface Quoted {
  readonly price: string;
  readonly asOf: string;
}

/** As many descriptions as one question brings within seconds at the broker's pace, with room beside it for an order's own. */
const CHUNK = 100;
/** What an instrument is changes with a corporate action, over night. */
const DESCRIBED_AGE_MS_MAX = 3_600_000;

/** What the broker and market-data said of one account's instruments; asked again as a whole. */
export class AccountKnowledge implements Knowledge {
  readonly #deps: KnowledgeDeps;
  readonly #account: string;
  readonly #described = new Map<number, { instrument: Described; atMs: number }>();
  #rates = new Map<string, { readonly rate: string; readonly asOf: string; readonly way: readonly CurrencyLeg[] }>();
  #marks: Marks | undefined;
  #open: { readonly orders: readonly OpenOrder[]; readonly atMs: number; readonly asOf: string } | undefined;
  #failure = "not asked yet";
  #describing = false;
  #revision = 0;

  constructor(deps: KnowledgeDeps, account: string) {
    this.#deps = deps;
    this.#account = account;
  }

  /** Of what is not held and works without a limit: the highest price of its quote, or why there is none. */
  #quotes: ReadonlyMap<number, Quoted | string> = new Map();

  readonly quoted = (conid: number): { readonly price: string } | string =>
    this.#quotes.get(conid) ?? "nobody was asked for a quote";
  readonly price = (conid: number): string | undefined => this.#marks?.prices.get(conid);
  readonly worth = (conid: number): string | undefined => this.#marks?.worths.get(conid);
  readonly described = (conid: number): Described | undefined => this.#described.get(conid)?.instrument;
  readonly rate = (currency: string): string | undefined =>
    currency === this.#marks?.baseCurrency ? "1" : this.#rates.get(currency)?.rate;

  readonly way: WayOf = (currency) => (currency === this.#marks?.baseCurrency ? [] : this.#rates.get(currency)?.way);

  /** Currency pairs that what is held and traded needs. */
  pairs(): Iterable<number> {
    return [...this.#rates.values()].flatMap(({ way }) => way.map(({ conid }) => conid));
  }

  /** Prices and rates; undefined: never had. `atMs` is monotonic, `asOf` that of the oldest of them. */
  marked(): { readonly atMs: number; readonly asOf: string; readonly baseCurrency: string } | undefined {
    const marks = this.#marks;
    if (marks === undefined) return undefined;
    const oldest = [...this.#rates.values()].reduce((least, { asOf }) => (asOf < least ? asOf : least), marks.asOf);
    return oldest === marks.asOf ? marks : { ...marks, asOf: oldest };
  }

  /** What the broker's last list of values names. */
  held(): Iterable<number> {
    return this.#marks?.prices.keys() ?? [];
  }

  /** What is open at the broker, ours and foreign. */
  open(): { readonly orders: readonly OpenOrder[]; readonly atMs: number; readonly asOf: string } | undefined {
    return this.#open;
  }

  /** The same for as long as no price, rate or description has come. */
  revision(): number {
    return this.#revision;
  }

  /** Why the last asking did not bring everything; empty: it did. */
  failure(): string {
    return this.#failure;
  }

  /** Asks for everything; never throws for what the others could not say. `conids`: what is traded besides what is held. */
  async refresh(conids: readonly number[]): Promise<void> {
    try {
      await this.#askMarks();
      const open = await this.#askOpen();
      const quotes = await this.#askQuotes(unpriced(open.orders, this.#marks?.prices));
      const asOf = [...quotes.values()].map((one) => (typeof one === "string" ? open.asOf : one.asOf)).sort()[0];
      // Together: what is computed of the one is computed of the other.
      this.#quotes = quotes;
      this.#open = asOf !== undefined && asOf < open.asOf ? { ...open, asOf } : open;
      const worked = open.orders.flatMap(({ conid, comboLegs }) =>
        comboLegs === undefined ? [conid] : comboLegs.map((leg) => leg.conid),
      );
      await this.#describe([...(this.#marks?.prices.keys() ?? []), ...conids, ...worked]);
      this.#failure = "";
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      this.#failure = `${error.code}: ${error.message}`;
    }
  }

  async #askMarks(): Promise<void> {
    const { bus, clock } = this.#deps;
    const atMs = clock.monotonicMs();
    const reply = await bus.request(BROKER_READS.accountUpdates, { account: this.#account });
    if (reply.outcome === "denied") throw new Fault("BROKER_UNAVAILABLE", reply.denial.message);
    const { values, portfolio, asOf } = reply.value;
    const baseCurrency = values.find(({ key }) => key === "NetLiquidation")?.currency;
    if (baseCurrency == null) throw new Fault("BROKER_UNAVAILABLE", "the broker did not name the base currency");
    const prices = new Map<number, string>();
    for (const { conid, marketPrice } of portfolio) if (marketPrice !== null) prices.set(conid, marketPrice);
    const worths = new Map(portfolio.flatMap(worthOf));
    const currencies = [...new Set(portfolio.map(({ currency }) => currency))];
    this.#marks = { baseCurrency, prices, worths, currencies, atMs, asOf };
    this.#revision += 1;
  }

  async #askOpen() {
    const { bus, clock } = this.#deps;
    const atMs = clock.monotonicMs();
    const reply = await bus.request(RPCS.openOrders, { account: this.#account });
    if (reply.outcome === "denied") throw new Fault("BROKER_UNAVAILABLE", reply.denial.message);
    return { orders: reply.value.orders, atMs, asOf: utcText(clock.nowMs() - (clock.monotonicMs() - atMs)) };
  }

  /** A quote that cannot be had leaves one order unvalued, and nothing else unknown. */
  async #askQuotes(conids: readonly number[]): Promise<Map<number, Quoted | string>> {
    const { bus, rateAgeMsMax } = this.#deps;
    const found = new Map<number, Quoted | string>();
    for (let from = 0; from < conids.length; from += LEGS_MAX) {
      const some = conids.slice(from, from + LEGS_MAX);
      const question = { conids: some, maxAgeMs: rateAgeMsMax, rateTo: null, dailyBars: 0 };
      try {
        const reply = await bus.request(RPCS.marketFacts, question);
        if (reply.outcome === "denied") throw new Fault("MARKET_DATA_UNAVAILABLE", reply.denial.message);
        for (const { conid, quote } of reply.value.instruments) found.set(conid, this.#priceOf(quote));
      } catch (error) {
        if (!(error instanceof Fault)) throw error;
        for (const conid of some) found.set(conid, `${error.code}: ${error.message}`);
      }
    }
    return found;
  }

  #priceOf(quote: Part<Quote>): Quoted | string {
    if (quote.outcome !== "ok") {
      const { code, message } = quote.outcome === "denied" ? quote.denial : quote.fault;
      return `${code}: ${message}`;
    }
    const { bid, ask, last, dataType, asOf } = quote.value;
    if (!this.#deps.rateDataTypes.includes(dataType)) return `its quote is ${dataType}`;
    const prices = [bid, ask, last].flatMap((one) => numberOf(one) ?? []);
    return prices.length === 0 ? "its quote has no price" : { price: toText(prices.map(decimal).reduce(max)), asOf };
  }

  async #describe(conids: readonly number[]): Promise<void> {
    const { clock } = this.#deps;
    const nowMs = clock.monotonicMs();
    const isOld = (conid: number) => nowMs - (this.#described.get(conid)?.atMs ?? -Infinity) > DESCRIBED_AGE_MS_MAX;
    const wanted = [...new Set(conids)].filter((conid) => conid > 0 && isOld(conid));
    const unknown = wanted.filter((conid) => !this.#described.has(conid));
    // Nobody who waits for an order waits for more than one question; until then the others are missing, with the reason.
    const now = new Set(unknown.length > CHUNK ? [] : unknown);
    void this.#describeAhead(wanted.filter((conid) => !now.has(conid)));
    if (unknown.length > CHUNK)
      throw new Fault("MARKET_DATA_UNAVAILABLE", `${unknown.length} instruments are not described yet`);
    if (now.size > 0) await this.#ask([...now], []);
    const to = this.#marks?.baseCurrency;
    const described = [...this.#described.values()].map(({ instrument }) => instrument.currency);
    const foreign = [...new Set([...(this.#marks?.currencies ?? []), ...described])].filter((one) => one !== to);
    if (foreign.length > 0) await this.#ask([], foreign);
    else if (this.#rates.size > 0) {
      this.#rates = new Map();
      this.#revision += 1;
    }
  }

  /** One question after the other; what one of them does not bring is asked for again by the next refresh. */
  async #describeAhead(conids: readonly number[]): Promise<void> {
    if (this.#describing) return;
    this.#describing = true;
    try {
      for (let from = 0; from < conids.length; from += CHUNK) await this.#ask(conids.slice(from, from + CHUNK), []);
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
    } finally {
      this.#describing = false;
    }
  }

  async #ask(conids: readonly number[], from: readonly string[]): Promise<void> {
    const { bus, clock, rateAgeMsMax } = this.#deps;
    const to = this.#marks?.baseCurrency;
    const rates = to === undefined || from.length === 0 ? null : { from: [...from], to, maxAgeMs: rateAgeMsMax };
    const reply = await bus.request(RPCS.bookFacts, { conids: [...conids], rates });
    if (reply.outcome === "denied") throw new Fault("MARKET_DATA_UNAVAILABLE", reply.denial.message);
    const atMs = clock.monotonicMs();
    this.#revision += 1;
    for (const { conid, instrument } of reply.value.instruments)
      if (instrument.outcome === "ok") this.#described.set(conid, { instrument: instrument.value, atMs });
    if (rates === null) return;
    // A rate that is not there any more is not taken for the one before.
    this.#rates = new Map();
    for (const { from: currency, rate } of reply.value.rates)
      if (this.#isUsable(rate))
        this.#rates.set(currency, {
          rate: rate.value.rate,
          asOf: rate.value.asOf,
          way: rate.value.legs.map(({ conid, inverse }) => ({ conid, inverse })),
        });
  }

  #isUsable(rate: Part<Rate>): rate is Extract<Part<Rate>, { outcome: "ok" }> {
    return rate.outcome === "ok" && this.#deps.rateDataTypes.includes(rate.value.dataType);
  }
}

function worthOf({ conid, quantity, marketValue }: PortfolioRow): [number, string][] {
  if (marketValue === null || isZero(decimal(quantity))) return [];
  return [[conid, toText(divideRoundingUp(absolute(decimal(marketValue)), absolute(decimal(quantity)), 8))]];
}

/** Instruments of orders that nobody of ours gave, and of which neither a limit nor a position says a price. */
function unpriced(orders: readonly OpenOrder[], prices: ReadonlyMap<number, string> | undefined): number[] {
  const conids = orders
    .filter(
      ({ proposalId, limitPrice, comboLegs }) =>
        proposalId === null && (limitPrice === null || comboLegs !== undefined),
    )
    .flatMap(({ conid, comboLegs }) => (comboLegs === undefined ? [conid] : comboLegs.map((leg) => leg.conid)));
  const wanted = [...new Set(conids)].filter((conid) => conid > 0 && !prices?.has(conid));
  return wanted.slice(0, QUOTES_MAX);
}

/** Each costs a line of market data; beyond it what a foreign order is worth is not known. */
const QUOTES_MAX = 20;
