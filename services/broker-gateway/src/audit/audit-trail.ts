import { type Clock, type Timer, utcText } from "@countersign/clock/clock";
import type { AuditEntry, AuditKind } from "@countersign/contracts/audit";
import type { Actor } from "@countersign/contracts/order";
import type { Logger } from "@countersign/log/logger";
import { Serial } from "../serial.ts";
import type { Spill } from "./spill-file.ts";

export const SELF: Actor = { kind: "service", id: "broker-gateway" };

/** How long a cancel waits for the audit before it goes to the spill file. */
const CONFIRM_WITHIN_MS = 500;
const REPLAY_EVERY_MS = 2_000;

export interface Record {
  readonly kind: AuditKind;
  /** Proposal id, or whatever else this is about. */
  readonly correlationId: string;
  readonly actor?: Actor;
  readonly body: AuditEntry["body"];
}

interface AuditDeps {
  readonly clock: Clock;
  readonly log: Logger;
  readonly spill: Spill;
  readonly audit: (entry: AuditEntry) => Promise<unknown>;
}

/** Three ways to be on the record: confirmed before the effect, confirmed or spilled before the effect, or soon after it. */
export class AuditTrail {
  readonly #deps: AuditDeps;
  readonly #queue = new Serial();
  readonly #timer: Timer;
  #spilled = true;

  constructor(deps: AuditDeps) {
    this.#deps = deps;
    this.#timer = deps.clock.setInterval(() => void this.#queue.run(() => this.#replay()), REPLAY_EVERY_MS);
  }

  /** Durable in the audit, or a Fault AUDIT_UNAVAILABLE: then the effect must not happen. */
  async confirm(record: Record): Promise<void> {
    await this.#deps.audit(this.#entry(record));
  }

  /** For effects that nothing may hold up: durable in the audit, or on our own disk until the audit is back. */
  async confirmOrSpill(record: Record): Promise<"audited" | "spilled"> {
    const entry = this.#entry(record);
    const confirmed = this.#deps.audit(entry).then(
      () => true,
      () => false,
    );
    if (await this.#within(confirmed, CONFIRM_WITHIN_MS)) return "audited";
    this.#spill(entry);
    return "spilled";
  }

  /** For what has happened already: in order, and never lost while the disk can be written. */
  record(record: Record): void {
    const entry = this.#entry(record);
    void this.#queue.run(async () => {
      if (this.#spilled) await this.#replay();
      if (this.#spilled) this.#spill(entry);
      else await this.#deps.audit(entry).catch(() => this.#spill(entry));
    });
  }

  async stop(): Promise<void> {
    this.#timer.cancel();
    await this.#queue.idle();
  }

  #entry({ actor, ...record }: Record): AuditEntry {
    return { ...record, actor: actor ?? SELF, at: utcText(this.#deps.clock.nowMs()) };
  }

  #spill(entry: AuditEntry): void {
    this.#spilled = true;
    this.#deps.spill.append(entry);
    this.#deps.log.error({ kind: entry.kind, correlationId: entry.correlationId }, "audit unavailable: record spilled");
  }

  async #replay(): Promise<void> {
    if (!this.#spilled) return;
    try {
      const count = await this.#deps.spill.replay((entry) => this.#deps.audit(entry));
      this.#spilled = false;
      if (count > 0) this.#deps.log.warn({ count }, "spilled audit records replayed");
    } catch (error) {
      this.#deps.log.warn({ error: String(error) }, "spilled audit records still wait");
    }
  }

  #within(confirmed: Promise<boolean>, ms: number): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = this.#deps.clock.setTimeout(() => resolve(false), ms);
      void confirmed.then((outcome) => {
        timer.cancel();
        resolve(outcome);
      });
    });
  }
}
