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

export interface SystemOptions {
  readonly settings: StartArguments;
  readonly keysDir: string;
  readonly ports: Ports;
  readonly natsUrl: string;
  /** The account of the embedded broker. */
  readonly account: string;
  /** As COUNTERSIGN_ROSTER_ROOTS takes them. */
  readonly rosterRoots: string;
}

/** The processes of a system, in the order of one order's path. Each gets only what it needs to know. */
export function servicesOf(options: SystemOptions): ServiceProcess[] {
  const { settings, ports } = options;
  const { common, approving } = environmentsOf(options);
  const natsMonitor = `http://127.0.0.1:${ports.natsMonitor}`;
  const toBroker = {
    COUNTERSIGN_TWS_HOST: settings.paper?.twsHost ?? "127.0.0.1",
    COUNTERSIGN_TWS_PORT: String(settings.paper?.twsPort ?? ports.tws),
    COUNTERSIGN_NATS_MONITOR_URL: natsMonitor,
  };
  const toAgents = {
    COUNTERSIGN_MCP_PORT: String(ports.mcp),
    COUNTERSIGN_ADMIN_URL: `http://127.0.0.1:${ports.admin}`,
  };
  const toPeople = { COUNTERSIGN_ADMIN_PORT: String(ports.admin), COUNTERSIGN_NATS_MONITOR_URL: natsMonitor };
  return [
    ...(settings.paper === undefined ? [simulatorOf(options)] : []),
    { name: "audit-writer", args: [], env: common, flags: LIGHT_FLAGS },
    { name: "broker-gateway", args: [], env: { ...approving, ...toBroker }, flags: LARGE_HEAP },
    { name: "market-data", args: [], env: common, flags: LARGE_HEAP },
    { name: "risk-gate", args: [], env: approving, flags: LARGE_HEAP },
    { name: "approval", args: [], env: approving, flags: LIGHT_FLAGS },
    { name: "mcp-edge", args: [], env: { ...common, ...toAgents }, flags: LIGHT_FLAGS },
    { name: "admin-api", args: [], env: { ...approving, ...toPeople }, flags: [...LIGHT_FLAGS, ...LARGE_HEAP] },
  ];
}

function simulatorOf({ settings, ports, account }: SystemOptions): ServiceProcess {
  const listening = ["--port", String(ports.tws), "--control-port", String(ports.twsControl)];
  const world = ["--accounts", account, "--seed", settings.seed, "--calendar", settings.calendar];
  const args = [...listening, ...world, "--data-dir", join(settings.dataDir, "tws-simulator")];
  return { name: "tws-simulator", args, env: runtimeOf(settings), flags: LIGHT_FLAGS };
}

function runtimeOf({ logLevel }: StartArguments) {
  return { NODE_COMPILE_CACHE: COMPILE_CACHE, COUNTERSIGN_LOG_LEVEL: logLevel };
}

/** What every service is told, and what those that check signatures of people are told besides. */
function environmentsOf({ settings, keysDir, ports, natsUrl, rosterRoots }: SystemOptions) {
  const common = {
    ...runtimeOf(settings),
    COUNTERSIGN_MODE: settings.paper === undefined ? "simulator" : "paper",
    COUNTERSIGN_NATS_URL: natsUrl,
    COUNTERSIGN_KEYS_DIR: keysDir,
    COUNTERSIGN_CONFIG_DIR: settings.configDir,
    COUNTERSIGN_DATA_DIR: settings.dataDir,
  };
  const approving = {
    ...common,
    COUNTERSIGN_ROSTER_ROOTS: rosterRoots,
    // A passkey is bound to a name, and an address of numbers is none.
    COUNTERSIGN_APPROVAL_ORIGIN: `http://localhost:${ports.admin}`,
  };
  return { common, approving };
}
