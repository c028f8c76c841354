import { type AuditEntry, type AuditKind, AuditRecord } from "@countersign/contracts/audit";
import { AUDIT_APPENDS, FACTS, subjectOf } from "@countersign/contracts/subjects";
import { canonicalJson, sha256Hex } from "@countersign/ids/hash";

/** `prev` of the first record. */
export const GENESIS_HASH = "0".repeat(64);

/** The name under which this service's own records stand. */
export const OWN_PRODUCER = "audit-writer";
const PRODUCERS: ReadonlySet<string> = new Set([...Object.keys(AUDIT_APPENDS), OWN_PRODUCER]);

export interface Head {
  /** 0: nothing recorded yet. */
  readonly seq: number;
  readonly hash: string;
}

/** A record with its place in the chain fixed. `text` is what is stored, byte by byte, in the stream and in the journal. */
export interface SealedRecord extends Head {
  readonly text: string;
  readonly record: AuditRecord;
}

/** The subject's token for a kind: kinds have dots, a token has none. */
export function kindToken(kind: AuditKind): string {
  return kind.replaceAll(".", "_");
}

/** The next record of the chain: its bytes are its RFC 8785 text, and its hash is theirs. */
export function seal(head: Head, producer: string, at: string, entry: AuditEntry): SealedRecord {
  const record = { type: "countersign.audit/1" as const, seq: head.seq + 1, at, producer, prev: head.hash, entry };
  const text = canonicalJson(record);
  return { seq: record.seq, hash: sha256Hex(text), text, record };
}

/** Reads a stored text back; undefined when it is not a record. */
export function unseal(text: string): SealedRecord | undefined {
  const parsed = AuditRecord.safeParse(parseJson(text));
  if (!parsed.success) return undefined;
  return { seq: parsed.data.seq, hash: sha256Hex(text), text, record: parsed.data };
}

/** What is wrong with one stored record at its place, apart from the records around it. */
export function faultsOf(stored: { sequence: number; subject: string; text: string }, prev: string): string[] {
  const sealed = unseal(stored.text);
  if (sealed === undefined) return ["is not an audit record"];
  const { record } = sealed;
  const faults: string[] = [];
  if (canonicalJson(record) !== stored.text) faults.push("is not in canonical form");
  if (record.seq !== stored.sequence) faults.push(`says that it is record ${record.seq}`);
  if (record.prev !== prev) faults.push("does not name the hash of the record before it");
  if (!PRODUCERS.has(record.producer)) faults.push(`has an unknown producer: ${record.producer}`);
  const subject = subjectOf(FACTS.auditRecord.subject, { kind: kindToken(record.entry.kind) });
  if (subject !== stored.subject) faults.push(`is of kind ${record.entry.kind} but stands under ${stored.subject}`);
  return faults;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
