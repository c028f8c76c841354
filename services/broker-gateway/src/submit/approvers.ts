import { readFileSync, statSync } from "node:fs";
import { Base64Url, PrincipalId } from "@countersign/contracts/primitives";
import * as z from "zod";

const Roster = z.strictObject({
  keys: z.array(z.strictObject({ keyId: PrincipalId, publicKey: Base64Url, kind: z.literal("session") })).max(1_000),
});

/** The public keys whose signatures count. */
export interface Approvers {
  /** Raw Ed25519 public key, base64url; undefined when the key is not on the roster. Throws when the roster is unreadable. */
  publicKeyOf(keyId: string): string | undefined;
}

/** The roster in a file, read again whenever the file changes: a key that is taken out counts no longer at once. */
export function approversInFile(file: string): Approvers {
  let stamp = "";
  let keys = new Map<string, string>();
  const refresh = () => {
    const { mtimeMs, size, ino } = statSync(file);
    const now = `${mtimeMs} ${size} ${ino}`;
    if (now === stamp) return;
    const roster = Roster.parse(JSON.parse(readFileSync(file, "utf8")));
    keys = new Map(roster.keys.map(({ keyId, publicKey }) => [keyId, publicKey]));
    if (keys.size !== roster.keys.length) throw new Error(`${file}: a key id stands there twice`);
    stamp = now;
  };
  return {
    publicKeyOf: (keyId) => {
      refresh();
      return keys.get(keyId);
    },
  };
}
