import type { Clock } from "@countersign/clock/clock";
import type { Facet } from "@countersign/contracts/life";
import type { ProposalView } from "@countersign/contracts/proposal-view";
import { type AnyFact, fold } from "./fold.ts";

/** A fact as a feed of the stream ORDERS hands it over. */
export interface FeedFact {
  readonly sequence: number;
  readonly account: string;
  readonly proposalId: string;
  readonly facet: Facet;
  readonly body: AnyFact;
}

/** One order as this process knows it. `sequences` are the last of each log: what the next append must expect. */
export interface OrderRecord {
  readonly view: ProposalView;
  readonly sequences: Readonly<Record<Facet, number>>;
  readonly facts: readonly AnyFact[];
}

/** All orders, folded from their facts. It holds nothing that the log does not hold, and is rebuilt at start. */
export class OrderProjection {
  readonly #records = new Map<string, OrderRecord>();
  readonly #waiters = new Set<{ sequence: number; resolve: () => void }>();
  readonly #listeners = new Set<(record: OrderRecord, fact: FeedFact) => void>();
  #lastSequence = 0;
  #illegal = 0;

  /** Follows a feed: what it has, then what comes. Facts enter only here, in the order of the stream; see `waitFor`. */
  attach(feed: { subscribe(handler: (fact: FeedFact) => void): void }): void {
    feed.subscribe((fact) => {
      this.#fold(this.#records.get(fact.proposalId), fact);
      this.#lastSequence = Math.max(this.#lastSequence, fact.sequence);
      for (const waiter of this.#waiters) {
        if (waiter.sequence <= this.#lastSequence) waiter.resolve();
      }
    });
  }

  #fold(known: OrderRecord | undefined, fact: FeedFact): void {
    const view = fold(known?.view, fact.body, fact.account, fact.sequence);
    const sequences = known === undefined ? { proposal: 0, decision: 0, exec: 0, policy: 0 } : { ...known.sequences };
    sequences[fact.facet] = fact.sequence;
    if (view === undefined) {
      this.#illegal += 1;
      // The log moved on although the life did not: the next append must expect this sequence.
      if (known !== undefined) this.#records.set(fact.proposalId, { ...known, sequences });
      return;
    }
    const record = { view, sequences, facts: [...(known?.facts ?? []), fact.body] };
    this.#records.set(fact.proposalId, record);
    for (const listener of this.#listeners) listener(record, fact);
  }

  get(proposalId: string): OrderRecord | undefined {
    return this.#records.get(proposalId);
  }

  /** Newest first. */
  list(): OrderRecord[] {
    return [...this.#records.values()].reverse();
  }

  /** Of the last fact that the feed has brought. */
  lastSequence(): number {
    return this.#lastSequence;
  }

  onFact(listener: (record: OrderRecord, fact: FeedFact) => void): void {
    this.#listeners.add(listener);
  }

  /** Facts that the table of the life does not allow. Not zero: an author is wrong. */
  illegal(): number {
    return this.#illegal;
  }

  /** Waits until the feed has brought this sequence; false when the time is over first. */
  async waitFor(sequence: number, options: { clock: Clock; timeoutMs: number }): Promise<boolean> {
    if (this.#lastSequence >= sequence) return true;
    return new Promise((resolve) => {
      const finish = (arrived: boolean) => {
        timer.cancel();
        this.#waiters.delete(waiter);
        resolve(arrived);
      };
      const waiter = { sequence, resolve: () => finish(true) };
      const timer = options.clock.setTimeout(() => finish(false), options.timeoutMs);
      this.#waiters.add(waiter);
    });
  }
}
