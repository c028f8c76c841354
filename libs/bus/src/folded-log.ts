import type { Fact } from "@countersign/contracts/contract-kinds";
import { Fault } from "@countersign/contracts/denial";
import { canonicalHash } from "@countersign/ids/hash";
import type * as z from "zod";
import type { OrderBus } from "./bus.ts";

export type LogBus = Pick<OrderBus, "append" | "readLast" | "readSubject">;

export interface Folding<F extends Fact, State> {
  readonly fact: F;
  /** Of a log without entries. */
  readonly empty: State;
  /** Pure. Throws for an entry that may not follow: it is then neither written nor read. */
  readonly fold: (state: State, entry: z.output<F["body"]>) => State;
}

/**
 * A log of one subject, as what its entries come to. Each entry is a compare-and-swap on the one before, so that of two
 * processes that both see room for theirs one is first and the other looks again. Nothing is kept that is not written there.
 */
export class FoldedLog<F extends Fact, State> {
  readonly #bus: LogBus;
  readonly #folding: Folding<F, State>;
  #state: State;
  #sequence = 0;

  private constructor(bus: LogBus, folding: Folding<F, State>) {
    this.#bus = bus;
    this.#folding = folding;
    this.#state = folding.empty;
  }

  /** Throws a Fault when it cannot be read, and what the fold throws when it does not hold. */
  static async open<F extends Fact, State>(bus: LogBus, folding: Folding<F, State>): Promise<FoldedLog<F, State>> {
    const log = new FoldedLog(bus, folding);
    await log.#reload();
    return log;
  }

  /** As far as this process knows. */
  known(): State {
    return this.#state;
  }

  /** With everything that any process has written. Throws as `open` does; what was known stays known then. */
  async fresh(): Promise<State> {
    const last = await this.#bus.readLast(this.#folding.fact, {});
    if ((last?.sequence ?? 0) !== this.#sequence) await this.#reload();
    return this.#state;
  }

  /** False: somebody else wrote since, and what they wrote is known now. Throws OUTCOME_UNKNOWN when nobody can say. */
  async append(entry: z.output<F["body"]>): Promise<boolean> {
    const { fact, fold } = this.#folding;
    const next = fold(this.#state, entry);
    try {
      const answer = await this.#bus.append(fact, {}, entry as z.input<F["body"]>, {
        expectedSequence: this.#sequence,
      });
      if (answer.outcome === "appended") {
        this.#state = next;
        this.#sequence = answer.sequence;
        return true;
      }
    } catch (error) {
      if (!(error instanceof Fault) || error.code !== "OUTCOME_UNKNOWN") throw error;
      const before = this.#sequence;
      await this.#reload();
      if (this.#sequence === before) throw error;
      const last = await this.#bus.readLast(fact, {});
      return last !== undefined && canonicalHash(last.body) === canonicalHash(entry);
    }
    await this.#reload();
    return false;
  }

  async #reload(): Promise<void> {
    const { fact, empty, fold } = this.#folding;
    const log = await this.#bus.readSubject(fact, {});
    this.#state = log.reduce((state, { body }) => fold(state, body), empty);
    this.#sequence = log.at(-1)?.sequence ?? 0;
  }
}
