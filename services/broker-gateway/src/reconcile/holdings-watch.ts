import { type Clock, type Timer, utcText } from "@countersign/clock/clock";
import type { Mode } from "@countersign/contracts/mode";
import { canonicalJson } from "@countersign/ids/hash";
import type { Logger } from "@countersign/log/logger";
import { decimal, roundHalfEven, toText } from "@countersign/money/decimal";
import type { AuditTrail } from "../audit/audit-trail.ts";
import type { OrderTable } from "../orders/order-table.ts";
import type { PositionBook } from "../reads/position-book.ts";
import type { SummaryBook } from "../reads/summary-book.ts";
import type { Link } from "../session/link.ts";
import { type Unexplained, unexplained } from "./holdings.ts";
import type { Reconciler } from "./reconciler.ts";

export interface HoldingsDeps {
  readonly clock: Clock;
  readonly log: Logger;
  readonly mode: Mode;
  readonly link: Pick<Link, "state" | "accounts" | "epoch">;
  readonly table: Pick<OrderTable, "list">;
  readonly reconciler: Pick<Reconciler, "isClean">;
  readonly positions: Pick<PositionBook, "refresh" | "read">;
  readonly summaries: Pick<SummaryBook, "read">;
  readonly audit: Pick<AuditTrail, "record">;
}

const EVERY_MS = 60_000;

/**
 * Compares positions and cash at the broker with the executions on record. What two looks in a row show is on the record,
 * once a day and whenever it has changed: a single look may fall between an execution and its commission.
 */
export class HoldingsWatch {
  readonly #deps: HoldingsDeps;
  #timer: Timer | undefined;
  #last = "";
  #recorded = "";
  #looking = false;

  constructor(deps: HoldingsDeps) {
    this.#deps = deps;
  }

  /** The simulator's account is no evidence of anything. */
  start(): void {
    if (this.#deps.mode === "simulator") return;
    this.#timer = this.#deps.clock.setInterval(() => void this.look(), EVERY_MS);
  }

  stop(): void {
    this.#timer?.cancel();
  }

  async look(): Promise<void> {
    if (this.#looking) return;
    this.#looking = true;
    try {
      const accounts = await this.#compare();
      if (accounts !== undefined) this.#take(accounts);
    } catch (error) {
      this.#deps.log.warn({ error: String(error) }, "positions and cash not compared, later again");
    } finally {
      this.#looking = false;
    }
  }

  /** By account; undefined: there is nothing to compare with now. Throws a Fault. */
  async #compare(): Promise<Record<string, Unexplained> | undefined> {
    const { link, table, reconciler, positions, summaries } = this.#deps;
    const { epoch } = link;
    if (link.state !== "up" || !reconciler.isClean || link.accounts.length === 0) return undefined;
    await positions.refresh();
    const shown = [];
    for (const account of link.accounts) {
      const { cashByCurrency: cash } = await summaries.read(account, 0);
      shown.push({ account, cash, ...(await positions.read(account)) });
    }
    const actors = table.list();
    await Promise.all(actors.map((actor) => actor.idle()));
    if (link.epoch !== epoch) return undefined;
    const orders = actors.map(({ order }) => order);
    return Object.fromEntries(shown.map((one) => [one.account, unexplained(one, orders)]));
  }

  #take(accounts: Record<string, Unexplained>): void {
    const { clock, mode, audit } = this.#deps;
    const found = canonicalJson(mapValues(accounts, inCents));
    const isStable = found === this.#last;
    this.#last = found;
    const news = `${utcText(clock.nowMs()).slice(0, 10)} ${found}`;
    if (!isStable || news === this.#recorded) return;
    this.#recorded = news;
    const body = { why: "holdings", mode, accounts: JSON.parse(canonicalJson(accounts)) };
    audit.record({ kind: "reconciliation", correlationId: "reconciliation", body });
  }
}

/** The broker shows its cash rounded: what is less than a cent is no news. */
function inCents({ positions, cash }: Unexplained): Unexplained {
  return { positions, cash: mapValues(cash, (amount) => toText(roundHalfEven(decimal(amount), 2))) };
}

function mapValues<A, B>(rows: Readonly<Record<string, A>>, change: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(rows).map(([key, value]) => [key, change(value)]));
}
