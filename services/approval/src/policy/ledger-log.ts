import type { OrderBus } from "@countersign/bus/bus";
import { Fault } from "@countersign/contracts/denial";
import type { LedgerEntry } from "@countersign/contracts/facts/policy-facts.v1";
import { FACTS } from "@countersign/contracts/subjects";
import { canonicalHash } from "@countersign/ids/hash";
import { EMPTY_LEDGER, foldLedger, type Ledger } from "./ledger.ts";

type LedgerBus = Pick<OrderBus, "append" | "readLast" | "readSubject">;

/**
 * The ledger as it stands in its stream. Each entry is a compare-and-swap on the one before, so that of two processes
 * that both see room for an order only one can take it. Nothing is kept that is not written there.
 */
export class LedgerLog {
  readonly #bus: LedgerBus;
  #ledger: Ledger = EMPTY_LEDGER;
  #sequence = 0;

  private constructor(bus: LedgerBus) {
    this.#bus = bus;
  }

  /** Throws a Fault when it cannot be read. */
  static async open(bus: LedgerBus): Promise<LedgerLog> {
    const log = new LedgerLog(bus);
    await log.#reload();
    return log;
  }

  /** As far as this process knows; for showing, never for deciding. */
  known(): Ledger {
    return this.#ledger;
  }

  /** With everything that any process has written. Throws a Fault when that cannot be said. */
  async fresh(): Promise<Ledger> {
    const last = await this.#bus.readLast(FACTS.ledger, {});
    if ((last?.sequence ?? 0) !== this.#sequence) await this.#reload();
    return this.#ledger;
  }

  /** False: somebody else wrote since, and what they wrote is known now. Throws OUTCOME_UNKNOWN when nobody can say. */
  async append(entry: LedgerEntry): Promise<boolean> {
    try {
      const answer = await this.#bus.append(FACTS.ledger, {}, entry, { expectedSequence: this.#sequence });
      if (answer.outcome === "appended") {
        this.#take(entry, answer.sequence);
        return true;
      }
    } catch (error) {
      if (!(error instanceof Fault) || error.code !== "OUTCOME_UNKNOWN") throw error;
      const before = this.#sequence;
      await this.#reload();
      if (this.#sequence === before) throw error;
      const last = await this.#bus.readLast(FACTS.ledger, {});
      return last !== undefined && canonicalHash(last.body) === canonicalHash(entry);
    }
    await this.#reload();
    return false;
  }

  #take(entry: LedgerEntry, sequence: number): void {
    this.#ledger = foldLedger(this.#ledger, entry);
    this.#sequence = sequence;
  }

  async #reload(): Promise<void> {
    const log = await this.#bus.readSubject(FACTS.ledger, {});
    this.#ledger = EMPTY_LEDGER;
    this.#sequence = 0;
    for (const { body, sequence } of log) this.#take(body, sequence);
  }
}
