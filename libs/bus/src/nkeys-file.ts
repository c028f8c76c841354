import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { USERS, type User } from "@countersign/contracts/accounts";
import { createUser } from "@nats-io/nkeys";
import { readNKey } from "./nkey.ts";

const users = Object.keys(USERS) as User[];

/** Makes the seed file of every user that has none: mode 0600, in a folder of mode 0700. */
export async function ensureKeys(keysDir: string): Promise<void> {
  mkdirSync(keysDir, { recursive: true, mode: 0o700 });
  for (const user of users) {
    const file = join(keysDir, `${user}.nk`);
    if (existsSync(file)) continue;
    // In one step, so that a start that is cut off leaves no half of a key.
    const draft = `${file}.${process.pid}`;
    writeFileSync(draft, `${new TextDecoder().decode(createUser().getSeed())}\n`, { mode: 0o600 });
    renameSync(draft, file);
  }
}

/** The name under which the server's configuration expects the public key of a user. */
export function nkVariable(user: User): string {
  return `NK_${user.replaceAll("-", "_").toUpperCase()}`;
}

/** The public keys of all users, as the environment of the server. Throws when a seed file is missing. */
export function nkEnvironment(keysDir: string): Record<string, string> {
  const entries = users.map((user) => {
    const seed = readFileSync(join(keysDir, `${user}.nk`), "utf8").trim();
    return [nkVariable(user), readNKey(seed).publicKey];
  });
  return Object.fromEntries(entries);
}
