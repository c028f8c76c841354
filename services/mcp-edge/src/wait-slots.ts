/** How many calls of one agent may wait at once; a wait that finds no slot does not wait. */
export class WaitSlots {
  readonly #perAgentMax: number;
  readonly #taken = new Map<string, number>();
  /** How often a waiting call looks. */
  readonly pollMs: number;

  constructor(options: { perAgentMax: number; pollMs: number }) {
    this.#perAgentMax = options.perAgentMax;
    this.pollMs = options.pollMs;
  }

  /** Gives the slot back when called; undefined: none is free. */
  take(agent: string): (() => void) | undefined {
    const taken = this.#taken.get(agent) ?? 0;
    if (taken >= this.#perAgentMax) return undefined;
    this.#taken.set(agent, taken + 1);
    return () => {
      const left = (this.#taken.get(agent) ?? 1) - 1;
      if (left === 0) this.#taken.delete(agent);
      else this.#taken.set(agent, left);
    };
  }
}
