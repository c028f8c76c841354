import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { type Bus, connectBus, usersOf } from "@countersign/bus/bus";
import { createSystemClock, utcText } from "@countersign/clock/clock";
import { loadConfig } from "@countersign/config/load";
import type { User } from "@countersign/contracts/accounts";
import { FACTS, RPCS } from "@countersign/contracts/subjects";
import { createLogger } from "@countersign/log/logger";
import { testRoster } from "@countersign/roster/testing/test-roster";
import { startTestNats, type TestNats } from "@countersign/testing/nats";
import { startSimulator, type TestSimulator } from "@countersign/testing/simulator";
import { tempDir } from "@countersign/testing/temp-dir";
import { brokerSource } from "../../broker-source.ts";
import { readExchanges } from "../../calendar/exchange-file.ts";
import { MarketDataConfig } from "../../config.ts";
import type { Paced } from "../../pacing/paced.ts";
import { Quotes } from "../../quotes.ts";
import type { InstrumentsConfig } from "../config.ts";
import { openInstruments } from "../open-instruments.ts";
import { serveInstruments } from "../serve-instruments.ts";

const CONFIG_DIR = join(import.meta.dirname, "../../../../../config");
const log = createLogger({ service: "test", level: process.env.LOG_LEVEL ?? "silent" });
export const clock = createSystemClock();

/** market-data in this process on a real nats-server; behind it the real gateway and the real simulator as processes. */
export class World {
  readonly nats: TestNats;
  readonly simulator: TestSimulator;
  readonly agents: Bus;
  readonly #folder = tempDir("countersign-instruments-");
  #gateway: ChildProcess | undefined;
  #market: Bus | undefined;

  private constructor(nats: TestNats, simulator: TestSimulator, agents: Bus) {
    this.nats = nats;
    this.simulator = simulator;
    this.agents = agents;
  }

  static async open(change: Partial<InstrumentsConfig> = {}): Promise<World> {
    const [nats, simulator] = await Promise.all([startTestNats(), startSimulator()]);
    const world = new World(nats, simulator, await connect(nats, "mcp-edge", ["mcp-edge"]));
    const admin = await connect(nats, "admin-api", ["admin-core"]);
    const actor = { kind: "operator" as const, id: "alice" };
    const kill = {
      type: "kill/1" as const,
      level: "ACTIVE" as const,
      actor,
      reason: "test",
      at: utcText(clock.nowMs()),
    };
    await admin.append(FACTS.kill, { scope: "global" }, kill, { expectedSequence: 0 });
    await admin.drain();
    await world.startGateway();
    await world.startMarketData(change);
    await world.linkUp();
    return world;
  }

  async close(): Promise<void> {
    await this.#market?.drain();
    await this.agents.drain();
    await this.stopGateway();
    await this.simulator.stop();
    await this.nats.stop();
    this.#folder.remove();
  }

  /** A new market-data with nothing in memory; the one before is gone. */
  async startMarketData(change: Partial<InstrumentsConfig> = {}): Promise<void> {
    await this.#market?.drain();
    const bus = await connect(this.nats, "market-data", usersOf("market-data"));
    this.#market = bus;
    const { config } = loadConfig({ schema: MarketDataConfig, file: join(CONFIG_DIR, "market-data.yaml") });
    const source = brokerSource(bus);
    const quotes = new Quotes({ clock, source, config });
    const quote = (conid: number, maxAgeMs: number) => quotes.get(conid, maxAgeMs);
    const paced: Paced = (_cost, _asker, task) => task();
    serveInstruments(
      bus,
      openInstruments(bus, {
        clock,
        source,
        quote,
        paced,
        exchanges: readExchanges(CONFIG_DIR),
        config: { ...config.instruments, ...change },
      }),
    );
    // The server has taken the subscriptions when it answers this.
    await bus.ping();
  }

  async linkUp(): Promise<void> {
    const untilMs = clock.monotonicMs() + 15_000;
    for (;;) {
      const reply = await this.agents.request(RPCS.brokerStatus, {}).catch(() => undefined);
      if (reply?.outcome === "ok" && reply.value.link === "up") {
        // The absence of an instrument is believed over a link that has been up for a while.
        const upForMs = clock.nowMs() - Date.parse(reply.value.since);
        if (upForMs > 2_500) return;
      }
      if (clock.monotonicMs() > untilMs) throw new Error("the link did not come up");
      await clock.sleep(50);
    }
  }

  async stopGateway(): Promise<void> {
    const child = this.#gateway;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const gone = once(child, "exit");
    child.kill("SIGKILL");
    await gone;
  }

  async startGateway(): Promise<void> {
    const main = join(import.meta.dirname, "../../../../broker-gateway/src/main.ts");
    const child = spawn(process.execPath, [main, "start"], {
      env: {
        PATH: process.env.PATH ?? "",
        COUNTERSIGN_MODE: "simulator",
        COUNTERSIGN_NATS_URL: this.nats.url,
        COUNTERSIGN_KEYS_DIR: this.nats.keysDir,
        COUNTERSIGN_ROSTER_ROOTS: testRoster([]).rootsText,
        COUNTERSIGN_CONFIG_DIR: CONFIG_DIR,
        COUNTERSIGN_DATA_DIR: this.#folder.path,
        COUNTERSIGN_LOG_LEVEL: "silent",
        COUNTERSIGN_TWS_HOST: "127.0.0.1",
        COUNTERSIGN_TWS_PORT: String(this.simulator.port),
      },
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    this.#gateway = child;
    await once(child, "message");
  }
}

function connect(nats: TestNats, service: string, users: readonly User[]): Promise<Bus> {
  return connectBus({ url: nats.url, keysDir: nats.keysDir, users, service, clock, log });
}
