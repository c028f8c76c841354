import { type Clock, utcText } from "@countersign/clock/clock";
import { Fault } from "@countersign/contracts/denial";
import type { LiveEvidence } from "@countersign/contracts/live";
import { unseal } from "@countersign/tlog/audit-chain";
import { type AuditStream, readRange } from "./audit-stream.ts";
import type { AuditWriterConfig } from "./config.ts";
import { Evidence } from "./evidence.ts";

interface Deps {
  readonly stream: Pick<AuditStream, "read" | "firstSequence">;
  readonly clock: Clock;
  readonly config: Pick<AuditWriterConfig, "readsInFlight" | "retention">;
}

/** Counts on from where it stopped: the whole stream is read once in the life of the process, at the first question. */
export class EvidenceReader {
  readonly #deps: Deps;
  readonly #evidence = new Evidence();
  #reached = 0;
  #turn: Promise<void> = Promise.resolve();

  constructor(deps: Deps) {
    this.#deps = deps;
  }

  /** Everything up to the record `size`. Throws a Fault when a record is missing or is none. */
  async upTo(size: number): Promise<LiveEvidence> {
    const mine = this.#turn.then(() => this.#read(size));
    this.#turn = mine.catch(() => undefined);
    await mine;
    const { stream, clock, config } = this.#deps;
    return {
      records: this.#reached,
      ...this.#evidence.counts(),
      retentionDays: config.retention.days,
      exportBeforePurge: config.retention.exportBeforePurge,
      complete: this.#reached === 0 || (await stream.firstSequence()) === 1,
      at: utcText(clock.nowMs()),
    };
  }

  async #read(size: number): Promise<void> {
    const { stream, config } = this.#deps;
    const range = { from: this.#reached + 1, to: size, inFlight: config.readsInFlight };
    for await (const { sequence, stored } of readRange(stream, range)) {
      const sealed = stored === undefined ? undefined : unseal(stored.text);
      if (sealed === undefined) throw new Fault("STORE_REFUSED", `audit record ${sequence} is missing or unreadable`);
      this.#evidence.take(sealed.record);
      this.#reached = sequence;
    }
  }
}
