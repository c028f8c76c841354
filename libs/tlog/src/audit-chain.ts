import { AuditRecord } from "@countersign/contracts/audit";
import { canonicalJson, sha256Hex } from "@countersign/ids/hash";
import { parseJson } from "./parse-json.ts";

/** `prev` of the first record. */
export const GENESIS_HASH = "0".repeat(64);

export interface Head {
  /** 0: nothing recorded yet. */
  readonly seq: number;
  readonly hash: string;
}

/** A record with its place in the chain fixed. `text` is what is stored, byte by byte, wherever it is. */
export interface SealedRecord extends Head {
  readonly text: string;
  readonly record: AuditRecord;
}

/** Reads a stored text back; undefined when it is not a record. */
export function unseal(text: string): SealedRecord | undefined {
  const parsed = AuditRecord.safeParse(parseJson(text));
  if (!parsed.success) return undefined;
  return { seq: parsed.data.seq, hash: sha256Hex(text), text, record: parsed.data };
}

/** What is wrong with a record as the one after `before`. Each is the rest of a sentence that names the record. */
export function chainFaults({ record, text }: SealedRecord, before: Head): string[] {
  const faults: string[] = [];
  if (canonicalJson(record) !== text) faults.push("is not in canonical form");
  if (record.seq !== before.seq + 1) faults.push(`says that it is record ${record.seq}`);
  if (record.prev !== before.hash) faults.push("does not name the hash of the record before it");
  return faults;
}
