import type { AuditEntry, AuditKind } from "@countersign/contracts/audit";
import { AUDIT_APPENDS, FACTS, subjectOf } from "@countersign/contracts/subjects";
import { canonicalJson, sha256Hex } from "@countersign/ids/hash";
import { chainFaults, type Head, type SealedRecord, unseal } from "@countersign/tlog/audit-chain";

/** The name under which this service's own records stand. */
export const OWN_PRODUCER = "audit-writer";
const PRODUCERS: ReadonlySet<string> = new Set([...Object.keys(AUDIT_APPENDS), OWN_PRODUCER]);

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

/** What is wrong with one stored record at its place, apart from the records around it. */
export function faultsOf(stored: { sequence: number; subject: string; text: string }, prev: string): string[] {
  const sealed = unseal(stored.text);
  if (sealed === undefined) return ["is not an audit record"];
  const { record } = sealed;
  const faults = chainFaults(sealed, { seq: stored.sequence - 1, hash: prev });
  if (!PRODUCERS.has(record.producer)) faults.push(`has an unknown producer: ${record.producer}`);
  const subject = subjectOf(FACTS.auditRecord.subject, { kind: kindToken(record.entry.kind) });
  if (subject !== stored.subject) faults.push(`is of kind ${record.entry.kind} but stands under ${stored.subject}`);
  return faults;
}
