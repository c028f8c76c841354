import type { Timer } from "@countersign/clock/clock";
import type { OpenOrder, Position } from "@countersign/contracts/account";
import { type Fact, type Facts, known, missing } from "../fact.ts";
import type { CurrencyLeg } from "../history/base-currency.ts";
import { AccountKnowledge, type KnowledgeDeps } from "./account-knowledge.ts";
import type { Book, WorkingOrder } from "./book.ts";
import { foreignWorking } from "./foreign-working.ts";
import { type Built, HoldingsBuilder } from "./holdings.ts";
import type { OwnWorking, OwnWorkingOrders } from "./own-working.ts";

export interface BookKeeperDeps extends KnowledgeDeps {
  readonly accounts: readonly string[];
  readonly own: OwnWorkingOrders;
  /** Our log knows this proposal. */
  readonly isOurs: (proposalId: string) => boolean;
  readonly everyMs: number;
  /** What is older is asked for again before an order is judged. */
  readonly ageMsMax: number;
  /** What an account holds and works in was asked for anew, and all of it is known. */
  readonly onRefreshed: () => void;
}

export type BookFacts = Pick<Facts, "book" | "working">;

/** The same objects say the same. */
interface Ingredients {
  readonly positions: readonly Position[];
  readonly working: readonly { readonly conid: number }[];
  readonly revision: number;
  readonly baseCurrency: string;
}

interface Kept {
  readonly knowledge: AccountKnowledge;
  readonly holdings: HoldingsBuilder;
  refreshing: Promise<void> | undefined;
  joined: { own: readonly OwnWorking[]; foreign: readonly WorkingOrder[]; rows: readonly WorkingOrder[] } | undefined;
  /** What was put together last, and of what: the next order mostly finds the same. */
  built: { readonly of: Ingredients; readonly made: Built } | undefined;
  /** The last positions and orders of which everything was known. */
  complete: Ingredients | undefined;
  foreign: { at: unknown; revision: number; rows: readonly WorkingOrder[] | string } | undefined;
}

/**
 * Keeps what is known of each account's holdings ready, asked ahead of any order. An order's own facts bring the positions
 * and our own orders as they are now; prices, rates, descriptions and foreign orders are as old as `asOf` says.
 */
export class BookKeeper {
  readonly #deps: BookKeeperDeps;
  readonly #kept = new Map<string, Kept>();
  readonly #timer: Timer;

  constructor(deps: BookKeeperDeps) {
    this.#deps = deps;
    const all = () => {
      for (const account of deps.accounts) void this.#refresh(account);
    };
    this.#timer = deps.clock.setInterval(all, deps.everyMs);
    all();
  }

  stop(): void {
    this.#timer.cancel();
  }

  /** Our own orders as the log has them at this moment; to be taken before the positions are asked for. */
  ownNow(account: string): readonly OwnWorking[] {
    return this.#deps.own.of(account);
  }

  /** Instruments that the account held or worked in when it was last asked or judged, of options what they are on, and the pairs of their currencies. */
  held(account: string): readonly number[] {
    const kept = this.#kept.get(account);
    const own = this.#deps.own.of(account).map(({ conid }) => conid);
    if (kept === undefined) return own;
    const held = new Set([...own, ...kept.knowledge.held(), ...kept.holdings.held()]);
    const moving = [...held].map((conid) => kept.knowledge.described(conid)?.option?.underlyingConid ?? conid);
    return [...moving, ...kept.knowledge.pairs()];
  }

  /** What people and other programs have open for any of our accounts, as it was listed last. */
  foreignOrders(): OpenOrder[] {
    const listed = [...this.#kept.values()].flatMap(({ knowledge }) => knowledge.open()?.orders ?? []);
    return listed.filter(({ proposalId }) => proposalId === null || !this.#deps.isOurs(proposalId));
  }

  /** The currency pairs that lead to the account's base currency, as the last rates went; undefined: not known. */
  way(account: string, currency: string): readonly CurrencyLeg[] | undefined {
    return this.#kept.get(account)?.knowledge.way(currency);
  }

  /** Known only when every position and every working order can be valued. */
  async facts(
    account: string,
    own: readonly OwnWorking[],
    { positions, summary }: Pick<Facts, "positions" | "summary">,
  ): Promise<BookFacts> {
    if (positions.state === "missing") return neither(`positions: ${positions.reason}`);
    if (summary.state === "missing") return neither(`base currency: ${summary.reason}`);
    const kept = this.#of(account);
    // What was under way when this began may not have asked for everything.
    for (let tries = 0; tries < 2 && this.#isShort(kept, positions.value, own); tries += 1)
      await this.#refresh(account, [...positions.value, ...own]);
    const { baseCurrency } = summary.value;
    const working = this.#working(kept, own);
    return { working, book: this.#book(kept, baseCurrency, { positions, working }) };
  }

  #book(
    kept: Kept,
    baseCurrency: string,
    { positions, working }: { positions: Extract<Facts["positions"], { state: "known" }>; working: Facts["working"] },
  ): Fact<Book> {
    const { knowledge } = kept;
    const built = builtOf(kept, {
      positions: positions.value,
      working: working.state === "known" ? working.value : NONE,
      revision: knowledge.revision(),
      baseCurrency,
    });
    if ("missing" in built) return missing(withWhy(built.missing, knowledge.failure()));
    if (built.book.holdings.length === 0) return known(built.book, "broker", positions.asOf);
    const marks = knowledge.marked();
    if (marks?.baseCurrency !== baseCurrency) return missing(`the values are not in ${baseCurrency}`);
    const asOf = marks.asOf < positions.asOf ? marks.asOf : positions.asOf;
    return known(built.book, "broker and market-data", asOf);
  }

  #working(kept: Kept, own: readonly OwnWorking[]): Facts["working"] {
    const open = kept.knowledge.open();
    if (open === undefined) return missing(withWhy("open orders at the broker", kept.knowledge.failure()));
    if (!own.every(isValued)) {
      const unvalued = own.find((row) => !isValued(row));
      return missing(`nothing says what our order ${unvalued?.order} is worth`);
    }
    const foreign = this.#foreign(kept, open);
    if (typeof foreign === "string") return missing(foreign);
    const { joined } = kept;
    if (joined?.own !== own || joined.foreign !== foreign) {
      // The same objects: what is computed from one row is computed once.
      kept.joined = { own, foreign, rows: [...own, ...foreign] };
    }
    return known(kept.joined?.rows ?? [], "orders and broker", open.asOf);
  }

  #foreign(kept: Kept, open: NonNullable<ReturnType<AccountKnowledge["open"]>>): readonly WorkingOrder[] | string {
    const { knowledge } = kept;
    const revision = knowledge.revision();
    if (kept.foreign?.at === open && kept.foreign.revision === revision) return kept.foreign.rows;
    const rows = foreignWorking(open.orders, { isOurs: this.#deps.isOurs, knowledge });
    const before = kept.foreign?.rows;
    const same = before !== undefined && JSON.stringify(before) === JSON.stringify(rows);
    kept.foreign = { at: open, revision, rows: same ? before : rows };
    return kept.foreign.rows;
  }

  /** Something is held or worked in that nothing is known of, or what is known is old. */
  #isShort(kept: Kept, positions: readonly Position[], own: readonly OwnWorking[]): boolean {
    const { knowledge } = kept;
    const { clock, ageMsMax } = this.#deps;
    const open = knowledge.open();
    const marks = knowledge.marked();
    const nowMs = clock.monotonicMs();
    if (open === undefined || nowMs - open.atMs > ageMsMax) return true;
    if (positions.length === 0 && own.length === 0) return false;
    if (marks === undefined || nowMs - marks.atMs > ageMsMax) return true;
    const looked = { positions, working: own, revision: knowledge.revision(), baseCurrency: "" };
    if (kept.complete !== undefined && isSame(kept.complete, looked)) return false;
    const short =
      positions.some(({ conid }) => knowledge.price(conid) === undefined || knowledge.described(conid) === undefined) ||
      own.some(({ conid }) => knowledge.described(conid) === undefined);
    if (!short) kept.complete = looked;
    return short;
  }

  #refresh(account: string, also: readonly { readonly conid: number }[] = []): Promise<void> {
    const kept = this.#of(account);
    kept.refreshing ??= kept.knowledge
      .refresh([...this.#deps.own.of(account), ...also].map(({ conid }) => conid))
      .finally(() => {
        kept.refreshing = undefined;
        if (kept.knowledge.failure() === "") this.#deps.onRefreshed();
      });
    return kept.refreshing;
  }

  #of(account: string): Kept {
    const found = this.#kept.get(account);
    if (found !== undefined) return found;
    const kept: Kept = {
      knowledge: new AccountKnowledge(this.#deps, account),
      holdings: new HoldingsBuilder(),
      refreshing: undefined,
      joined: undefined,
      built: undefined,
      complete: undefined,
      foreign: undefined,
    };
    this.#kept.set(account, kept);
    return kept;
  }
}

const NONE: readonly WorkingOrder[] = [];

function isSame(a: Ingredients, b: Ingredients): boolean {
  const sameLists = a.positions === b.positions && a.working === b.working;
  return sameLists && a.revision === b.revision && a.baseCurrency === b.baseCurrency;
}

function builtOf(kept: Kept, of: Ingredients): Built {
  if (kept.built !== undefined && isSame(kept.built.of, of)) return kept.built.made;
  const alsoOf = of.working.map(({ conid }) => conid);
  const made = kept.holdings.build(of.baseCurrency, of.positions, { alsoOf, knowledge: kept.knowledge });
  kept.built = { of, made };
  return made;
}

function isValued(row: OwnWorking): row is OwnWorking & WorkingOrder {
  return row.unitValue !== undefined;
}

/** Both unknown, for one reason. */
export function neither(reason: string): BookFacts {
  return { book: missing(reason), working: missing(reason) };
}

function withWhy(what: string, failure: string): string {
  return failure === "" ? what : `${what} (${failure})`;
}
