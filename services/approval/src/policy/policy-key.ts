import { existsSync } from "node:fs";
import { join } from "node:path";
import { readSecretFile } from "@countersign/config/secrets";
import { createSigner, publicKeyOf } from "@countersign/ids/ed25519";
import type { Roster } from "@countersign/roster/roster";

export const POLICY_KEY_FILE = "policy-key.pem";

/** The key with which this service signs in the name of the standing policy, as the roster knows it. */
export interface PolicyKey {
  /** Whose it is on the roster; or why it does not count now. */
  owner(): { readonly person: string } | { readonly reason: string };
  readonly keyId: string;
  readonly sign: (text: string) => string;
}

/** In the keys folder, readable by its owner only. No file: undefined, and nothing is ever approved by policy here. */
export function policyKeyInFile(given: { keysDir: string; keyId: string; roster: Roster }): PolicyKey | undefined {
  const file = join(given.keysDir, POLICY_KEY_FILE);
  if (!existsSync(file)) return undefined;
  return policyKeyOf({ ...given, privateKeyPem: readSecretFile(file) });
}

export function policyKeyOf(given: { privateKeyPem: string; keyId: string; roster: Pick<Roster, "keyOf"> }): PolicyKey {
  const { keyId, roster, privateKeyPem } = given;
  const publicKey = publicKeyOf(privateKeyPem);
  const owner = () => {
    const owned = roster.keyOf(keyId);
    if (owned?.key.kind !== "policy") return { reason: `the roster has no policy key ${keyId}` };
    if (owned.key.publicKey !== publicKey) return { reason: `the roster has another key as ${keyId}` };
    return { person: owned.person };
  };
  return { owner, keyId, sign: createSigner(privateKeyPem) };
}
