import { type Clock, utcText } from "@countersign/clock/clock";
import { ManualClock } from "@countersign/clock/manual-clock";
import type { OrderTerms } from "@countersign/contracts/order";
import { type FeedFact, OrderProjection } from "@countersign/orders/projection";
import { Counters } from "../counters/counters.ts";
import { TERMS } from "../test-facts.ts";

const START = Date.parse("2026-11-23T15:00:00.000Z");

/** Wall time that somebody may set, and steady time that nobody can. */
export class SetClock extends ManualClock implements Clock {
  /** How far the wall clock is set off. */
  offsetMs = 0;
  #jumpedMs = 0;

  override nowMs(): number {
    return this.monotonicMs() + this.offsetMs;
  }

  override monotonicMs(): number {
    return super.monotonicMs() + this.#jumpedMs;
  }

  /** Time passes, and nobody waits for it. */
  jump(ms: number): void {
    this.#jumpedMs += ms;
  }
}

/** A log of orders with a real projection; the facts have what the life of an order and the counters read of them. */
export class OrderLog {
  readonly clock: SetClock;
  readonly facts: FeedFact[] = [];
  /** How far the clock of whoever writes is off that of the gate. */
  writerOffMs = 0;
  #handlers: ((fact: FeedFact) => void)[] = [];

  constructor(clock = new SetClock(START)) {
    this.clock = clock;
  }

  /** The gates so far hear nothing any more. */
  end(): void {
    this.#handlers = [];
  }

  /** A gate that starts now. */
  gate(): Counters {
    const projection = new OrderProjection();
    const counters = new Counters({ clock: this.clock, sessionZone: "America/New_York" });
    counters.attach(projection);
    projection.attach({
      subscribe: (handler) => {
        for (const fact of this.facts) handler(fact);
        this.#handlers.push(handler);
      },
    });
    counters.loaded();
    return counters;
  }

  write(proposalId: string, facet: FeedFact["facet"], type: string, more: object = {}): void {
    const at = utcText(this.clock.nowMs() + this.writerOffMs);
    const body = { type, proposalId, at, ...more } as never;
    const fact = { sequence: this.facts.length + 1, account: TERMS.account, proposalId, facet, body };
    this.facts.push(fact);
    for (const handler of this.#handlers) handler(fact);
  }

  propose(id: string, agent = "agent-1", terms: OrderTerms = TERMS): void {
    this.write(id, "proposal", "proposed/1", { mode: "simulator", agent, terms });
  }

  send(id: string, notional: string | null = "100", agent = "agent-1", terms: OrderTerms = TERMS): void {
    this.propose(id, agent, terms);
    this.write(id, "proposal", "simulated/1", { simulation: {} });
    this.write(id, "proposal", "admitted/1", { verdict: { rules: [] }, ticket: {} });
    this.write(id, "decision", "approved/1", { approval: { statement: {} } });
    const verdict = { rules: [{ rule: "maxOrderNotional", value: notional }] };
    this.write(id, "exec", "intent/1", { verdict, orderRef: id, orderId: 1, clientId: 0 });
  }
}
