import { join } from "node:path";
import { type Bus, connectBus } from "@countersign/bus/bus";
import { createSystemClock, utcText } from "@countersign/clock/clock";
import { loadConfig } from "@countersign/config/load";
import type { BarsRequest, BarsValue } from "@countersign/contracts/messages/md-bars.v1";
import { RPCS } from "@countersign/contracts/subjects";
import { createLogger } from "@countersign/log/logger";
import { AAPL, World } from "../../services/broker-gateway/src/test-support.ts";
import { barSource } from "../../services/market-data/src/bars/bar-source.ts";
import { type Pace, UNPACED } from "../../services/market-data/src/bars/pace.ts";
import { serveBars } from "../../services/market-data/src/bars/serve-bars.ts";
import { MarketDataConfig } from "../../services/market-data/src/config.ts";
import { Scheduler } from "../../services/market-data/src/pacing/scheduler.ts";

const clock = createSystemClock();
const file = join(import.meta.dirname, "../../config/market-data.yaml");
const { bars: settings, pacing } = loadConfig({ schema: MarketDataConfig, file }).config;

export const EURUSD = 12087792;
export const [MSFT, SPY, BTC, TSLA, NVDA] = [272093, 756733, 479624278, 76792991, 4815747];
export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** Whole seconds, so that TWS can be asked for them. */
export const ago = (ms: number) => utcText(Math.floor((clock.nowMs() - ms) / 1_000) * 1_000);
export const times = (value: BarsValue) => value.bars.map(({ time, date }) => time ?? date ?? "");

/** Bars as an agent gets them: over the bus, through market-data and the real gateway, from the real simulator. */
export class BarsWorld {
  readonly world: World;
  readonly edge: Bus;
  #pace: Pace = UNPACED;

  private constructor(world: World, edge: Bus) {
    this.world = world;
    this.edge = edge;
    serveBars(world.market, {
      ...{ clock, source: barSource(world.market), settings },
      pace: { run: (...request) => this.#pace.run(...request) },
      describe: (conid) => world.market.request(RPCS.brokerContract, { conid }),
    });
  }

  static async open(): Promise<BarsWorld> {
    const world = await World.open();
    await world.startGateway();
    const log = createLogger({ service: "mcp-edge", level: "silent" });
    const { url, keysDir } = world.nats;
    const edge = await connectBus({ url, keysDir, clock, log, service: "mcp-edge", users: ["mcp-edge"] });
    const bars = new BarsWorld(world, edge);
    // The server has what is served once it has answered on that connection.
    await world.market.ping();
    return bars;
  }

  async close(): Promise<void> {
    await this.edge.drain();
    await this.world.close();
  }

  /** From now on within the pace of TWS, as the service has it; or as fast as it goes. */
  paced(isPaced: boolean): void {
    const scheduler = new Scheduler({ clock, config: pacing });
    this.#pace = isPaced ? { run: (cost, task) => scheduler.paced(cost, task) } : UNPACED;
  }

  ask(change: Partial<BarsRequest>) {
    return this.edge.request(RPCS.bars, {
      ...{ conid: AAPL, barSize: "5 mins", whatToShow: "TRADES", regularHoursOnly: false },
      ...{ from: null, duration: null, until: null, maxPoints: 800, maxAgeMs: 0, maxWaitMs: 20_000, asker: "agent-1" },
      ...change,
    });
  }

  async bars(change: Partial<BarsRequest>): Promise<BarsValue> {
    const reply = await this.ask(change);
    if (reply.outcome !== "ok") throw new Error(JSON.stringify(reply.denial));
    return reply.value;
  }

  async codeOf(change: Partial<BarsRequest>): Promise<string> {
    const reply = await this.ask(change);
    return reply.outcome === "ok" ? "ok" : reply.denial.code;
  }

  fault(rule: object): Promise<unknown> {
    return this.world.simulator.control("POST", "/faults", rule);
  }

  /** How often TWS was asked for bars or a schedule. */
  async historical(): Promise<number> {
    return (await this.world.simulator.frames()).reqHistoricalData ?? 0;
  }
}
