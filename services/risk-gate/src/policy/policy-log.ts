import type { OrderBus } from "@countersign/bus/bus";
import { Fault } from "@countersign/contracts/denial";
import type { Mode } from "@countersign/contracts/mode";
import type { RiskPolicyEntry } from "@countersign/contracts/risk-policy";
import { FACTS } from "@countersign/contracts/subjects";
import { canonicalHash } from "@countersign/ids/hash";
import { EMPTY_CHAIN, foldPolicy, type PolicyChain } from "./chain.ts";

type LogBus = Pick<OrderBus, "append" | "readLast" | "readSubject">;

/**
 * The risk policies as they stand in their log. Each entry is a compare-and-swap on the one before, so that of two that are
 * signed at the same time one is first and the other is judged against it.
 */
export class PolicyLog {
  readonly #bus: LogBus;
  readonly #mode: Mode;
  #chain: PolicyChain = EMPTY_CHAIN;
  #sequence = 0;

  private constructor(bus: LogBus, mode: Mode) {
    this.#bus = bus;
    this.#mode = mode;
  }

  /** Throws a Fault when it cannot be read, and an Error when it does not hold. */
  static async open(bus: LogBus, mode: Mode): Promise<PolicyLog> {
    const log = new PolicyLog(bus, mode);
    await log.#reload();
    return log;
  }

  /** As far as this process knows. */
  known(): PolicyChain {
    return this.#chain;
  }

  /** With everything that any process has written. Throws as `open` does; what was known stays known then. */
  async fresh(): Promise<PolicyChain> {
    const last = await this.#bus.readLast(FACTS.riskPolicy, {});
    if ((last?.sequence ?? 0) !== this.#sequence) await this.#reload();
    return this.#chain;
  }

  /** False: somebody else wrote since, and what they wrote is known now. Throws OUTCOME_UNKNOWN when nobody can say. */
  async append(entry: RiskPolicyEntry): Promise<boolean> {
    const next = foldPolicy(this.#chain, entry, this.#mode);
    try {
      const answer = await this.#bus.append(FACTS.riskPolicy, {}, entry, { expectedSequence: this.#sequence });
      if (answer.outcome === "appended") {
        this.#chain = next;
        this.#sequence = answer.sequence;
        return true;
      }
    } catch (error) {
      if (!(error instanceof Fault) || error.code !== "OUTCOME_UNKNOWN") throw error;
      const before = this.#sequence;
      await this.#reload();
      if (this.#sequence === before) throw error;
      const last = await this.#bus.readLast(FACTS.riskPolicy, {});
      return last !== undefined && canonicalHash(last.body) === canonicalHash(entry);
    }
    await this.#reload();
    return false;
  }

  async #reload(): Promise<void> {
    const log = await this.#bus.readSubject(FACTS.riskPolicy, {});
    const chain = log.reduce((sofar, { body }) => foldPolicy(sofar, body, this.#mode), EMPTY_CHAIN);
    this.#chain = chain;
    this.#sequence = log.at(-1)?.sequence ?? 0;
  }
}
