import { type Clock, utcText } from "@countersign/clock/clock";
import type { SignedCheckpoint } from "@countersign/contracts/audit-checkpoint";
import { type AuditStream, readRange } from "./audit-stream.ts";
import type { CheckpointFile } from "./checkpoint-file.ts";
import { MerkleTree } from "./merkle.ts";
import type { Head } from "./record.ts";
import { IntegrityError } from "./recover.ts";

export interface CheckpointsDeps {
  readonly stream: Pick<AuditStream, "read">;
  readonly file: CheckpointFile;
  readonly clock: Clock;
  readonly readsInFlight: number;
}

/** Says from time to time, under signature, how many records there are and what their tree head is. */
export class Checkpoints {
  readonly #deps: CheckpointsDeps;
  /** Over the records up to its size, as they stood when they were read. */
  readonly #tree = new MerkleTree();
  #making: Promise<unknown> = Promise.resolve();

  constructor(deps: CheckpointsDeps) {
    this.#deps = deps;
  }

  get last(): SignedCheckpoint | undefined {
    return this.#deps.file.all.at(-1);
  }

  get all(): readonly SignedCheckpoint[] {
    return this.#deps.file.all;
  }

  /** Before the first append: the last checkpoint must lie on the chain that is taken up. Throws IntegrityError. */
  async check(head: Head, hashAt: (seq: number) => Promise<string | undefined>): Promise<void> {
    const { last } = this;
    if (last === undefined) return;
    const { size, head: signed } = last.checkpoint;
    if (size > head.seq)
      throw new IntegrityError(`a checkpoint was signed over ${size} records, and there are ${head.seq}`);
    const hash = size === head.seq ? head.hash : await hashAt(size);
    if (hash !== signed) throw new IntegrityError(`record ${size} is not the one that a checkpoint was signed over`);
  }

  /** Signs the records up to this one, unless the last checkpoint did. One at a time. */
  make(settled: Head): Promise<SignedCheckpoint | undefined> {
    const made = this.#making.then(() => this.#make(settled));
    this.#making = made.catch(() => undefined);
    return made;
  }

  async #make({ seq, hash }: Head): Promise<SignedCheckpoint | undefined> {
    const { stream, file, clock, readsInFlight } = this.#deps;
    if (seq <= (this.last?.checkpoint.size ?? 0)) {
      file.complete();
      return this.last;
    }
    for await (const { sequence, stored } of readRange(stream, {
      from: this.#tree.size + 1,
      to: seq,
      inFlight: readsInFlight,
    })) {
      if (stored === undefined) throw new IntegrityError(`record ${sequence} cannot be read from the stream`);
      this.#tree.push(stored.text);
    }
    const at = utcText(clock.nowMs());
    return file.add({ type: "countersign.checkpoint/1", size: seq, head: hash, root: this.#tree.root(), at });
  }
}
