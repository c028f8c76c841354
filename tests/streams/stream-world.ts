import { join } from "node:path";
import { TickWatch } from "@countersign/bus/tick-watch";
import { loadConfig } from "@countersign/config/load";
import { QUOTE_FIELDS } from "@countersign/contracts/instrument";
import type { Tick } from "@countersign/contracts/messages/md-streams.v1";
import { BrokerGatewayConfig } from "../../services/broker-gateway/src/config.ts";
import { World } from "../../services/broker-gateway/src/test-support.ts";
import { MarketProcess } from "./market-process.ts";

const FILE = join(import.meta.dirname, "../../config/broker-gateway.yaml");
const SHIPPED = loadConfig({ schema: BrokerGatewayConfig, file: FILE }).config;

export interface StreamWorldOptions {
  /** Of the user at TWS; the gateway sends less than half as many messages in a second as TWS takes from such a user. */
  readonly lines?: number;
  readonly linesMax?: number;
  readonly streams?: Record<string, number>;
}

/** Simulator, gateway, market-data and nats-server, all of them real, and readers that watch ticks over the bus. */
export class StreamWorld {
  readonly world: World;
  market: MarketProcess;
  readonly #options: StreamWorldOptions;
  readonly #watches: TickWatch[] = [];

  private constructor(world: World, market: MarketProcess, options: StreamWorldOptions) {
    this.world = world;
    this.market = market;
    this.#options = options;
  }

  static async open(options: StreamWorldOptions = {}): Promise<StreamWorld> {
    const world = await World.open({ simulatorArgs: ["--lines", String(options.lines ?? 100)] });
    const market = await MarketProcess.start(world, options.streams);
    const opened = new StreamWorld(world, market, options);
    await opened.startGateway();
    return opened;
  }

  async startGateway(): Promise<void> {
    const { lines = 100, linesMax = lines - 10 } = this.#options;
    await this.world.startGateway({
      // TWS takes half as many as there are lines. A machine that others use too may hold up what was sent and let it arrive together.
      messagesPerSecond: Math.floor(lines * 0.3),
      backOffMs: [50, 100, 200],
      quotes: { ...SHIPPED.quotes, linesMax },
      lines: { ...SHIPPED.lines, flushMs: 20, wholeEveryMs: 1_000, probeEveryMs: 300 },
    });
  }

  async restartMarket(): Promise<void> {
    await this.market.kill();
    this.market = await MarketProcess.start(this.world, this.#options.streams);
  }

  /** A reader with the rights of the gate, or of the operators' API. */
  reader(as: "risk" | "admin", asker: string): Reader {
    const reader = new Reader();
    const watch = new TickWatch(this.world[as], { asker, onTick: (tick) => reader.take(tick) });
    reader.watch = watch;
    this.#watches.push(watch);
    return reader;
  }

  fault(rule: object): Promise<unknown> {
    return this.world.simulator.control("POST", "/faults", rule);
  }

  calm(): Promise<unknown> {
    return this.world.simulator.control("DELETE", "/faults");
  }

  async frames(name: string): Promise<number> {
    return (await this.world.simulator.frames())[name] ?? 0;
  }

  async close(): Promise<void> {
    for (const watch of this.#watches) await watch.close();
    await this.market.kill();
    await this.world.close();
  }
}

/** Everything that one reader was told, and whether any of it broke its word. */
export class Reader {
  watch: TickWatch | undefined;
  readonly latest = new Map<number, Tick>();
  readonly broken: string[] = [];
  /** Statuses in the order of their coming, without repeats. */
  readonly story = new Map<number, string[]>();
  /** The newest tick of each that was told as live. */
  readonly #live = new Map<number, Tick>();

  take(tick: Tick): void {
    const { conid, status } = tick;
    const before = this.latest.get(conid);
    const flagged = tick.flags.includes("stale");
    if (flagged !== (status !== "live")) this.broken.push(`${conid}: ${status}, flagged ${flagged}`);
    for (const field of QUOTE_FIELDS) {
      const value = tick[field];
      if (value.state !== "known") continue;
      if (value.flags.includes("stale") !== flagged) this.broken.push(`${conid}: ${field} is not flagged as its tick`);
    }
    if (before !== undefined && before.stream === tick.stream && tick.asOf < before.asOf)
      this.broken.push(`${conid}: ${tick.asOf} after ${before.asOf}`);
    // What was stale comes back with something newer than it ended with, or it is as stale as before.
    const ended = before?.status === "reconnecting" ? this.#live.get(conid)?.asOf : undefined;
    if (status === "live" && tick.asOf === ended) this.broken.push(`${conid}: live again with what it had before`);
    if (status === "live") this.#live.set(conid, tick);
    if (before?.status !== status) this.story.set(conid, [...(this.story.get(conid) ?? []), status]);
    this.latest.set(conid, tick);
  }

  count(status: Tick["status"]): number {
    return [...this.latest.values()].filter((tick) => tick.status === status).length;
  }
}
