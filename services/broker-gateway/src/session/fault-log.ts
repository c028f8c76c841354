import type { Clock } from "@countersign/clock/clock";
import { utcText } from "@countersign/clock/clock";

const KINDS_MAX = 50;
const TEXT_MAX = 300;

/** Something that the broker's side did and that no order and no question was the place for. */
export interface LinkFault {
  /** Code of TWS, or of the client library; null: no code. */
  readonly code: number | null;
  readonly text: string;
  readonly firstAt: string;
  readonly lastAt: string;
  readonly count: number;
}

/** The faults since the start, one entry per code or text, newest last. */
export class FaultLog {
  readonly #clock: Clock;
  readonly #faults = new Map<string, LinkFault>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** True when it is the first of its kind. */
  add(code: number | null, text: string): boolean {
    const key = code === null ? text.slice(0, TEXT_MAX) : String(code);
    const lastAt = utcText(this.#clock.nowMs());
    const known = this.#faults.get(key);
    const [oldest] = this.#faults.keys();
    if (known === undefined && this.#faults.size >= KINDS_MAX && oldest !== undefined) this.#faults.delete(oldest);
    const entry = { code, text: text.slice(0, TEXT_MAX), firstAt: known?.firstAt ?? lastAt, lastAt };
    this.#faults.delete(key);
    this.#faults.set(key, { ...entry, count: (known?.count ?? 0) + 1 });
    return known === undefined;
  }

  list(): LinkFault[] {
    return [...this.#faults.values()];
  }
}
