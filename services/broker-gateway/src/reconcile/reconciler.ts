import { type Clock, type Timer, utcText } from "@countersign/clock/clock";
import { Fault } from "@countersign/contracts/denial";
import type { Mode } from "@countersign/contracts/mode";
import { OrderRef } from "@countersign/contracts/order";
import type { Logger } from "@countersign/log/logger";
import type { AuditTrail } from "../audit/audit-trail.ts";
import type { OrderActor } from "../orders/order-actor.ts";
import type { BrokerIds, OrderTable } from "../orders/order-table.ts";
import type { BrokerLists } from "../reads/broker-lists.ts";
import type { PositionBook } from "../reads/position-book.ts";
import { Serial } from "../serial.ts";
import type { Link } from "../session/link.ts";
import { settleEnded } from "./ended-orders.ts";
import { isOpenQuestion, type Reading, settle } from "./settle.ts";
import { settleOpenChange } from "./settle-change.ts";

export interface ReconcilerDeps {
  readonly clock: Clock;
  readonly log: Logger;
  readonly mode: Mode;
  readonly link: Link;
  readonly table: OrderTable;
  readonly lists: BrokerLists;
  readonly positions: PositionBook;
  readonly audit: AuditTrail;
  /** Ends intents that nobody is about to send. */
  readonly settleIntents: () => Promise<void>;
  /** Why what TWS has said of the accounts cannot be all of it yet; undefined when it can. Throws a Fault. */
  readonly unprimed: () => Promise<string | undefined>;
  readonly everyMs: number;
}

/** What the broker shows, and the orders that were there when it was read. */
interface Read {
  readonly reading: Reading;
  readonly executions: readonly BrokerIds[];
  readonly actors: readonly OrderActor[];
}

/** In the words of the audit. */
type Change = { proposalId: string; from: string; to: string; finding: string };

const SOON_MS = 100;
/** Shortly after its login TWS shows an account as empty that is not. */
const PRIME_TRIES = 5;
const PRIME_WAIT_MS = 1_000;

/**
 * Compares every order that may be at the broker with what the broker shows: at each connect before anything may be sent,
 * then regularly, and whenever an answer leaves a question. A reading counts only if all of it came on one epoch.
 */
export class Reconciler {
  readonly #deps: ReconcilerDeps;
  readonly #serial = new Serial();
  readonly #timer: Timer;
  #soon: Timer | undefined;
  #lastAt: string | null = null;
  #foreignOrders = 0;
  #recordedDay = "";
  #recordedStrangers = "";
  #strangers: readonly string[] = [];
  #onRead: () => void = () => undefined;
  #count = 0;
  #isClean = false;

  constructor(deps: ReconcilerDeps) {
    this.#deps = deps;
    this.#timer = deps.clock.setInterval(() => this.soon("regular"), deps.everyMs);
  }

  /** When the last complete reconciliation ended; null before the first. */
  get lastAt(): string | null {
    return this.#lastAt;
  }

  /** Complete reconciliations since the start. */
  get count(): number {
    return this.#count;
  }

  /** The last try was a complete reading. */
  get isClean(): boolean {
    return this.#isClean;
  }

  /** References of ours at the broker that no log knows, as of that reconciliation. */
  get strangers(): readonly string[] {
    return this.#strangers;
  }

  /** Called after every complete reading, before anything is sent on the strength of it. */
  onRead(listener: () => void): void {
    this.#onRead = listener;
  }

  /** Open at the broker and not of ours, as of that reconciliation. */
  get foreignOrders(): number {
    return this.#foreignOrders;
  }

  /** Before the link may be used: reads everything and then marks it up. A failure drops the link, which tries again. */
  connected(epoch: number): void {
    void this.#serial.run(async () => {
      if (this.#deps.link.epoch !== epoch) return;
      try {
        await this.#once(epoch, "connected");
        await this.#prime();
        this.#deps.link.markUp(epoch);
      } catch (error) {
        this.#deps.log.error({ error: String(error) }, "reconciliation failed");
        if (this.#deps.link.epoch === epoch) this.#deps.link.drop("the reconciliation failed");
      }
    });
  }

  /** Within a moment, while the link is up. */
  soon(why: string): void {
    if (this.#soon !== undefined) return;
    this.#soon = this.#deps.clock.setTimeout(() => {
      this.#soon = undefined;
      void this.#serial.run(() => this.#whileUp(why));
    }, SOON_MS);
  }

  /** A complete reading now, with what it settled taken in. Throws a Fault when there is none to be had. */
  read(why: string): Promise<Reading> {
    const { link } = this.#deps;
    return this.#serial.run(async () => {
      if (link.state !== "up") throw new Fault("BROKER_UNAVAILABLE", "the link to TWS is not up");
      return this.#once(link.epoch, why).catch((cause: unknown) => {
        throw cause instanceof Fault ? cause : new Fault("BROKER_UNAVAILABLE", "the reading broke off", { cause });
      });
    });
  }

  stop(): void {
    this.#timer.cancel();
    this.#soon?.cancel();
  }

  async #prime(): Promise<void> {
    const { unprimed, positions, clock, log } = this.#deps;
    for (let count = 0; count < PRIME_TRIES; count += 1) {
      const why = await unprimed();
      if (why === undefined) return;
      log.warn({ why }, "TWS has not shown everything yet");
      await clock.sleep(PRIME_WAIT_MS);
      await positions.refresh();
    }
    throw new Error("TWS contradicts itself about the positions");
  }

  async #whileUp(why: string): Promise<void> {
    const { link, log } = this.#deps;
    if (link.state !== "up") return;
    try {
      await this.#once(link.epoch, why);
    } catch (error) {
      log.warn({ why, error: String(error) }, "reconciliation not finished, next one later");
      // Prices may still come on such a connection; it is of no use for orders.
      if (error instanceof Fault && error.code === "TIMEOUT") link.drop("TWS does not answer questions about orders");
    }
  }

  async #once(epoch: number, why: string): Promise<Reading> {
    const { clock, link, table } = this.#deps;
    this.#isClean = false;
    const { reading, executions, actors } = await this.#read(epoch);
    const changes = await this.#settleAll(actors.filter(isOpenQuestion), reading);
    await settleEnded(table, reading);
    for (const change of table.openChanges()) await settleOpenChange(table, change, reading);
    await this.#deps.settleIntents();
    const at = utcText(clock.nowMs());
    this.#lastAt = at;
    this.#count += 1;
    this.#isClean = true;
    link.markReconciled();
    this.#foreignOrders = reading.open.filter((row) => table.find(row) === undefined).length;
    this.#strangers = strangersIn(table, [...reading.open, ...reading.completed, ...executions]);
    this.#onRead();
    this.#record({ why, at, reading, changes });
    return reading;
  }

  /** What the broker shows of orders, all at one time, after every execution in it has reached its order's log. */
  async #read(epoch: number): Promise<Read> {
    const { clock, link, lists, positions, table } = this.#deps;
    const startedAtMs = clock.monotonicMs();
    const startedAt = utcText(clock.nowMs());
    const [{ rows: open }, { rows: completed }, { rows: executions }] = await Promise.all([
      lists.openOrders(),
      lists.completedOrders(),
      lists.executions(),
      positions.refresh(),
    ]);
    if (link.epoch !== epoch) throw new Error("the link changed during the reconciliation");
    // Executions have been handed to their orders as they came; they must be in the log before anything is concluded.
    const actors = table.list();
    await Promise.all(actors.map((actor) => actor.idle()));
    const counts = { openOrders: open.length, completedOrders: completed.length, executions: executions.length };
    const looked = { startedAt, linkEpoch: epoch, ...counts };
    return { reading: { open, completed, startedAtMs, provesAbsence: link.ownsOrders, looked }, executions, actors };
  }

  /** One of each day is on record even when nothing changed: the evidence for live trading counts days. */
  #record({ why, at, reading, changes }: { why: string; at: string; reading: Reading; changes: Change[] }): void {
    const { table, mode, audit } = this.#deps;
    const day = at.slice(0, 10);
    const named = this.#strangers.join(" ");
    const isNews = changes.length > 0 || day !== this.#recordedDay || named !== this.#recordedStrangers;
    if (why === "regular" && !isNews) return;
    this.#recordedDay = day;
    this.#recordedStrangers = named;
    const unknown = table.list().filter((actor) => ["UNKNOWN", "DISPUTED"].includes(actor.order.state)).length;
    const { openOrders: open, completedOrders: completed, executions } = reading.looked;
    const counted = { open, completed, executions, unknown, strangers: this.#strangers.length };
    const body = { why, mode, ...counted, changes };
    audit.record({ kind: "reconciliation", correlationId: "reconciliation", body });
  }

  async #settleAll(actors: readonly OrderActor[], reading: Reading): Promise<Change[]> {
    const changes: Change[] = [];
    for (const actor of actors) {
      const from = actor.order.state;
      const finding = await settle(actor, reading);
      const { proposalId, state } = actor.order;
      if (state !== from) changes.push({ proposalId, from, to: state, finding });
    }
    return changes;
  }
}

/** References of ours that no log knows: what the logs have lost, or what somebody else does in our name. */
function strangersIn(table: Pick<OrderTable, "find">, rows: readonly BrokerIds[]): string[] {
  const strange = rows.filter((row) => isOurReference(row.orderRef) && table.find(row) === undefined);
  return [...new Set(strange.map((row) => row.orderRef))].sort();
}

function isOurReference(orderRef: string): boolean {
  return OrderRef.safeParse(orderRef).success;
}
