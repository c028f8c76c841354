import { ConfigError } from "./config-error.ts";

/** Every variable that the processes read, and nothing else is read anywhere. */
const VARIABLES = {
  mode: "COUNTERSIGN_MODE",
  natsUrl: "COUNTERSIGN_NATS_URL",
  natsMonitorUrl: "COUNTERSIGN_NATS_MONITOR_URL",
  natsServer: "COUNTERSIGN_NATS_SERVER",
  keysDir: "COUNTERSIGN_KEYS_DIR",
  configDir: "COUNTERSIGN_CONFIG_DIR",
  dataDir: "COUNTERSIGN_DATA_DIR",
  rosterRoots: "COUNTERSIGN_ROSTER_ROOTS",
  approvalOrigin: "COUNTERSIGN_APPROVAL_ORIGIN",
  logLevel: "COUNTERSIGN_LOG_LEVEL",
  twsHost: "COUNTERSIGN_TWS_HOST",
  twsPort: "COUNTERSIGN_TWS_PORT",
  mcpPort: "COUNTERSIGN_MCP_PORT",
  adminPort: "COUNTERSIGN_ADMIN_PORT",
  adminUrl: "COUNTERSIGN_ADMIN_URL",
  operatorToken: "COUNTERSIGN_OPERATOR_TOKEN",
  agentToken: "COUNTERSIGN_AGENT_TOKEN",
} as const;

export type Environment = { readonly [K in keyof typeof VARIABLES]?: string };

/** The one place where the environment is read. An unknown COUNTERSIGN_ variable is an error: it would say something nobody hears. */
export function readEnvironment(env: Readonly<Record<string, string | undefined>>): Environment {
  const known = new Set<string>(Object.values(VARIABLES));
  const unknown = Object.keys(env).filter((name) => name.startsWith("COUNTERSIGN_") && !known.has(name));
  if (unknown.length > 0) {
    throw new ConfigError(`unknown variables: ${unknown.join(", ")}; known are ${[...known].join(", ")}`);
  }
  const entries = Object.entries(VARIABLES).flatMap(([key, name]) => {
    const value = env[name];
    return value === undefined || value === "" ? [] : [[key, value] as const];
  });
  return Object.fromEntries(entries) as Environment;
}

/** The value, or a ConfigError that names the variable. */
export function required(environment: Environment, key: keyof typeof VARIABLES): string {
  const value = environment[key];
  if (value === undefined) throw new ConfigError(`${VARIABLES[key]} is not set`);
  return value;
}

/** A TCP port from 0 to 65535; 0 lets the system choose. */
export function requiredPort(environment: Environment, key: "twsPort" | "mcpPort" | "adminPort"): number {
  const text = required(environment, key);
  const port = Number(text);
  if (!/^[0-9]{1,5}$/.test(text) || port > 65_535) throw new ConfigError(`${VARIABLES[key]} is no port: ${text}`);
  return port;
}

/** simulator, paper or live; there is no default. */
export function requiredMode(environment: Environment): "simulator" | "paper" | "live" {
  const mode = required(environment, "mode");
  if (mode === "simulator" || mode === "paper" || mode === "live") return mode;
  throw new ConfigError(`${VARIABLES.mode} must be simulator, paper or live, not ${mode}`);
}
