import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ConfigError } from "@countersign/config/load";
import { Base64Url, PrincipalId } from "@countersign/contracts/primitives";
import * as z from "zod";

const RosterFile = z.strictObject({
  keys: z
    .array(z.strictObject({ keyId: PrincipalId, publicKey: Base64Url.length(43), kind: z.literal("session") }))
    .min(1)
    .max(100),
});

/** Public keys by key id, base64url: who may countersign. */
export type Roster = ReadonlyMap<string, string>;

/** Reads `approvers.json`. Missing, malformed or with a key id twice: ConfigError. */
export function readRoster(keysDir: string): Roster {
  const file = join(keysDir, "approvers.json");
  let parsed: z.infer<typeof RosterFile>;
  try {
    parsed = RosterFile.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (cause) {
    throw new ConfigError(`${file} is missing or no roster of approvers`, { cause });
  }
  const roster = new Map(parsed.keys.map((key) => [key.keyId, key.publicKey]));
  if (roster.size !== parsed.keys.length) throw new ConfigError(`${file} names a key id twice`);
  return roster;
}
