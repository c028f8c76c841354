import { utcText } from "@countersign/clock/clock";
import { Fault } from "@countersign/contracts/denial";
import type { KillReport, StoppedOrder } from "@countersign/contracts/kill-report";
import { type CancelDeps, cancelAtBroker } from "../cancel/cancel.ts";
import type { OrderActor } from "../orders/order-actor.ts";
import type { BrokerLists } from "../reads/broker-lists.ts";
import { writerOf } from "../session/hold.ts";
import type { WireOrder } from "../session/wire.ts";
import { type CancelRequest, inScope } from "./cancel-orders.ts";
import type { Reports } from "./report-store.ts";

export interface CancelRunDeps extends CancelDeps {
  readonly lists: Pick<BrokerLists, "openOrders">;
  readonly reports: Reports;
  readonly pollMs: number;
  readonly deadlineMs: number;
}

/** An order that the broker shows again so long after its cancel is cancelled again. */
const AGAIN_AFTER_MS = 2_000;
const LOGGED_WITHIN_MS = 500;
const MAX_ROWS = 1_000;

/**
 * One stop's cancels, until the broker shows nothing open any more or the deadline passes. What was done is on the disk
 * as it is done, so that a run after a crash goes on with it; what is open is always asked of the broker.
 */
export class CancelRun {
  readonly #deps: CancelRunDeps;
  readonly #request: CancelRequest;
  readonly #rows: Map<string, StoppedOrder>;
  readonly #sentAtMs = new Map<string, number>();
  readonly #seenAt: string;
  readonly #attempt: number;
  #globalCancelAt: string | null;
  #remaining: KillReport["remaining"] = null;

  constructor(deps: CancelRunDeps, request: CancelRequest) {
    const before = deps.reports.get(request.id)?.report;
    this.#deps = deps;
    this.#request = request;
    this.#rows = new Map(before?.orders.map((row) => [row.orderRef, row]));
    this.#seenAt = before?.seenAt ?? utcText(deps.clock.nowMs());
    this.#attempt = (before?.attempt ?? 0) + 1;
    this.#globalCancelAt = null;
  }

  /** The report at the end of this attempt. Never throws for what the broker does. */
  async run(): Promise<KillReport> {
    const { clock, deadlineMs, pollMs } = this.#deps;
    const untilMs = clock.monotonicMs() + deadlineMs;
    this.#save(false);
    do {
      await this.#round();
      if (this.#remaining?.length === 0) break;
      await clock.sleep(pollMs);
    } while (clock.monotonicMs() < untilMs);
    await this.#logged();
    return this.#save(this.#remaining?.length === 0);
  }

  /** What the broker has said so far is in the logs, or does not get there in time. */
  async #logged(): Promise<void> {
    const { table, clock } = this.#deps;
    const actors = [...this.#rows.values()].flatMap(({ proposalId }) => table.get(proposalId) ?? []);
    await Promise.race([Promise.all(actors.map((actor) => actor.idle())), clock.sleep(LOGGED_WITHIN_MS)]);
  }

  async #round(): Promise<void> {
    const targets = this.#deps.table.entries().filter((one) => this.#isTarget(one));
    await Promise.all(targets.map((one) => this.#cancel(one)));
    if (targets.length > 0) this.#save(false);
    await this.#cancelEverything();
    const open = await this.#open();
    if (open === undefined) return;
    this.#remaining = open.map((row) => remainingOf(row, this.#ofOurs(row) !== undefined)).slice(0, MAX_ROWS);
    const refs = new Set(open.map(({ orderRef }) => orderRef));
    const at = utcText(this.#deps.clock.nowMs());
    for (const row of this.#rows.values()) {
      const confirmedAt = refs.has(row.orderRef) ? null : (row.confirmedAt ?? at);
      this.#rows.set(row.orderRef, { ...row, confirmedAt });
    }
  }

  /** One of its orders may be at the broker, and none of its cancels is on its way. */
  #isTarget(entry: OrderActor): boolean {
    const atBroker = [entry, ...entry.exits].some((one) => one.mayBeAtBroker);
    if (!atBroker || !inScope(this.#request.scope, entry.order)) return false;
    const sentAtMs = this.#sentAtMs.get(entry.order.proposalId) ?? Number.NEGATIVE_INFINITY;
    return this.#deps.clock.monotonicMs() - sentAtMs > AGAIN_AFTER_MS;
  }

  async #cancel(entry: OrderActor): Promise<void> {
    const { clock, log } = this.#deps;
    const { proposalId, account } = entry.order;
    const { actor, reason } = this.#request;
    const legs = [entry, ...entry.exits].filter((one) => one.mayBeAtBroker);
    this.#sentAtMs.set(proposalId, clock.monotonicMs());
    let problem: string | null = null;
    try {
      const answer = await cancelAtBroker(this.#deps, { proposalId, actor, reason }, account);
      if (answer.outcome === "denied") problem = answer.denial.code;
    } catch (error) {
      problem = error instanceof Fault ? `${error.code}: ${error.message}` : String(error);
      this.#sentAtMs.delete(proposalId);
      log.error({ proposalId, error: String(error) }, "a cancel of the kill switch did not leave");
    }
    const sentAt = problem === null ? utcText(clock.nowMs()) : null;
    for (const leg of legs) this.#note(leg, sentAt, problem?.slice(0, 300) ?? null);
  }

  #note({ order }: OrderActor, sentAt: string | null, problem: string | null): void {
    const { proposalId, leg, orderRef, orderId, permId, account, state } = order;
    const before = this.#rows.get(orderRef);
    if (before === undefined && this.#rows.size >= MAX_ROWS) return;
    const cancelSentAt = before?.cancelSentAt ?? sentAt;
    const names = { proposalId, leg, orderRef, orderId, permId, account };
    this.#rows.set(orderRef, { ...names, cancelSentAt, confirmedAt: null, state, problem });
  }

  /** After our own cancels, so that each of them is known to have left. */
  async #cancelEverything(): Promise<void> {
    const { limiter, link, clock, log } = this.#deps;
    if (this.#request.cancelOrders !== "all" || this.#request.scope !== "global") return;
    if (this.#globalCancelAt !== null) return;
    try {
      await limiter.take("cancel");
      writerOf(link).requestGlobalCancel();
      this.#globalCancelAt = utcText(clock.nowMs());
    } catch (error) {
      log.error({ error: String(error) }, "the global cancel did not leave");
    }
  }

  /** What the broker shows open of what the stop is about; undefined when it cannot be asked. */
  async #open(): Promise<readonly WireOrder[] | undefined> {
    const { lists, log } = this.#deps;
    try {
      const { rows } = await lists.openOrders();
      if (this.#request.cancelOrders === "all" && this.#request.scope === "global") return rows;
      return rows.filter((row) => {
        const actor = this.#ofOurs(row);
        return actor !== undefined && inScope(this.#request.scope, actor.order);
      });
    } catch (error) {
      log.warn({ error: String(error) }, "the broker could not be asked what is open");
      this.#remaining = null;
      return undefined;
    }
  }

  #ofOurs({ orderRef }: WireOrder): OrderActor | undefined {
    if (orderRef === "") return undefined;
    return this.#deps.table.find({ orderRef, permId: null, clientId: null, orderId: null });
  }

  #save(complete: boolean): KillReport {
    const { id, scope, cancelOrders, reason, actor, at } = this.#request;
    const { clock, reports, table } = this.#deps;
    const orders = [...this.#rows.values()].map((row) => {
      const order = table.find({ orderRef: row.orderRef, permId: null, clientId: null, orderId: null })?.order;
      return order === undefined ? row : { ...row, state: order.state, permId: order.permId };
    });
    const report: KillReport = {
      type: "countersign.kill-report/1",
      ...{ id, scope, cancelOrders, reason, actor, latchedAt: at, seenAt: this.#seenAt },
      ...{ globalCancelAt: this.#globalCancelAt, orders, remaining: this.#remaining, complete },
      attempt: this.#attempt,
      endedAt: utcText(clock.nowMs()),
    };
    return reports.put(report).report;
  }
}

function remainingOf(row: WireOrder, ours: boolean): NonNullable<KillReport["remaining"]>[number] {
  const { orderRef, permId, account, status } = row;
  return { orderRef: orderRef.slice(0, 200), permId, account, status, ownership: ours ? "ours" : "foreign" };
}
