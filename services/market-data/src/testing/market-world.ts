import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Bus, connectBus } from "@countersign/bus/bus";
import { createSystemClock } from "@countersign/clock/clock";
import type { User } from "@countersign/contracts/accounts";
import { RPCS } from "@countersign/contracts/subjects";
import { createLogger } from "@countersign/log/logger";
import { testRoster } from "@countersign/roster/testing/test-roster";
import { childEnvironment } from "@countersign/testing/child-environment";
import { startTestNats, type TestNats } from "@countersign/testing/nats";
import { PATIENCE_MS } from "@countersign/testing/patience";
import { startSimulator, type TestSimulator } from "@countersign/testing/simulator";
import { tempDir } from "@countersign/testing/temp-dir";
import { parseDocument } from "yaml";

const SERVICES = join(import.meta.dirname, "../../..");
const CONFIG_DIR = join(SERVICES, "../config");
const BOTH = ["broker-gateway", "market-data"] as const;
const log = createLogger({ service: "test", level: process.env.LOG_LEVEL ?? "silent" });
const clock = createSystemClock();

type ServiceName = "broker-gateway" | "market-data";

export interface MarketWorldOptions {
  /** More arguments for the simulator. */
  readonly simulator?: readonly string[];
  /** Of each file of the configuration what differs from what is shipped: path with dots, and value. */
  readonly config?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Which services are started; absent: both. */
  readonly services?: readonly ServiceName[];
}

/** The real market-data, gateway and simulator, each a process, on a real nats-server; and two of those who ask. */
export class MarketWorld {
  readonly nats: TestNats;
  readonly simulator: TestSimulator;
  readonly edge: Bus;
  readonly gate: Bus;
  readonly admin: Bus;
  readonly #folder = tempDir("countersign-market-");
  readonly #children = new Map<ServiceName, ChildProcess>();
  readonly #configDir: string;

  private constructor(
    nats: TestNats,
    simulator: TestSimulator,
    buses: { edge: Bus; gate: Bus; admin: Bus },
    config: NonNullable<MarketWorldOptions["config"]>,
  ) {
    this.nats = nats;
    this.simulator = simulator;
    this.edge = buses.edge;
    this.gate = buses.gate;
    this.admin = buses.admin;
    this.#configDir = Object.keys(config).length === 0 ? CONFIG_DIR : changed(this.#folder.path, config);
  }

  static async open({ simulator: args = [], config = {}, services = BOTH }: MarketWorldOptions = {}) {
    const [nats, simulator] = await Promise.all([startTestNats(), startSimulator({ args })]);
    const bus = (service: string, user: User) =>
      connectBus({ url: nats.url, keysDir: nats.keysDir, users: [user], service, clock, log });
    const buses = {
      edge: await bus("mcp-edge", "mcp-edge"),
      gate: await bus("risk-gate", "risk-gate"),
      admin: await bus("admin-api", "admin-core"),
    };
    const world = new MarketWorld(nats, simulator, buses, config);
    await Promise.all(services.map((service) => world.start(service)));
    await world.linkUp();
    return world;
  }

  async close(): Promise<void> {
    await Promise.all([this.edge.drain(), this.gate.drain(), this.admin.drain()]);
    for (const service of BOTH) await this.stop(service);
    await this.simulator.stop();
    await this.nats.stop();
    this.#folder.remove();
  }

  /** `upForMs`: the link has been up for so long. */
  async linkUp(upForMs = 0): Promise<void> {
    const untilMs = clock.monotonicMs() + PATIENCE_MS;
    for (;;) {
      const reply = await this.edge.request(RPCS.brokerStatus, {}).catch(() => undefined);
      const up = reply?.outcome === "ok" && reply.value.link === "up" ? reply.value : undefined;
      if (up !== undefined && clock.nowMs() - Date.parse(up.since) >= upForMs) return;
      if (clock.monotonicMs() > untilMs) throw new Error("the link did not come up");
      await clock.sleep(50);
    }
  }

  /** Kills it, if it runs. */
  async stop(service: ServiceName): Promise<void> {
    const child = this.#children.get(service);
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
  }

  async start(service: ServiceName): Promise<void> {
    const env = {
      ...childEnvironment(),
      COUNTERSIGN_MODE: "simulator",
      COUNTERSIGN_NATS_URL: this.nats.url,
      COUNTERSIGN_KEYS_DIR: this.nats.keysDir,
      COUNTERSIGN_CONFIG_DIR: this.#configDir,
      COUNTERSIGN_DATA_DIR: this.#folder.path,
      COUNTERSIGN_LOG_LEVEL: process.env.LOG_LEVEL ?? "silent",
      // No order is approved here.
      COUNTERSIGN_ROSTER_ROOTS: testRoster([]).rootsText,
      COUNTERSIGN_TWS_HOST: "127.0.0.1",
      COUNTERSIGN_TWS_PORT: String(this.simulator.port),
    };
    const main = join(SERVICES, service, "src/main.ts");
    const child = spawn(process.execPath, [main, "start"], { env, stdio: ["ignore", "inherit", "inherit", "ipc"] });
    this.#children.set(service, child);
    const ended = once(child, "exit").then(([code]) => Promise.reject(new Error(`${service} ended with ${code}`)));
    ended.catch(() => undefined);
    await Promise.race([once(child, "message"), ended]);
  }
}

/** A copy of what is shipped, with other values. */
function changed(folder: string, config: NonNullable<MarketWorldOptions["config"]>): string {
  const to = join(folder, "config");
  cpSync(CONFIG_DIR, to, { recursive: true });
  for (const [name, values] of Object.entries(config)) {
    const file = join(to, name);
    const document = parseDocument(readFileSync(file, "utf8"));
    for (const [path, value] of Object.entries(values)) {
      const keys = path.split(".");
      if (!document.hasIn(keys)) throw new Error(`${name} has no ${path}`);
      document.setIn(keys, value);
    }
    writeFileSync(file, document.toString());
  }
  return to;
}
