import type { OrderBus } from "@countersign/bus/bus";
import type { Clock } from "@countersign/clock/clock";
import { Fault } from "@countersign/contracts/denial";
import type { ExecFact } from "@countersign/contracts/facts/exec-facts.v1";
import { FACTS } from "@countersign/contracts/subjects";
import { canonicalJson } from "@countersign/ids/hash";
import type { Logger } from "@countersign/log/logger";

const RETRY_MS = [100, 250, 500, 1_000, 2_000, 5_000] as const;

export interface ExecLogDeps {
  readonly bus: OrderBus;
  readonly clock: Clock;
  readonly log: Logger;
  /** The log says something that this process did not write: it is not the writer any more. */
  readonly onForeignWriter: (reason: string) => void;
}

/** Writes the exec logs. An append that is not acknowledged is read back, never repeated blindly. */
export class ExecLog {
  readonly #deps: ExecLogDeps;
  #lastSequence = 0;
  #lastIntent = 0;

  constructor(deps: ExecLogDeps) {
    this.#deps = deps;
  }

  /** Of the newest fact that this process knows to be in an exec log, of whichever order. */
  get lastSequence(): number {
    return this.#lastSequence;
  }

  /** Of the newest intent: whoever judged without it has not seen what it reserves. */
  get lastIntent(): number {
    return this.#lastIntent;
  }

  /** The stream up to here was read at the start: it may hold intents of the writer before. */
  restored(sequence: number): void {
    this.#lastSequence = sequence;
    this.#lastIntent = sequence;
  }

  /**
   * One try. `orderSequence`: the last sequence of all logs of the order that the fact rests on; absent: the exec log alone
   * decides. `conflict`: another fact is there, and `found` is it; undefined: it is in another log of the order. Throws a Fault when nothing can be said: effect none
   * when the server refused, unknown when it did not answer and could not be asked afterwards either.
   */
  async append(
    account: string,
    fact: ExecFact,
    expectedSequence: number,
    orderSequence?: number,
  ): Promise<{ outcome: "appended"; sequence: number } | { outcome: "conflict"; found: ExecFact | undefined }> {
    const params = { account, proposal: fact.proposalId };
    const appended = (sequence: number) => {
      this.#lastSequence = Math.max(this.#lastSequence, sequence);
      if (fact.type === "intent/1") this.#lastIntent = Math.max(this.#lastIntent, sequence);
      return { outcome: "appended" as const, sequence };
    };
    const condition = {
      expectedSequence,
      ...(orderSequence !== undefined && { expectedOrderSequence: orderSequence }),
    };
    let refused = false;
    try {
      const result = await this.#deps.bus.append(FACTS.exec, params, fact, condition);
      if (result.outcome === "appended") return appended(result.sequence);
      refused = orderSequence !== undefined;
    } catch (error) {
      if (!(error instanceof Fault) || error.effect !== "unknown") throw error;
    }
    const last = await this.#deps.bus.readLast(FACTS.exec, params).catch((cause: unknown) => {
      throw new Fault("OUTCOME_UNKNOWN", "the append was neither confirmed nor could it be read back", { cause });
    });
    if (last !== undefined && canonicalJson(last.body) === canonicalJson(fact)) {
      return appended(last.sequence);
    }
    if ((last?.sequence ?? 0) === expectedSequence) {
      if (refused) return { outcome: "conflict", found: undefined };
      throw new Fault("OUTCOME_UNKNOWN", "the append was not confirmed and is not in the log yet");
    }
    return { outcome: "conflict", found: last?.body };
  }

  /** For facts that have happened: tries until the log has it. Throws only when somebody else writes this log. */
  async appendAtLast(account: string, fact: ExecFact, expectedSequence: number): Promise<number> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        const result = await this.append(account, fact, expectedSequence);
        if (result.outcome === "appended") return result.sequence;
        this.#deps.onForeignWriter(`the exec log of ${fact.proposalId} has a fact of somebody else`);
        throw new Fault("CONFLICT", "another process writes this exec log");
      } catch (error) {
        if (error instanceof Fault && (error.code === "CONFLICT" || error.code === "SCHEMA_UNSUPPORTED")) throw error;
        this.#deps.log.error(
          { proposalId: fact.proposalId, error: String(error) },
          "exec log not writable, trying again",
        );
      }
      await this.#deps.clock.sleep(RETRY_MS[Math.min(attempt, RETRY_MS.length - 1)] ?? 5_000);
    }
  }
}
