import type { Timer } from "@countersign/clock/clock";
import { remember } from "../answers.ts";
import type { Book, WorkingOrder } from "../book/book.ts";
import { type Totals, totalsOf } from "../book/totals.ts";
import { type Fact, type Facts, known, missing } from "../fact.ts";
import { Closes, type ClosesDeps } from "./closes.ts";
import type { History } from "./history.ts";
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
    if (this.#deps.isWanted()) await this.#closes.load(this.#deps.held());
  }

  /** The order's own instruments are waited for; of the others what is there counts. */
  loadOwn(conids: readonly number[]): Promise<void> {
    return this.#deps.isWanted() ? this.#closes.load(conids) : Promise.resolve();
  }

  facts(account: string, parts: readonly number[], { book, working }: Pick<Facts, "book" | "working">): Fact<History> {
    if (!this.#deps.isWanted()) return missing("no rule in force looks at the past");
    if (book.state === "missing") return missing(`the book: ${book.reason}`);
    if (working.state === "missing") return missing(`working orders: ${working.reason}`);
    const found = this.#of(account, parts, { book: book.value, working: working.value });
    if (typeof found === "string") {
      // What was bought a moment ago is not waited for until the next round.
      void this.ahead();
      return missing(found);
    }
    const last = this.#closes.asOf(parts) ?? book.asOf;
    return known(found, "market-data", last);
  }

  /** The same object for as long as the account's exposures and the closes are the same: it is computed and hashed once. */
  #of(account: string, parts: readonly number[], held: { book: Book; working: readonly WorkingOrder[] }) {
    const key = `${account} ${parts.join()}`;
    const { exposures } = totalsOf(held.book, held.working);
    const revision = this.#closes.revision();
    const last = this.#told.get(key);
    if (last?.exposures === exposures && last.revision === revision) return last.history;
    const portfolio = this.#portfolios.get(account) ?? new PortfolioHistory();
    this.#portfolios.set(account, portfolio);
    const history = portfolio.of(held, parts, (conid) => this.#closes.of(conid));
    remember(this.#told, key, { exposures, revision, history });
    return history;
  }
}
