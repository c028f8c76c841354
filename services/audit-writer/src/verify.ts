import type { VerifyAuditReply } from "@countersign/contracts/messages/audit.v1";
import { sha256Hex } from "@countersign/ids/hash";
import type * as z from "zod";
import { type AuditStream, readRange, type StoredText } from "./audit-stream.ts";
import type { Journal } from "./journal.ts";
import { MerkleTree } from "./merkle.ts";
import { faultsOf, GENESIS_HASH, type Head } from "./record.ts";

export type Verification = Extract<z.output<typeof VerifyAuditReply>, { outcome: "ok" }>["value"];

const FINDINGS_MAX = 50;
const FINDING_LENGTH_MAX = 500;

export interface VerifyDeps {
  readonly stream: Pick<AuditStream, "read" | "lastSequence">;
  readonly journal: Pick<Journal, "lines">;
  /** The last record that this process knows to be in both places; records after it are still on their way. */
  readonly settled: Head;
  readonly readsInFlight: number;
}

/** Reads every record again and recomputes everything that can be recomputed. Throws a Fault when the stream does not answer. */
export async function verifyAudit(deps: VerifyDeps): Promise<Verification> {
  const check = new ChainCheck();
  const end = Math.min(deps.settled.seq, await deps.stream.lastSequence());
  if (end < deps.settled.seq)
    check.find(`the stream ends at ${end}, but ${deps.settled.seq} records were acknowledged`);
  const journal = deps.journal.lines()[Symbol.asyncIterator]();
  for await (const { sequence, stored } of readRange(deps.stream, { from: 1, to: end, inFlight: deps.readsInFlight })) {
    const line = await journal.next();
    check.take(sequence, stored, line.done ? undefined : line.value);
  }
  await journal.return?.(undefined);
  if (end === deps.settled.seq && check.head !== deps.settled.hash) {
    check.find(`the stream's head is ${check.head}, the writer's is ${deps.settled.hash}`);
  }
  return {
    ok: check.findings.length === 0,
    size: end,
    root: check.tree.root(),
    head: check.head,
    findings: check.findings,
  };
}

/** Takes the records of stream and journal side by side, in order. */
class ChainCheck {
  readonly tree = new MerkleTree();
  readonly findings: string[] = [];
  head = GENESIS_HASH;

  take(sequence: number, stored: StoredText | undefined, line: Buffer | undefined): void {
    if (stored === undefined) this.find(`record ${sequence} is missing in the stream`);
    if (line === undefined) this.find(`record ${sequence} is missing in the journal`);
    if (stored === undefined) {
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
  }

  find(text: string): void {
    if (this.findings.length < FINDINGS_MAX) this.findings.push(text.slice(0, FINDING_LENGTH_MAX));
  }
}
