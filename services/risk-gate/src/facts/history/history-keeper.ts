import type { Timer } from "@countersign/clock/clock";
import type { OptionTerms } from "@countersign/contracts/messages/book-facts.v1";
import { remember } from "../answers.ts";
import type { Book, WorkingOrder } from "../book/book.ts";
import { type Totals, totalsOf } from "../book/totals.ts";
import { type Fact, type Facts, known, missing } from "../fact.ts";
import { type CurrencyLeg, inBaseCurrency, type WayOf } from "./base-currency.ts";
import { Closes, type ClosesDeps, ONE_QUESTION, type Past } from "./closes.ts";
import type { History } from "./history.ts";
import { optionPast } from "./option-past.ts";
import { PortfolioHistory } from "./portfolio.ts";

export interface HistoryKeeperDeps extends ClosesDeps {
  readonly everyMs: number;
  /** Some rule in force looks at the past: where none does, nothing is asked. */
  readonly isWanted: () => boolean;
  /** What the accounts hold and work in, as far as it is known. */
  readonly held: () => Iterable<number>;
}

interface Told {
  readonly exposures: Totals["exposures"];
  readonly revision: number;
  readonly history: History | string;
  /** Of the oldest past that it is made of; undefined: it is made of none. */
  readonly asOf: string | undefined;
}

/** Keeps the past of everything that is held ready; that of an order's own instruments is asked when it is proposed. */
export class HistoryKeeper {
  readonly #deps: HistoryKeeperDeps;
  readonly #closes: Closes;
  readonly #portfolios = new Map<string, PortfolioHistory>();
  readonly #told = new Map<string, Told>();
  readonly #timer: Timer;

  constructor(deps: HistoryKeeperDeps) {
    this.#deps = deps;
    this.#closes = new Closes(deps);
    this.#timer = deps.clock.setInterval(() => void this.ahead(), deps.everyMs);
  }

  stop(): void {
    this.#timer.cancel();
  }

  /** Asks for what is held and not known yet. */
  async ahead(): Promise<void> {
    if (this.#deps.isWanted()) await this.#closes.ahead(this.#deps.held());
  }

  /** The order's own instruments are waited for; of the others what is there counts. */
  loadOwn(conids: readonly number[]): Promise<void> {
    return this.#deps.isWanted() ? this.#closes.load(conids) : Promise.resolve();
  }

  /**
   * Waits for the past of what was bought a moment ago, or before the gate started, where one question brings it.
   * `currencyOf`: of the order's own instruments; those of the account are in its book.
   */
  async facts(
    account: string,
    parts: readonly number[],
    { book, working }: Pick<Facts, "book" | "working">,
    currencies: Currencies,
  ): Promise<Fact<History>> {
    if (!this.#deps.isWanted()) return missing("no rule in force looks at the past");
    if (book.state === "missing") return missing(`the book: ${book.reason}`);
    if (working.state === "missing") return missing(`working orders: ${working.reason}`);
    const held = { book: book.value, working: working.value, ...currencies };
    let { history, asOf } = this.#of(account, parts, held);
    if (typeof history === "string") {
      const unasked = this.#closes.unasked(needed(held));
      if (unasked.length > 0 && unasked.length <= ONE_QUESTION) await this.#closes.load(unasked);
      else void this.ahead();
      ({ history, asOf } = this.#of(account, parts, held));
    }
    if (typeof history === "string") return missing(history);
    return known(history, "market-data", asOf ?? book.asOf);
  }

  /** The same object for as long as the account's exposures and the closes are the same: it is computed and hashed once. */
  #of(account: string, parts: readonly number[], held: Held): Told {
    const { exposures, holdings } = totalsOf(held.book, held.working);
    const { baseCurrency } = held.book;
    const currencyOf = (conid: number) => holdings.get(conid)?.currency ?? held.currencyOf(conid);
    const own = parts.map((conid) => JSON.stringify(held.wayOf(currencyOf(conid) ?? "") ?? null));
    const optionOf = (conid: number) => holdings.get(conid)?.option ?? held.optionOf(conid);
    const options = parts.map((conid) => JSON.stringify(optionOf(conid) ?? null));
    const key = `${account} ${parts.join()} ${own.join()} ${options.join()}`;
    const revision = this.#closes.revision();
    const last = this.#told.get(key);
    if (last?.exposures === exposures && last.revision === revision) return last;
    const portfolio = this.#portfolios.get(account) ?? new PortfolioHistory();
    this.#portfolios.set(account, portfolio);
    const history = portfolio.of(held, parts, (conid) => {
      const currency = currencyOf(conid);
      if (currency === undefined) return "its currency is not known";
      const option = optionOf(conid);
      if (option !== undefined) return this.#ofOption(conid, option, { currency, wayOf: held.wayOf });
      return currency === baseCurrency ? this.#closes.of(conid) : this.#inBase(conid, currency, held.wayOf);
    });
    const told = { exposures, revision, history, asOf: this.#closes.asOf([...parts, ...needed(held, parts)]) };
    remember(this.#told, key, told);
    return told;
  }

  #inBase(conid: number, currency: string, wayOf: WayOf): Past | string {
    const own = this.#closes.of(conid);
    if (typeof own === "string") return own;
    const found = this.#pairs(currency, wayOf);
    return typeof found === "string" ? found : inBaseCurrency(own, found.way, found.pairs);
  }

  #pairs(currency: string, wayOf: WayOf): { way: readonly CurrencyLeg[]; pairs: readonly Past[] } | string {
    const way = wayOf(currency);
    if (way === undefined) return `nothing says which pairs lead from ${currency} to the base currency`;
    const pairs: Past[] = [];
    for (const leg of way) {
      const past = this.#closes.of(leg.conid);
      if (typeof past === "string") return `currency pair ${leg.conid}: ${past}`;
      pairs.push(past);
    }
    return { way, pairs };
  }

  /** Its own closes are few and say nothing of it half a year ago: those of its underlying do. */
  #ofOption(
    conid: number,
    { right, underlyingConid }: OptionTerms,
    { currency, wayOf }: { currency: string; wayOf: WayOf },
  ): Past | string {
    if (underlyingConid === null) return "nobody names its underlying";
    const underlying = this.#closes.of(underlyingConid);
    if (typeof underlying === "string") return `its underlying ${underlyingConid}: ${underlying}`;
    const found = this.#pairs(currency, wayOf);
    if (typeof found === "string") return found;
    return optionPast(conid, right, { underlying, ...found, own: this.#closes.of(conid) });
  }
}

/** What leads from the currencies of instruments to that of the account, and from options to what they are on. */
export interface Currencies {
  readonly currencyOf: (conid: number) => string | undefined;
  readonly wayOf: WayOf;
  /** Undefined: it is no option. */
  readonly optionOf: (conid: number) => OptionTerms | undefined;
}

interface Held extends Currencies {
  readonly book: Book;
  readonly working: readonly WorkingOrder[];
}

/** Everything that is held or worked in, and `also`: of an option its underlying, and the pairs that lead from its currencies to the account's. */
function needed({ book, working, currencyOf, wayOf, optionOf }: Held, also: readonly number[] = []): Set<number> {
  const { exposures, holdings } = totalsOf(book, working);
  const conids = [...exposures.keys(), ...also];
  const currencies = new Set(conids.map((conid) => holdings.get(conid)?.currency ?? currencyOf(conid)));
  const pairs = [...currencies].flatMap((one) =>
    one === undefined || one === book.baseCurrency ? [] : (wayOf(one) ?? []),
  );
  const moving = conids.map((conid) => (holdings.get(conid)?.option ?? optionOf(conid))?.underlyingConid ?? conid);
  return new Set([...moving, ...pairs.map(({ conid }) => conid)]);
}
