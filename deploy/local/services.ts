import { join } from "node:path";
import type { StartArguments } from "./arguments.ts";
import type { Ports } from "./ports.ts";
import { CACHE_FOLDER } from "./repository.ts";

export interface ServiceProcess {
  readonly name: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly flags?: readonly string[];
}

/**
 * The edges, approval, the audit and the simulated world do a little of everything: nothing in them runs so often that compiling
 * it twice pays.
 */
const LIGHT_FLAGS = ["--no-turbofan"];

/** What these hold when they are ready: without it V8 collects the whole heap three times more on the way there, for nothing. */
const LARGE_HEAP = ["--initial-old-space-size=24"];

/** Where Node keeps what it compiled, so that the next start does not. */
export const COMPILE_CACHE = join(CACHE_FOLDER, "node-compile");

/** The processes of a system, in the order of one order's path. Each gets only what it needs to know. */
export function servicesOf(options: {
  settings: StartArguments;
  keysDir: string;
  ports: Ports;
  natsUrl: string;
  /** The account of the embedded broker. */
  account: string;
  /** As COUNTERSIGN_ROSTER_ROOTS takes them. */
  rosterRoots: string;
}): ServiceProcess[] {
  const { settings, keysDir, ports, natsUrl, account } = options;
  const runtime = {
    NODE_COMPILE_CACHE: COMPILE_CACHE,
    COUNTERSIGN_LOG_LEVEL: settings.logLevel,
  };
  const common = {
    ...runtime,
    COUNTERSIGN_MODE: settings.paper === undefined ? "simulator" : "paper",
    COUNTERSIGN_NATS_URL: natsUrl,
    COUNTERSIGN_KEYS_DIR: keysDir,
    COUNTERSIGN_CONFIG_DIR: settings.configDir,
    COUNTERSIGN_DATA_DIR: settings.dataDir,
  };
  const approving = {
    ...common,
    COUNTERSIGN_ROSTER_ROOTS: options.rosterRoots,
    // A passkey is bound to a name, and an address of numbers is none.
    COUNTERSIGN_APPROVAL_ORIGIN: `http://localhost:${ports.admin}`,
  };
  const natsMonitor = `http://127.0.0.1:${ports.natsMonitor}`;
  const admin = `http://127.0.0.1:${ports.admin}`;
  const simulator = ["--port", String(ports.tws), "--control-port", String(ports.twsControl), "--accounts", account];
  const world = [
    "--seed",
    settings.seed,
    "--calendar",
    settings.calendar,
    "--data-dir",
    join(settings.dataDir, "tws-simulator"),
  ];
  const broker = { name: "tws-simulator", args: [...simulator, ...world], env: runtime, flags: LIGHT_FLAGS };
  return [
    ...(settings.paper === undefined ? [broker] : []),
    { name: "audit-writer", args: [], env: common, flags: LIGHT_FLAGS },
    {
      name: "broker-gateway",
      args: [],
      flags: LARGE_HEAP,
      env: {
        ...approving,
        COUNTERSIGN_TWS_HOST: settings.paper?.twsHost ?? "127.0.0.1",
        COUNTERSIGN_TWS_PORT: String(settings.paper?.twsPort ?? ports.tws),
        COUNTERSIGN_NATS_MONITOR_URL: natsMonitor,
      },
    },
    { name: "market-data", args: [], env: common, flags: LARGE_HEAP },
    { name: "risk-gate", args: [], env: approving, flags: LARGE_HEAP },
    { name: "approval", args: [], env: approving, flags: LIGHT_FLAGS },
    {
      name: "mcp-edge",
      args: [],
      flags: LIGHT_FLAGS,
      env: { ...common, COUNTERSIGN_MCP_PORT: String(ports.mcp), COUNTERSIGN_ADMIN_URL: admin },
    },
    {
      name: "admin-api",
      args: [],
      flags: [...LIGHT_FLAGS, ...LARGE_HEAP],
      env: {
        ...approving,
        COUNTERSIGN_ADMIN_PORT: String(ports.admin),
        COUNTERSIGN_NATS_MONITOR_URL: natsMonitor,
      },
    },
  ];
}
