import { GENESIS_HASH, type Head, type SealedRecord, unseal } from "@countersign/tlog/audit-chain";
import { type AuditStream, readRange } from "./audit-stream.ts";
import type { Journal, JournalTail } from "./journal.ts";
import { faultsOf } from "./record.ts";

/** Stream and journal contradict each other: nothing may be appended until a person has looked. */
export class IntegrityError extends Error {
  override readonly name = "IntegrityError";
}

export interface Recovered {
  /** The last record that stream and journal share. */
  readonly head: Head;
  /** Records of the journal that nobody was told of and that the stream does not have. */
  readonly unconfirmed: readonly SealedRecord[];
  /** What was put right, one sentence each. */
  readonly repairs: readonly string[];
}

export interface RecoverDeps {
  readonly stream: AuditStream;
  readonly journal: Journal;
  /** How far records are known to have been acknowledged. */
  readonly acknowledged: number;
  readonly pendingMax: number;
  readonly readsInFlight: number;
}

/** Compares the head of the stream with the head of the journal. Throws IntegrityError when no honest crash explains them. */
export async function recover(deps: RecoverDeps): Promise<Recovered> {
  const { stream, journal, acknowledged, pendingMax } = deps;
  const streamEnd = await stream.lastSequence();
  const tail = await journal.load(pendingMax + 1);
  const repairs: string[] = [];
  if (tail.tornBytes > 0) repairs.push(`${tail.tornBytes} bytes of a torn last line were cut off the journal`);
  if (streamEnd < acknowledged) {
    throw new IntegrityError(`the stream ends at ${streamEnd}, but ${acknowledged} records were acknowledged`);
  }
  if (tail.lines > streamEnd + pendingMax) {
    throw new IntegrityError(`the stream ends at ${streamEnd}, the journal has ${tail.lines} records`);
  }
  const head = await sharedHead(deps, Math.min(streamEnd, tail.lines), tail);
  const beyond = tail.last.slice(tail.last.length - (tail.lines - head.seq));
  if (head.seq === streamEnd) {
    const unconfirmed = beyond.map((line) => unsealLine(line.toString("utf8")));
    assertChain(head, unconfirmed);
    if (unconfirmed.length > 0) repairs.push(`records from ${head.seq + 1} on went from the journal to the stream`);
    return { head, unconfirmed, repairs };
  }
  if (beyond.length > 0) {
    journal.cut(beyond);
    repairs.push(
      `${beyond.length} records after ${head.seq} that lost against another writer were cut off the journal`,
    );
  }
  repairs.push(`records ${head.seq + 1} to ${streamEnd} were copied from the stream to the journal`);
  return { head: await repairJournal(deps, head, streamEnd), unconfirmed: [], repairs };
}

/**
 * The last record that both have. A writer that lost against another one has sealed records that the stream never took;
 * nobody was told of them, so a difference is honest only above the acknowledged mark.
 */
async function sharedHead(deps: RecoverDeps, end: number, tail: JournalTail): Promise<Head> {
  for (let seq = end; seq > 0; seq -= 1) {
    const line = tail.last.at(seq - tail.lines - 1);
    const stored = await deps.stream.read(seq);
    if (stored === undefined) throw new IntegrityError(`record ${seq} cannot be read from the stream`);
    if (line?.equals(Buffer.from(stored.text))) {
      const sealed = unseal(stored.text);
      if (sealed?.seq !== seq) throw new IntegrityError(`record ${seq} is not an audit record`);
      return { seq, hash: sealed.hash };
    }
    if (line === undefined || seq <= deps.acknowledged) {
      throw new IntegrityError(`record ${seq} differs between stream and journal`);
    }
  }
  return { seq: 0, hash: GENESIS_HASH };
}

async function repairJournal({ stream, journal, readsInFlight }: RecoverDeps, from: Head, to: number): Promise<Head> {
  let head = from;
  const writes: Promise<void>[] = [];
  for await (const { sequence, stored } of readRange(stream, { from: from.seq + 1, to, inFlight: readsInFlight })) {
    if (stored === undefined) throw new IntegrityError(`record ${sequence} cannot be read from the stream`);
    const [fault] = faultsOf(stored, head.hash);
    const sealed = unseal(stored.text);
    if (fault !== undefined || sealed === undefined) throw new IntegrityError(`record ${sequence} ${fault}`);
    writes.push(journal.append(stored.text));
    head = { seq: sequence, hash: sealed.hash };
    // Keeps memory bounded: never more unwritten lines than one round of reads.
    if (writes.length >= readsInFlight) await Promise.all(writes.splice(0));
  }
  await Promise.all(writes);
  return head;
}

function unsealLine(line: string): SealedRecord {
  const sealed = unseal(line);
  if (sealed === undefined) throw new IntegrityError("a line of the journal is not an audit record");
  return sealed;
}

function assertChain(head: Head, records: readonly SealedRecord[]): void {
  let before = head;
  for (const sealed of records) {
    if (sealed.seq !== before.seq + 1 || sealed.record.prev !== before.hash) {
      throw new IntegrityError(`record ${before.seq + 1} of the journal does not follow the one before it`);
    }
    before = sealed;
  }
}
