import { readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { ConfigError } from "@countersign/config/load";
import { Base64Url, PrincipalId } from "@countersign/contracts/primitives";
import * as z from "zod";

const RosterFile = z.strictObject({
  keys: z
    .array(z.strictObject({ keyId: PrincipalId, publicKey: Base64Url.length(43), kind: z.literal("session") }))
    .min(1)
    .max(1_000),
});

/** Who may countersign. */
export interface Roster {
  /** Raw Ed25519 public key, base64url; undefined: not on the roster. */
  publicKeyOf(keyId: string): string | undefined;
}

/**
 * The roster in `approvers.json`, read again whenever the file changes, so that a key that is taken out counts no longer
 * at once. Missing, malformed or with a key id twice: ConfigError, at start and at every later look.
 */
export function rosterInFile(keysDir: string): Roster {
  const file = join(keysDir, "approvers.json");
  let stamp: string | undefined;
  let keys: ReadonlyMap<string, string> = new Map();
  const refresh = () => {
    const current = stampOf(file);
    if (current === stamp) return;
    keys = read(file);
    stamp = current;
  };
  refresh();
  return {
    publicKeyOf: (keyId) => {
      refresh();
      return keys.get(keyId);
    },
  };
}

function stampOf(file: string): string {
  const { mtimeMs, size, ino } = statSync(file, { throwIfNoEntry: false }) ?? noRoster(file);
  return `${mtimeMs} ${size} ${ino}`;
}

function read(file: string): ReadonlyMap<string, string> {
  let parsed: z.infer<typeof RosterFile>;
  try {
    parsed = RosterFile.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (cause) {
    return noRoster(file, cause);
  }
  const keys = new Map(parsed.keys.map((key) => [key.keyId, key.publicKey]));
  if (keys.size !== parsed.keys.length) throw new ConfigError(`${file} names a key id twice`);
  return keys;
}

function noRoster(file: string, cause?: unknown): never {
  throw new ConfigError(`${file} is missing or no roster of approvers`, { cause });
}
