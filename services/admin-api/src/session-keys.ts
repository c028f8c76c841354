import { readdirSync } from "node:fs";
import { join } from "node:path";
import { ConfigError } from "@countersign/config/load";
import { readSecretFile } from "@countersign/config/secrets";
import { PrincipalId } from "@countersign/contracts/primitives";
import { createSigner, publicKeyOf } from "@countersign/ids/ed25519";

/** The key with which this service signs for one person who has signed in. */
export interface SessionKey {
  /** Raw Ed25519 public key, base64url: the roster must have it for that person. */
  readonly publicKey: string;
  readonly sign: (text: string) => string;
}
export type SessionKeys = ReadonlyMap<string, SessionKey>;

const KEYS_MAX = 500;

/** One file `<person>.pem` for each person, readable by its owner only. No folder: nobody can approve by session. */
export function readSessionKeys(keysDir: string): SessionKeys {
  const folder = join(keysDir, "session-keys");
  const files = filesIn(folder);
  if (files.length > KEYS_MAX) throw new ConfigError(`${folder} has more than ${KEYS_MAX} keys`);
  return new Map(files.map((name) => readKey(join(folder, name), name.replace(/\.pem$/, ""))));
}

function filesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw new ConfigError(`${folder} cannot be read`, { cause: error });
  }
}

function readKey(file: string, person: string): [string, SessionKey] {
  if (!file.endsWith(".pem") || !PrincipalId.safeParse(person).success) {
    throw new ConfigError(`${file} is not the key of a person: <person>.pem`);
  }
  const pem = readSecretFile(file);
  try {
    return [person, { publicKey: publicKeyOf(pem), sign: createSigner(pem) }];
  } catch (cause) {
    throw new ConfigError(`${file} is no Ed25519 key in PEM`, { cause });
  }
}
