import { join } from "node:path";
import { type Bus, connectBus, usersOf } from "@countersign/bus/bus";
import { createSystemClock } from "@countersign/clock/clock";
import { loadConfig } from "@countersign/config/load";
import { createLogger } from "@countersign/log/logger";
import type { TestSimulator } from "@countersign/testing/simulator";
import { brokerSource } from "../../broker-source.ts";
import { readExchanges } from "../../calendar/exchange-file.ts";
import { MarketDataConfig } from "../../config.ts";
import type { Paced } from "../../pacing/paced.ts";
import { Quotes } from "../../quotes.ts";
import { MarketWorld } from "../../testing/market-world.ts";
import type { InstrumentsConfig } from "../config.ts";
import { openInstruments } from "../open-instruments.ts";
import { serveInstruments } from "../serve-instruments.ts";

const CONFIG_DIR = join(import.meta.dirname, "../../../../../config");
const log = createLogger({ service: "test", level: process.env.LOG_LEVEL ?? "silent" });
export const clock = createSystemClock();

/** Over a link that has been up for so long a "no" of the broker is believed. */
const STEADY_AFTER_MS = 2_500;

/** The instruments of market-data in this process, without its pace; all else as in any market world. */
export class World {
  readonly market: MarketWorld;
  readonly agents: Bus;
  readonly simulator: TestSimulator;
  #bus: Bus | undefined;

  private constructor(market: MarketWorld) {
    this.market = market;
    this.agents = market.edge;
    this.simulator = market.simulator;
  }

  static async open(change: Partial<InstrumentsConfig> = {}): Promise<World> {
    const world = new World(await MarketWorld.open({ services: ["broker-gateway"] }));
    await world.startMarketData(change);
    await world.linkUp();
    return world;
  }

  async close(): Promise<void> {
    await this.#bus?.drain();
    await this.market.close();
  }

  linkUp(): Promise<void> {
    return this.market.linkUp(STEADY_AFTER_MS);
  }

  /** A new market-data with nothing in memory; the one before is gone. */
  async startMarketData(change: Partial<InstrumentsConfig> = {}): Promise<void> {
    await this.#bus?.drain();
    const { url, keysDir } = this.market.nats;
    const users = usersOf("market-data");
    const bus = await connectBus({ url, keysDir, users, service: "market-data", clock, log });
    this.#bus = bus;
    const { config } = loadConfig({ schema: MarketDataConfig, file: join(CONFIG_DIR, "market-data.yaml") });
    const source = brokerSource(bus);
    const quotes = new Quotes({ clock, source, config });
    const quote = (conid: number, maxAgeMs: number) => quotes.get(conid, maxAgeMs);
    const paced: Paced = (_cost, task) => task();
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
}
