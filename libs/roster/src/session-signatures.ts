import { verify } from "@countersign/ids/ed25519";
import type { Roster } from "./roster.ts";

export interface SessionSigner {
  readonly person: string;
  readonly keyId: string;
  readonly publicKey: string;
}

/**
 * The persons whose session keys have signed these bytes, each once, by the roster as it stands now. A signature that is
 * wrong spoils all of them: somebody meant something by it.
 */
export function sessionSigners(
  roster: Pick<Roster, "keyOf">,
  bytes: string,
  signatures: readonly { readonly keyId: string; readonly signature: string }[],
): { readonly signers: readonly SessionSigner[]; readonly reasons: readonly string[] } {
  const signers: SessionSigner[] = [];
  const reasons: string[] = [];
  for (const { keyId, signature } of signatures) {
    const owned = roster.keyOf(keyId);
    if (owned === undefined) reasons.push(`the key ${keyId} is not on the roster`);
    else if (owned.key.kind !== "session")
      reasons.push(`${keyId} is a ${owned.key.kind} key; policies take session keys`);
    else if (!verify(owned.key.publicKey, bytes, signature)) reasons.push(`the signature by ${keyId} does not verify`);
    else if (signers.every(({ person }) => person !== owned.person))
      signers.push({ person: owned.person, keyId, publicKey: owned.key.publicKey });
  }
  return { signers, reasons };
}
