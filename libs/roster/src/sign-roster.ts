import { type Roster as Content, SignedRoster } from "@countersign/contracts/roster";
import { sign } from "@countersign/ids/ed25519";
import { canonicalJson } from "@countersign/ids/hash";

export interface RootKey {
  readonly keyId: string;
  readonly privateKeyPem: string;
}

/** Adds the signature of a root; an earlier one of the same root is replaced, the others stay. */
export function signRoster(signed: SignedRoster, root: RootKey): SignedRoster {
  const others = signed.signatures.filter(({ keyId }) => keyId !== root.keyId);
  const signature = sign(root.privateKeyPem, canonicalJson(signed.roster));
  return { roster: signed.roster, signatures: [...others, { keyId: root.keyId, signature }] };
}

/** The text of `roster.json`. */
export function rosterText(roster: Content, roots: readonly RootKey[]): string {
  const unsigned: SignedRoster = { roster, signatures: [] };
  return formatRoster(roots.reduce(signRoster, unsigned));
}

export function formatRoster(signed: SignedRoster): string {
  return `${JSON.stringify(SignedRoster.parse(signed), null, 2)}\n`;
}
