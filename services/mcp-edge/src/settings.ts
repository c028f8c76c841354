import { join } from "node:path";
import { required, requiredMode } from "@countersign/config/environment";
import { loadConfig } from "@countersign/config/load";
import type { Mode } from "@countersign/contracts/mode";
import type { StartContext } from "@countersign/service/run";
import { type AgentRoster, readAgents } from "./agents.ts";
import { McpEdgeConfig } from "./config.ts";

export interface Settings {
  readonly config: McpEdgeConfig;
  readonly hash: string;
  readonly mode: Mode;
  readonly roster: AgentRoster;
  readonly keysDir: string;
}

/** Everything that can be wrong before anything starts. Throws ConfigError. */
export function readSettings({ environment }: Pick<StartContext, "environment">): Settings {
  const file = join(required(environment, "configDir"), "mcp-edge.yaml");
  const keysDir = required(environment, "keysDir");
  const loaded = loadConfig({ schema: McpEdgeConfig, file });
  return { ...loaded, mode: requiredMode(environment), roster: readAgents(join(keysDir, "agents.yaml")), keysDir };
}
