import type { Roster, RosterApprover, SignedRoster as Signed } from "@countersign/contracts/roster";
import { SignedRoster } from "@countersign/contracts/roster";
import { isOneSpelling, verify } from "@countersign/ids/ed25519";
import { canonicalHash, canonicalJson } from "@countersign/ids/hash";
import { ed25519Of, isCanonicalCoseKey } from "./cose-key.ts";
import type { Roots } from "./roots.ts";

/** The newest roster that was ever accepted here. */
export interface Seen {
  readonly version: number;
  /** SHA-256 of its canonical JSON. */
  readonly hash: string;
}

export type Checked =
  | { readonly outcome: "accepted"; readonly roster: Roster; readonly hash: string }
  | { readonly outcome: "refused"; readonly reason: string };

/** Whether this text is a roster to rely on: well formed, signed by every root, and not older than what was seen. */
export function checkRoster(text: string, roots: Roots, seen: Seen | undefined): Checked {
  const signed = parse(text);
  if (typeof signed === "string") return refused(signed);
  const { roster } = signed;
  const wrong = unsignedBy(signed, roots) ?? inconsistency(roster.approvers);
  if (wrong !== undefined) return refused(wrong);
  const hash = canonicalHash(roster);
  if (seen !== undefined && roster.version < seen.version) {
    return refused(`version ${roster.version} is older than version ${seen.version}, which was in use before`);
  }
  if (seen !== undefined && roster.version === seen.version && hash !== seen.hash) {
    return refused(`version ${roster.version} was in use before with another content`);
  }
  return { outcome: "accepted", roster, hash };
}

/** The roster, or why it is none. */
function parse(text: string): Signed | string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return "it is no JSON";
  }
  const parsed = SignedRoster.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  return `${issue?.path.join(".") || "(top)"}: ${issue?.message ?? "not a roster"}`;
}

/** Every root must have signed: as many people agree to a roster as there are roots. Signatures of others do not count. */
function unsignedBy({ roster, signatures }: Signed, roots: Roots): string | undefined {
  if (roots.size === 0) return "no root is configured";
  const repeated = firstRepeated(signatures.map(({ keyId }) => keyId));
  if (repeated !== undefined) return `the root ${repeated} has signed twice`;
  const bytes = canonicalJson(roster);
  for (const [id, key] of roots) {
    const found = signatures.find(({ keyId }) => keyId === id);
    if (found === undefined) return `the root ${id} has not signed it`;
    if (!verify(key, bytes, found.signature)) return `the signature of the root ${id} does not verify`;
  }
  return undefined;
}

/** One key that stood there twice could sign for two people. */
function inconsistency(approvers: readonly RosterApprover[]): string | undefined {
  const person = firstRepeated(approvers.map((one) => one.person));
  if (person !== undefined) return `${person} stands there twice`;
  const keys = approvers.flatMap((one) => one.keys);
  const keyId = firstRepeated(keys.map((key) => key.keyId));
  if (keyId !== undefined) return `the key id ${keyId} stands there twice`;
  const marks = keys.flatMap((key) => [key.publicKey, ...(key.kind === "passkey" ? [key.credentialId] : [])]);
  // A key that may be spelled in two ways could stand there twice.
  const misspelt = marks.find((mark) => !isOneSpelling(mark));
  if (misspelt !== undefined) return `${misspelt} is not the one spelling of its bytes`;
  const noKey = keys.find((key) => key.kind === "passkey" && !isCanonicalCoseKey(key.publicKey));
  if (noKey !== undefined) return `the public key of ${noKey.keyId} is no ES256 or EdDSA key in canonical COSE`;
  // The key with which a service signs for one person must not be the passkey of another, in another coat.
  const raw = keys.flatMap((key) => (key.kind === "passkey" ? (ed25519Of(key.publicKey) ?? []) : []));
  if (firstRepeated([...marks, ...raw]) !== undefined) return "a key stands there under two ids";
  const mixed = approvers.find(({ keys: own }) => new Set(own.map(({ kind }) => kind === "policy")).size > 1);
  return mixed && `${mixed.person} has keys of a person and of a policy`;
}

function firstRepeated(values: readonly string[]): string | undefined {
  return values.find((value, index) => values.indexOf(value) !== index);
}

function refused(reason: string): Checked {
  return { outcome: "refused", reason };
}
