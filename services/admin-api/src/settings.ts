import { join } from "node:path";
import { required, requiredMode } from "@countersign/config/environment";
import { ConfigError, loadConfig } from "@countersign/config/load";
import { readSecretFile } from "@countersign/config/secrets";
import type { Mode } from "@countersign/contracts/mode";
import { publicKeyOf } from "@countersign/ids/ed25519";
import type { StartContext } from "@countersign/service/run";
import { AdminApiConfig } from "./config.ts";
import { type OperatorRoster, readOperators } from "./operators.ts";

export interface Settings {
  readonly config: AdminApiConfig;
  readonly hash: string;
  readonly mode: Mode;
  readonly roster: OperatorRoster;
  readonly keysDir: string;
  readonly dataDir: string;
  readonly signingKey: string;
}

/** Everything that can be wrong before anything starts. Throws ConfigError. */
export function readSettings({ environment }: Pick<StartContext, "environment">): Settings {
  const mode = requiredMode(environment);
  // A key on the server may countersign play money only.
  if (mode === "live")
    throw new ConfigError("live mode needs approvals by a passkey, which this version does not have");
  const keysDir = required(environment, "keysDir");
  const loaded = loadConfig({
    schema: AdminApiConfig,
    file: join(required(environment, "configDir"), "admin-api.yaml"),
  });
  const roster = readOperators(join(keysDir, "operators.yaml"));
  const signingKey = readSigningKey(join(keysDir, "approval-signing.pem"));
  return { ...loaded, mode, roster, keysDir, dataDir: required(environment, "dataDir"), signingKey };
}

function readSigningKey(file: string): string {
  const pem = readSecretFile(file);
  try {
    publicKeyOf(pem);
  } catch (cause) {
    throw new ConfigError(`${file} is no Ed25519 key in PEM`, { cause });
  }
  return pem;
}
