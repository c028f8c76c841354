import { type Clock, utcText } from "@countersign/clock/clock";
import type { SignedCheckpoint } from "@countersign/contracts/audit-checkpoint";
import { sha256Hex } from "@countersign/ids/hash";
import { GENESIS_HASH, type Head } from "@countersign/tlog/audit-chain";
import { MerkleTree } from "@countersign/tlog/merkle";
import { type AuditStream, readRange } from "./audit-stream.ts";
import type { CheckpointFile } from "./checkpoint-file.ts";
import { faultsOf } from "./record.ts";
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
  /** Hash of the last of them. */
  #head = GENESIS_HASH;
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

  /** What is wrong with the checkpoints on their disks. */
  altered(): string[] {
    return this.#deps.file.altered();
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

  /**
   * Signs the records up to this one, unless the last checkpoint did. One at a time. Throws IntegrityError for records that
   * do not lead to it: under a signature a tree that holds another record would stand for it ever after.
   */
  make(settled: Head): Promise<SignedCheckpoint | undefined> {
    const made = this.#making.then(() => this.#make(settled));
    this.#making = made.catch(() => undefined);
    return made;
  }

  /** The checkpoint over this head, and its note. Throws as `make` does; undefined: nothing is on record. */
  async head(
    settled: Head,
  ): Promise<(ReturnType<CheckpointFile["noteOf"]> & { checkpoint: SignedCheckpoint }) | undefined> {
    const checkpoint = await this.make(settled);
    return checkpoint && { checkpoint, ...this.#deps.file.noteOf(checkpoint.checkpoint) };
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
      const [fault] = faultsOf(stored, this.#head);
      if (fault !== undefined) throw new IntegrityError(`record ${sequence} ${fault}`);
      this.#tree.push(stored.text);
      this.#head = sha256Hex(stored.text);
    }
    if (this.#head !== hash) throw new IntegrityError(`record ${seq} is not the one that was written`);
    const at = utcText(clock.nowMs());
    return file.add({ type: "countersign.checkpoint/1", size: seq, head: hash, root: this.#tree.root(), at });
  }
}
