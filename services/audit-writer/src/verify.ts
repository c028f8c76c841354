import type { Checkpoint, SignedCheckpoint } from "@countersign/contracts/audit-checkpoint";
import type { VerifyAuditReply } from "@countersign/contracts/messages/audit.v1";
import { sha256Hex } from "@countersign/ids/hash";
import { GENESIS_HASH, type Head } from "@countersign/tlog/audit-chain";
import { readCheckpoint } from "@countersign/tlog/checkpoint";
import { MerkleTree } from "@countersign/tlog/merkle";
import type * as z from "zod";
import { type AuditStream, readRange, type StoredText } from "./audit-stream.ts";
import type { Journal } from "./journal.ts";
import { faultsOf } from "./record.ts";

export type Verification = Extract<z.output<typeof VerifyAuditReply>, { outcome: "ok" }>["value"];

const FINDINGS_MAX = 50;
const FINDING_LENGTH_MAX = 500;

export interface VerifyDeps {
  readonly stream: Pick<AuditStream, "read" | "lastSequence">;
  readonly journal: Pick<Journal, "lines">;
  /** The last record that this process knows to be in both places; records after it are still on their way. */
  readonly settled: Head;
  readonly readsInFlight: number;
  /** Of this writer, oldest first. */
  readonly checkpoints: readonly SignedCheckpoint[];
  /** What is wrong with them where they are kept. */
  readonly altered: readonly string[];
  /** One that was kept elsewhere; its signature is looked at here. */
  readonly against: SignedCheckpoint | null;
}

/** Reads every record again and recomputes everything that can be recomputed. Throws a Fault when the stream does not answer. */
export async function verifyAudit(deps: VerifyDeps): Promise<Verification> {
  const check = new ChainCheck([...deps.checkpoints, ...keptElsewhere(deps)]);
  if (deps.against !== null && readCheckpoint(JSON.stringify(deps.against)) === undefined)
    check.find("the given checkpoint is not signed by the key that it names");
  for (const finding of deps.altered) check.find(finding);
  const end = Math.min(deps.settled.seq, await deps.stream.lastSequence());
  if (end < deps.settled.seq)
    check.find(`the stream ends at ${end}, but ${deps.settled.seq} records were acknowledged`);
  const journal = deps.journal.lines()[Symbol.asyncIterator]();
  for await (const { sequence, stored } of readRange(deps.stream, { from: 1, to: end, inFlight: deps.readsInFlight })) {
    const line = await journal.next();
    check.take(sequence, stored, line.done ? undefined : line.value);
  }
  await journal.return?.(undefined);
  for (const { size } of check.unmet().slice(0, 1))
    check.find(`a checkpoint was signed over ${size} records, and there are ${end}`);
  if (end === deps.settled.seq && check.head !== deps.settled.hash) {
    check.find(`the stream's head is ${check.head}, the writer's is ${deps.settled.hash}`);
  }
  return {
    ok: check.findings.length === 0,
    size: end,
    root: check.tree.root(),
    head: check.head,
    findings: check.findings,
    checkpoints: deps.checkpoints.length,
    checkpoint: deps.checkpoints.at(-1) ?? null,
  };
}

function keptElsewhere({ against }: VerifyDeps): readonly SignedCheckpoint[] {
  return against === null ? [] : [against];
}

/** Takes the records of stream and journal side by side, in order. */
class ChainCheck {
  readonly tree = new MerkleTree();
  readonly findings: string[] = [];
  /** Not come to yet, smallest first. */
  readonly #checkpoints: Checkpoint[];
  head = GENESIS_HASH;

  constructor(checkpoints: readonly SignedCheckpoint[]) {
    this.#checkpoints = checkpoints.map(({ checkpoint }) => checkpoint).toSorted((a, b) => a.size - b.size);
  }

  /** Signed over more records than there are. */
  unmet(): readonly Checkpoint[] {
    return this.#checkpoints;
  }

  take(sequence: number, stored: StoredText | undefined, line: Buffer | undefined): void {
    if (stored === undefined) this.find(`record ${sequence} is missing in the stream`);
    if (line === undefined) this.find(`record ${sequence} is missing in the journal`);
    if (stored === undefined) {
      this.#skip(sequence);
      // The chain goes on from the other copy, so that one loss is one finding.
      if (line !== undefined) this.head = sha256Hex(line);
      return;
    }
    for (const fault of faultsOf(stored, this.head)) this.find(`record ${sequence} ${fault}`);
    if (line !== undefined && !line.equals(Buffer.from(stored.text))) {
      this.find(`record ${sequence} differs between stream and journal`);
    }
    this.tree.push(stored.text);
    this.head = sha256Hex(stored.text);
    this.#compare(sequence);
  }

  /** What is missing has been told; no tree is the same without it. */
  #skip(sequence: number): void {
    while (this.#checkpoints[0]?.size === sequence) this.#checkpoints.shift();
  }

  #compare(sequence: number): void {
    for (let [next] = this.#checkpoints; next?.size === sequence; [next] = this.#checkpoints) {
      this.#checkpoints.shift();
      if (next.head !== this.head || next.root !== this.tree.root())
        this.find(`the first ${sequence} records are not those that a checkpoint was signed over at ${next.at}`);
    }
  }

  find(text: string): void {
    if (this.findings.length < FINDINGS_MAX) this.findings.push(text.slice(0, FINDING_LENGTH_MAX));
  }
}
