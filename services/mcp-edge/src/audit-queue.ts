import type { Clock } from "@countersign/clock/clock";
import type { AuditEntry } from "@countersign/contracts/audit";
import type { Backend } from "./backend.ts";

/**
 * Records of what changed nothing: they go to the audit in order and soon, and nobody waits for them. When the queue is
 * full a record is lost, which is counted and recorded itself.
 */
export class AuditQueue {
  readonly #options: {
    backend: Backend;
    clock: Clock;
    max: number;
    retryMs: number;
    gapEntry: (lost: number) => AuditEntry;
  };
  readonly #waiting: AuditEntry[] = [];
  #lost = 0;
  #failing = "";
  #draining: Promise<void> | undefined;
  #closed = false;

  constructor(options: {
    backend: Backend;
    clock: Clock;
    max: number;
    /** Pause after a record that the audit did not take. */
    retryMs: number;
    /** The record that says how many were lost. */
    gapEntry: (lost: number) => AuditEntry;
  }) {
    this.#options = options;
  }

  /** Never waits and never throws. */
  note(entry: AuditEntry): void {
    if (this.#waiting.length >= this.#options.max) this.#lost += 1;
    else this.#waiting.push(entry);
    this.#start();
  }

  /** On a later turn: the answer that a record is about leaves first. */
  #start(): void {
    this.#draining ??= this.#options.clock
      .sleep(0)
      .then(() => this.#drain())
      .finally(() => {
        this.#draining = undefined;
        if (this.#waiting.length > 0 && !this.#closed) this.#start();
      });
  }

  status(): { ok: boolean; detail: string } {
    const counts = `${this.#waiting.length} records waiting, ${this.#lost} lost`;
    return { ok: this.#failing === "", detail: this.#failing === "" ? counts : `${counts}: ${this.#failing}` };
  }

  /** Gives what is waiting one more chance, at most for the given time. */
  async close(waitMs: number): Promise<void> {
    const given = this.#options.clock.sleep(waitMs);
    await Promise.race([this.#draining ?? Promise.resolve(), given]);
    this.#closed = true;
  }

  async #drain(): Promise<void> {
    const { backend, clock, retryMs, gapEntry } = this.#options;
    while (!this.#closed && (this.#waiting.length > 0 || this.#lost > 0)) {
      const [entry] = this.#waiting;
      const lost = this.#lost;
      try {
        if (entry !== undefined) {
          await backend.audit(entry);
          this.#waiting.shift();
        } else {
          await backend.audit(gapEntry(lost));
          this.#lost -= lost;
        }
        this.#failing = "";
      } catch (error) {
        this.#failing = error instanceof Error ? error.message : String(error);
        await clock.sleep(retryMs);
      }
    }
  }
}
