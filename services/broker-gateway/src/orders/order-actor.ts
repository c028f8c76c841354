import { type Clock, utcText } from "@countersign/clock/clock";
import type { ExecFact } from "@countersign/contracts/facts/exec-facts.v1";
import { maybeAtBroker } from "@countersign/contracts/life";
import type { Actor } from "@countersign/contracts/order";
import type { Logger } from "@countersign/log/logger";
import type { AuditTrail } from "../audit/audit-trail.ts";
import { applyChange, concerns } from "../fold/change.ts";
import type { Draft, Evidence } from "../fold/evidence.ts";
import { applyFact, type ExecState, type LegFact } from "../fold/exec-state.ts";
import { plan } from "../fold/plan.ts";
import type { Serial } from "../serial.ts";
import type { ExecLog } from "./exec-log.ts";

/** An exec log as its one author here sees it: the actors of one proposal write it in turn. */
export interface SharedLog {
  readonly queue: Serial;
  /** Of the last fact. */
  sequence: number;
}

export interface ActorDeps {
  readonly clock: Clock;
  readonly log: Logger;
  readonly execLog: ExecLog;
  readonly audit: AuditTrail;
  /** Called after a fact is in the log of one of the orders; what it sets off elsewhere is not waited for. */
  readonly onWritten?: (actor: OrderActor, fact: ExecFact) => void;
}

/**
 * One order at the broker: the order of a ticket, or the entry or an exit of its bracket. Everything that bears on its
 * exec log passes here, one after the other, also for the orders of a bracket, which share one log.
 */
export class OrderActor {
  readonly #deps: ActorDeps;
  readonly #log: SharedLog;
  #order: ExecState;
  /** The exits that leave together with this entry; empty when it is no bracket. */
  readonly exits: readonly OrderActor[];
  /** Monotonic ms when this process wrote the order to the socket; minus infinity when an earlier one did. */
  sentAtMs = Number.NEGATIVE_INFINITY;
  /** Monotonic ms when a cancel of it last left this process; minus infinity: none did. */
  cancelledAtMs = Number.NEGATIVE_INFINITY;
  /** Monotonic ms when this process learned of it. */
  readonly openedAtMs: number;
  /** Monotonic ms when its state last moved, or when this process learned of it. */
  movedAtMs: number;
  /** Complete reconciliations in a row, some time apart, that did not find it. */
  absences = 0;
  /** Monotonic ms of the last of these. */
  absentAtMs = Number.NEGATIVE_INFINITY;

  constructor(deps: ActorDeps, order: ExecState, log: SharedLog, exits: readonly OrderActor[] = []) {
    this.#deps = deps;
    this.openedAtMs = deps.clock.monotonicMs();
    this.movedAtMs = this.openedAtMs;
    this.#order = order;
    this.#log = log;
    this.exits = exits;
  }

  /** As far as the log has confirmed it. */
  get order(): ExecState {
    return this.#order;
  }

  /** Its log says so, or its bytes have left and the log has not taken that yet: a cancel does not wait for the log. */
  get mayBeAtBroker(): boolean {
    const { state } = this.#order;
    return maybeAtBroker(state) || (state === "INTENT" && this.sentAtMs > Number.NEGATIVE_INFINITY);
  }

  /** What the broker said; written if it is news. */
  take(evidence: Evidence): Promise<void> {
    return this.#log.queue.run(async () => {
      for (const draft of plan(this.#order, evidence)) await this.#write(draft);
    });
  }

  /** A fact of our own. False when the life of the order has no such edge from where it is now. */
  append(draft: Draft, options: { actor?: Actor; audited?: boolean } = {}): Promise<boolean> {
    return this.#log.queue.run(async () => {
      if (applyFact(this.#order, this.#fact(draft)) === undefined) return false;
      await this.#write(draft, options);
      return true;
    });
  }

  idle(): Promise<void> {
    return this.#log.queue.idle();
  }

  /** Whether its log, as this process knows it, reaches this sequence; answered when what is being written is written. */
  knows(sequence: number): Promise<boolean> {
    return this.#log.queue.run(async () => this.#log.sequence >= sequence);
  }

  /** What happened to the entry before anything left holds for its exits too. */
  follow(fact: ExecFact): void {
    if (fact.type === "modifyRequested/1" && concerns(this.#order, fact.terms)) {
      this.#order = applyChange(this.#order, fact) ?? this.#order;
    }
    if (this.#order.state === "INTENT") this.#order = applyFact(this.#order, fact) ?? this.#order;
  }

  #fact(draft: Draft): Exclude<ExecFact, LegFact> {
    const base = { proposalId: this.#order.proposalId, at: utcText(this.#deps.clock.nowMs()) };
    return { ...draft, ...base } as Exclude<ExecFact, LegFact>;
  }

  async #write(draft: Draft, options: { actor?: Actor; audited?: boolean } = {}): Promise<void> {
    const own = this.#fact(draft);
    const before = this.#order.state;
    const after = applyFact(this.#order, own);
    if (after === undefined) throw new TypeError(`no edge from ${before} by ${own.type}`);
    const { proposalId, leg } = after;
    const fact = leg === "entry" ? own : legFactOf(leg, own);
    this.#log.sequence = await this.#deps.execLog.appendAtLast(after.account, fact, this.#log.sequence);
    this.#order = after;
    if (after.state !== before) this.movedAtMs = this.#deps.clock.monotonicMs();
    for (const exit of this.exits) exit.follow(fact);
    this.#deps.log.info({ proposalId, leg, event: own.type, from: before, to: after.state }, "order");
    this.#deps.onWritten?.(this, own);
    if (options.audited === true) return;
    this.#deps.audit.record({
      kind: "order.edge",
      correlationId: proposalId,
      ...(options.actor === undefined ? {} : { actor: options.actor }),
      body: { from: before, to: after.state, fact },
    });
  }
}

function legFactOf(leg: LegFact["leg"], fact: Exclude<ExecFact, LegFact>): LegFact {
  const { proposalId, at } = fact;
  return { type: "leg/1", proposalId, at, leg, fact: fact as LegFact["fact"] };
}
