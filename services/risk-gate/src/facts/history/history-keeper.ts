import type { Timer } from "@countersign/clock/clock";
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

/** Keeps the past of everything that is held ready; that of an order's own instruments is asked when it is proposed. */
export class HistoryKeeper {
  readonly #deps: HistoryKeeperDeps;
  readonly #closes: Closes;
  readonly #portfolios = new Map<string, PortfolioHistory>();
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
    const portfolio = this.#portfolios.get(account) ?? new PortfolioHistory();
    this.#portfolios.set(account, portfolio);
    const found = portfolio.of({ book: book.value, working: working.value }, parts, (conid) => this.#closes.of(conid));
    if (typeof found === "string") {
      // What was bought a moment ago is not waited for until the next round.
      void this.ahead();
      return missing(found);
    }
    const last = this.#closes.asOf(parts) ?? book.asOf;
    return known(found, "market-data", last);
  }
}
