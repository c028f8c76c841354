import type { Clock } from "@countersign/clock/clock";

/** Questions to browsers that wait for an answer. Each is answered once, by whom it was asked, and in time. */
export class OpenQuestions<T> {
  readonly #clock: Clock;
  readonly #limits: { readonly max: number; readonly lifeMs: number };
  readonly #open = new Map<string, { readonly person: string; readonly untilMs: number; readonly value: T }>();

  constructor(clock: Clock, limits: { max: number; lifeMs: number }) {
    this.#clock = clock;
    this.#limits = limits;
  }

  /** The oldest question is forgotten when there are too many. */
  ask(challenge: string, person: string, value: T): void {
    const oldest = this.#open.size >= this.#limits.max ? this.#open.keys().next().value : undefined;
    if (oldest !== undefined) this.#open.delete(oldest);
    this.#open.set(challenge, { person, untilMs: this.#clock.monotonicMs() + this.#limits.lifeMs, value });
  }

  /** What was asked; undefined: never, of somebody else, too long ago, or answered already. */
  take(challenge: string, person: string): T | undefined {
    const found = this.#open.get(challenge);
    if (found === undefined || found.person !== person) return undefined;
    this.#open.delete(challenge);
    return this.#clock.monotonicMs() < found.untilMs ? found.value : undefined;
  }
}
