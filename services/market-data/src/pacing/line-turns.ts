import { askerOf } from "./asker-of.ts";
import { PacingRefused } from "./refused.ts";
import type { HeldLine, Scheduler } from "./scheduler.ts";

/** open: its turn has come. waiting: that comes after so long. refused: the queue is full, or no line will be free in time. */
export type LineStanding =
  | { readonly kind: "open" }
  | { readonly kind: "waiting"; readonly waitMs: number }
  | { readonly kind: "refused"; readonly why: string };

const OPEN: LineStanding = { kind: "open" };

/** Lines that are held open: each one takes its turn like any request, and its part of the limits until it is given back. */
export class LineTurns {
  readonly #scheduler: Scheduler;
  readonly #onTurn: (conid: number) => void;
  readonly #held = new Map<number, HeldLine>();
  readonly #refused = new Map<number, string>();

  constructor(scheduler: Scheduler, onTurn: (conid: number) => void) {
    this.#scheduler = scheduler;
    this.#onTurn = onTurn;
  }

  /** The whole set, by conid, with those who want each; what is not named any more is given back first. */
  want(lines: ReadonlyMap<number, readonly string[]>): void {
    for (const [conid, line] of this.#held) {
      if (lines.has(conid)) continue;
      this.#held.delete(conid);
      line.release();
    }
    this.#refused.clear();
    for (const [conid, askers] of lines) this.#take(conid, askers);
  }

  standing(conid: number): LineStanding {
    const line = this.#held.get(conid);
    if (line === undefined) return { kind: "refused", why: this.#refused.get(conid) ?? "it is not wanted" };
    if (line.request.waitedMs !== undefined) return OPEN;
    return { kind: "waiting", waitMs: this.#scheduler.waitMs(line.request) };
  }

  #take(conid: number, askers: readonly string[]): void {
    const [first, ...others] = askers;
    if (first === undefined) return;
    try {
      const line = this.#held.get(conid) ?? this.#scheduler.hold(conid, askerOf(first), () => this.#onTurn(conid));
      this.#held.set(conid, line);
      for (const other of others) this.#scheduler.join(line.request, askerOf(other));
    } catch (error) {
      if (!(error instanceof PacingRefused)) throw error;
      if (!this.#held.has(conid)) this.#refused.set(conid, error.message);
    }
  }
}
