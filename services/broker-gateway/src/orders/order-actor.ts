import { type Clock, utcText } from "@countersign/clock/clock";
import type { ExecFact } from "@countersign/contracts/facts/exec-facts.v1";
import { next } from "@countersign/contracts/life";
import type { Actor } from "@countersign/contracts/order";
import type { Logger } from "@countersign/log/logger";
import type { AuditTrail } from "../audit/audit-trail.ts";
import type { Draft, Evidence } from "../fold/evidence.ts";
import { applyFact, type ExecState, eventOf } from "../fold/exec-state.ts";
import { plan } from "../fold/plan.ts";
import { Serial } from "../serial.ts";
import type { ExecLog } from "./exec-log.ts";

export interface ActorDeps {
  readonly clock: Clock;
  readonly log: Logger;
  readonly execLog: ExecLog;
  readonly audit: AuditTrail;
}

/** The one place from which one order's exec log is written: everything that bears on it passes here, one after the other. */
export class OrderActor {
  readonly #deps: ActorDeps;
  readonly #queue = new Serial();
  #order: ExecState;
  #sequence: number;
  /** Monotonic ms when this process wrote the order to the socket; minus infinity when an earlier one did. */
  sentAtMs = Number.NEGATIVE_INFINITY;
  /** Monotonic ms when this process learned of it. */
  readonly openedAtMs: number;
  /** Complete reconciliations in a row, some time apart, that did not find it. */
  absences = 0;
  /** Monotonic ms of the last of these. */
  absentAtMs = Number.NEGATIVE_INFINITY;

  constructor(deps: ActorDeps, order: ExecState, sequence: number) {
    this.#deps = deps;
    this.openedAtMs = deps.clock.monotonicMs();
    this.#order = order;
    this.#sequence = sequence;
  }

  /** As far as the log has confirmed it. */
  get order(): ExecState {
    return this.#order;
  }

  /** What the broker said; written if it is news. */
  take(evidence: Evidence): Promise<void> {
    return this.#queue.run(async () => {
      for (const draft of plan(this.#order, evidence)) await this.#write(draft);
    });
  }

  /** A fact of our own. False when the life of the order has no such edge from where it is now. */
  append(draft: Draft, options: { actor?: Actor; audited?: boolean } = {}): Promise<boolean> {
    return this.#queue.run(async () => {
      if (next(this.#order.state, eventOf(this.#fact(draft))) === undefined) return false;
      await this.#write(draft, options);
      return true;
    });
  }

  idle(): Promise<void> {
    return this.#queue.idle();
  }

  #fact(draft: Draft): ExecFact {
    const base = { proposalId: this.#order.proposalId, at: utcText(this.#deps.clock.nowMs()) };
    return { ...draft, ...base } as ExecFact;
  }

  async #write(draft: Draft, options: { actor?: Actor; audited?: boolean } = {}): Promise<void> {
    const fact = this.#fact(draft);
    const before = this.#order.state;
    const after = applyFact(this.#order, fact);
    if (after === undefined) throw new TypeError(`no edge from ${before} by ${fact.type}`);
    this.#sequence = await this.#deps.execLog.appendAtLast(this.#order.account, fact, this.#sequence);
    this.#order = after;
    const { proposalId } = after;
    this.#deps.log.info({ proposalId, event: fact.type, from: before, to: after.state }, "order");
    if (options.audited === true) return;
    this.#deps.audit.record({
      kind: "order.edge",
      correlationId: proposalId,
      ...(options.actor === undefined ? {} : { actor: options.actor }),
      body: { from: before, to: after.state, fact: JSON.parse(JSON.stringify(fact)) },
    });
  }
}
