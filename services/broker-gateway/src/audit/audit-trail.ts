import { fittedEntry } from "@countersign/bus/fitted-entry";
import { type Clock, parseUtcText, type Timer, utcText } from "@countersign/clock/clock";
import type { AuditEntry, AuditKind } from "@countersign/contracts/audit";
import type { Actor } from "@countersign/contracts/order";
import type { Logger } from "@countersign/log/logger";
import { Serial } from "../serial.ts";
import type { Spill } from "./spill-file.ts";

export const SELF: Actor = { kind: "service", id: "broker-gateway" };

/** How long a cancel waits for the audit before it goes to the spill file. */
const CONFIRM_WITHIN_MS = 500;
const REPLAY_EVERY_MS = 2_000;
/** Nothing is sent any more long before there are so many: a record that waits trips. */
const HELD_MAX = 10_000;

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
  /** What the disk did not take either, oldest first, until the audit is back. */
  readonly #held: AuditEntry[] = [];
  /** Monotonic ms since when a record has been waiting; undefined: none does. */
  #waitingSinceMs: number | undefined;
  #waiting = 0;

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
    const confirmed = this.#tell(entry).then(
      () => true,
      () => false,
    );
    if (await this.#within(confirmed, CONFIRM_WITHIN_MS)) return "audited";
    this.#spill(entry);
    return "spilled";
  }

  /** For what has happened already: in order, and not lost while this process lives or the disk can be written. */
  record(record: Record): void {
    const entry = this.#entry(record);
    this.#waiting += 1;
    this.#waitingSinceMs ??= this.#deps.clock.monotonicMs();
    void this.#queue.run(async () => {
      if (this.#spilled) await this.#replay();
      if (this.#spilled) this.#keep(entry);
      else await this.#tell(entry).catch(() => this.#keep(entry));
      this.#waiting -= 1;
      this.#settled();
    });
  }

  /** How long the oldest record has been waiting for the audit, also since before this process; 0: none is. */
  waitingMs(): number {
    const sinceMs = this.#waitingSinceMs;
    return sinceMs === undefined ? 0 : this.#deps.clock.monotonicMs() - sinceMs;
  }

  async stop(): Promise<void> {
    this.#timer.cancel();
    await this.#queue.idle();
  }

  #entry({ actor, ...record }: Record): AuditEntry {
    return { ...record, actor: actor ?? SELF, at: utcText(this.#deps.clock.nowMs()) };
  }

  /** What happens or has happened whether it is on record or not: too long a record must not keep the others waiting. */
  #tell(entry: AuditEntry): Promise<unknown> {
    return this.#deps.audit(fittedEntry(entry));
  }

  /** Whatever was handed in is in the audit: what comes next waits for itself only. */
  #settled(): void {
    if (this.#spilled) return;
    this.#waitingSinceMs = this.#waiting === 0 ? undefined : this.#deps.clock.monotonicMs();
  }

  /** A disk that refuses must not end the process, and with it the cancels: what has happened is kept in memory then. */
  #keep(entry: AuditEntry): void {
    try {
      if (this.#held.length > 0) throw new Error("the disk refused an earlier one");
      this.#spill(entry);
    } catch (error) {
      if (this.#held.length >= HELD_MAX) throw error;
      this.#held.push(entry);
      this.#deps.log.error({ held: this.#held.length, error: String(error) }, "audit and disk refuse: record held");
    }
  }

  #spill(entry: AuditEntry): void {
    this.#spilled = true;
    this.#waitingSinceMs ??= this.#deps.clock.monotonicMs();
    this.#deps.spill.append(entry);
    this.#deps.log.error({ kind: entry.kind, correlationId: entry.correlationId }, "audit unavailable: record spilled");
  }

  async #replay(): Promise<void> {
    if (!this.#spilled) return;
    const { clock, spill } = this.#deps;
    let waitsMs = 0;
    try {
      const tell = async (entry: AuditEntry) => {
        waitsMs = clock.nowMs() - parseUtcText(entry.at);
        await this.#tell(entry);
      };
      let count = await spill.replay(tell);
      for (let first = this.#held[0]; first !== undefined; first = this.#held[0], count += 1) {
        await tell(first);
        this.#held.shift();
      }
      this.#spilled = false;
      this.#settled();
      if (count > 0) this.#deps.log.warn({ count }, "spilled audit records replayed");
    } catch (error) {
      // What an earlier process left behind waits since then: a restart begins no new time.
      const sinceMs = clock.monotonicMs() - Math.max(0, waitsMs);
      this.#waitingSinceMs = Math.min(this.#waitingSinceMs ?? sinceMs, sinceMs);
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
