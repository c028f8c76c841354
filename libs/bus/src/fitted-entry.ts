import { AUDIT_BODY_BYTES_MAX, type AuditEntry } from "@countersign/contracts/audit";
import { canonicalHash } from "@countersign/ids/hash";
import { recordable } from "@countersign/ids/recordable";

type Body = AuditEntry["body"];

/** What one member that is left out may take in the list of these. */
const NAMED_BYTES = 250;
const NAMED_MAX = 20;

/**
 * The record as the audit will take it. One that is too long would be refused for ever, and everything behind it would wait
 * with it; so its longest parts are left out, and it says which, how long they were, and their SHA-256. Only for what has
 * happened already: an effect that waits for its record must not take place on the strength of a part of it.
 */
export function fittedEntry(entry: AuditEntry): AuditEntry {
  if (bytesOf(entry.body) <= AUDIT_BODY_BYTES_MAX) return entry;
  const members = Object.entries(recordable(entry.body) as Body)
    .map(([name, value]) => ({ name, value, bytes: bytesOf({ [name]: value }) }))
    .sort((a, b) => a.bytes - b.bytes);
  const kept: Body = {};
  let left = AUDIT_BODY_BYTES_MAX - NAMED_MAX * NAMED_BYTES;
  const out: typeof members = [];
  for (const member of members) {
    left -= member.bytes;
    if (left < 0) out.push(member);
    else kept[member.name] = member.value;
  }
  const named = out.slice(-NAMED_MAX).map(({ name, value, bytes }) => ({ name, bytes, sha256: canonicalHash(value) }));
  return { ...entry, body: { ...kept, leftOut: { count: out.length, longest: named } } };
}

function bytesOf(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value) ?? "");
}
