import type { AppendOutcome, Bus } from "@countersign/bus/bus";
import { FACTS } from "@countersign/contracts/subjects";
import type { SealedRecord } from "@countersign/tlog/audit-chain";
import { kindToken } from "./record.ts";

/** The stream AUDIT as this service needs it. */
export interface AuditStream {
  /** Sequence of the last record in the stream; 0: none. Throws a Fault when the stream does not answer. */
  lastSequence(): Promise<number>;
  firstSequence(): Promise<number>;
  /** The stored bytes as text; undefined: the stream has nothing there. */
  read(sequence: number): Promise<{ subject: string; text: string } | undefined>;
  /** Accepted only as the very next message of the whole stream. Sent in the order of the calls. */
  append(sealed: SealedRecord): Promise<AppendOutcome>;
}

export function auditStream(bus: Bus): AuditStream {
  const fact = FACTS.auditRecord;
  return {
    lastSequence: async () => (await bus.streamState(fact)).lastSequence,
    firstSequence: async () => (await bus.streamState(fact)).firstSequence,
    read: (sequence) => bus.readText(fact, sequence),
    append: (sealed) =>
      bus.append(fact, { kind: kindToken(sealed.record.entry.kind) }, sealed.record, {
        expectedStreamSequence: sealed.seq - 1,
        messageId: sealed.hash,
        raw: sealed.text,
      }),
  };
}

export interface StoredText {
  readonly sequence: number;
  readonly subject: string;
  readonly text: string;
}

/** Records `from` to `to` in order, read several at once. Undefined where the stream has none. */
export async function* readRange(
  stream: Pick<AuditStream, "read">,
  range: { from: number; to: number; inFlight: number },
): AsyncGenerator<{ sequence: number; stored: StoredText | undefined }> {
  for (let from = range.from; from <= range.to; from += range.inFlight) {
    const count = Math.min(range.inFlight, range.to - from + 1);
    const batch = await Promise.all(Array.from({ length: count }, (_, index) => stream.read(from + index)));
    for (const [index, found] of batch.entries()) {
      const sequence = from + index;
      yield { sequence, stored: found === undefined ? undefined : { sequence, ...found } };
    }
  }
}
