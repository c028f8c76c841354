import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { type Bus, connectBus } from "@countersign/bus/bus";
import { createSystemClock } from "@countersign/clock/clock";
import type { User } from "@countersign/contracts/accounts";
import { RPCS } from "@countersign/contracts/subjects";
import { createLogger } from "@countersign/log/logger";
import { testRoster } from "@countersign/roster/testing/test-roster";
import { startTestNats, type TestNats } from "@countersign/testing/nats";
import { startSimulator, type TestSimulator } from "@countersign/testing/simulator";
import { tempDir } from "@countersign/testing/temp-dir";

const SERVICES = join(import.meta.dirname, "../../..");
const CONFIG_DIR = join(SERVICES, "../config");
const log = createLogger({ service: "test", level: process.env.LOG_LEVEL ?? "silent" });
const clock = createSystemClock();

/** The real market-data, gateway and simulator, each a process, on a real nats-server; and two of those who ask. */
export class MarketWorld {
  readonly simulator: TestSimulator;
  readonly edge: Bus;
  readonly gate: Bus;
  readonly admin: Bus;
  readonly #nats: TestNats;
  readonly #folder = tempDir("countersign-market-");
  readonly #children: ChildProcess[] = [];

  private constructor(nats: TestNats, simulator: TestSimulator, edge: Bus, gate: Bus, admin: Bus) {
    this.#nats = nats;
    this.simulator = simulator;
    this.edge = edge;
    this.gate = gate;
    this.admin = admin;
  }

  /** `simulator`: more arguments for it. */
  static async open(more: { simulator: string[] } = { simulator: [] }): Promise<MarketWorld> {
    const starting = startSimulator({ args: more.simulator });
    const [nats, simulator] = await Promise.all([startTestNats(), starting]);
    const bus = (service: string, user: User) =>
      connectBus({ url: nats.url, keysDir: nats.keysDir, users: [user], service, clock, log });
    const world = new MarketWorld(
      nats,
      simulator,
      await bus("mcp-edge", "mcp-edge"),
      await bus("risk-gate", "risk-gate"),
      await bus("admin-api", "admin-core"),
    );
    await Promise.all([world.#spawn("broker-gateway"), world.#spawn("market-data")]);
    await world.#linkUp();
    return world;
  }

  async close(): Promise<void> {
    await Promise.all([this.edge.drain(), this.gate.drain(), this.admin.drain()]);
    for (const child of this.#children) {
      if (child.exitCode !== null) continue;
      const gone = once(child, "exit");
      child.kill("SIGKILL");
      await gone;
    }
    await this.simulator.stop();
    await this.#nats.stop();
    this.#folder.remove();
  }

  async #linkUp(): Promise<void> {
    const untilMs = clock.monotonicMs() + 15_000;
    for (;;) {
      const reply = await this.edge.request(RPCS.brokerStatus, {}).catch(() => undefined);
      if (reply?.outcome === "ok" && reply.value.link === "up") return;
      if (clock.monotonicMs() > untilMs) throw new Error("the link did not come up");
      await clock.sleep(50);
    }
  }

  async #spawn(service: string): Promise<void> {
    const env = {
      PATH: process.env.PATH ?? "",
      COUNTERSIGN_MODE: "simulator",
      COUNTERSIGN_NATS_URL: this.#nats.url,
      COUNTERSIGN_KEYS_DIR: this.#nats.keysDir,
      COUNTERSIGN_ROSTER_ROOTS: testRoster([]).rootsText,
      COUNTERSIGN_CONFIG_DIR: CONFIG_DIR,
      COUNTERSIGN_DATA_DIR: this.#folder.path,
      COUNTERSIGN_LOG_LEVEL: process.env.LOG_LEVEL ?? "silent",
      COUNTERSIGN_TWS_HOST: "127.0.0.1",
      COUNTERSIGN_TWS_PORT: String(this.simulator.port),
    };
    const main = join(SERVICES, service, "src/main.ts");
    const child = spawn(process.execPath, [main, "start"], { env, stdio: ["ignore", "inherit", "inherit", "ipc"] });
    this.#children.push(child);
    await once(child, "message");
  }
}
