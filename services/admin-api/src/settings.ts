import { join } from "node:path";
import { required, requiredMode } from "@countersign/config/environment";
import { loadConfig } from "@countersign/config/load";
import type { Mode } from "@countersign/contracts/mode";
import { openRoster } from "@countersign/roster/open-roster";
import type { Roster } from "@countersign/roster/roster";
import type { StartContext } from "@countersign/service/run";
import { AdminApiConfig } from "./config.ts";
import { type OperatorRoster, readOperators } from "./operators.ts";
import { readSessionKeys, type SessionKeys } from "./session-keys.ts";

export interface Settings {
  readonly config: AdminApiConfig;
  readonly hash: string;
  readonly mode: Mode;
  readonly operators: OperatorRoster;
  readonly roster: Roster;
  readonly keysDir: string;
  readonly dataDir: string;
  readonly sessionKeys: SessionKeys;
}

/** Everything that can be wrong before anything starts. Throws ConfigError. */
export function readSettings({ environment }: Pick<StartContext, "environment">): Settings {
  const mode = requiredMode(environment);
  const keysDir = required(environment, "keysDir");
  const loaded = loadConfig({
    schema: AdminApiConfig,
    file: join(required(environment, "configDir"), "admin-api.yaml"),
  });
  const operators = readOperators(join(keysDir, "operators.yaml"));
  const sessionKeys = readSessionKeys(keysDir);
  const roster = openRoster(environment, "admin-api");
  return { ...loaded, mode, operators, roster, keysDir, dataDir: required(environment, "dataDir"), sessionKeys };
}
