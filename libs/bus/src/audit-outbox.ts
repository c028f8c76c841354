import type { AuditEntry } from "@countersign/contracts/audit";
import { fittedEntry } from "./fitted-entry.ts";

export interface AuditOutboxDeps {
  readonly audit: (entry: AuditEntry) => Promise<unknown>;
  readonly max: number;
  readonly onDelayed: (waiting: number, error: unknown) => void;
  readonly onDropped: (entry: AuditEntry) => void;
}

/**
 * For records whose absence must not stop what they tell about: refusals, expiries, cancels. They go out at once; what
 * the audit does not take waits here and goes out later, in order. When the bound is reached the gap itself is recorded.
 */
export class AuditOutbox {
  readonly #deps: AuditOutboxDeps;
  readonly #waiting: AuditEntry[] = [];
  #dropped = 0;
  #flushing = false;

  constructor(deps: AuditOutboxDeps) {
    this.#deps = deps;
  }

  /** Resolves after the first try, whatever came of it. */
  async note(entry: AuditEntry): Promise<void> {
    try {
      await this.#deps.audit(fittedEntry(entry));
    } catch (error) {
      this.#keep(entry);
      this.#deps.onDelayed(this.#waiting.length, error);
    }
  }

  #keep(entry: AuditEntry): void {
    if (this.#waiting.length < this.#deps.max) {
      this.#waiting.push(entry);
      return;
    }
    this.#dropped += 1;
    this.#deps.onDropped(entry);
  }

  /** Sends what waits, until the audit refuses again. `gap` builds the record that tells how many were lost. */
  async flush(gap: (dropped: number) => AuditEntry): Promise<void> {
    if (this.#flushing) return;
    this.#flushing = true;
    try {
      for (let first = this.#waiting[0]; first !== undefined; first = this.#waiting[0]) {
        await this.#deps.audit(fittedEntry(first));
        this.#waiting.shift();
      }
      if (this.#dropped > 0) {
        const dropped = this.#dropped;
        await this.#deps.audit(gap(dropped));
        this.#dropped -= dropped;
      }
    } catch {
      // The audit is still away; the next sweep tries again.
    } finally {
      this.#flushing = false;
    }
  }

  status(): { ok: boolean; detail: string } {
    const waiting = this.#waiting.length + this.#dropped;
    return { ok: waiting === 0, detail: `${this.#waiting.length} records wait, ${this.#dropped} lost` };
  }
}
