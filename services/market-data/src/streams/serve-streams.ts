import type { Bus } from "@countersign/bus/bus";
import type { Clock } from "@countersign/clock/clock";
import { BROKER_READS } from "@countersign/contracts/broker-reads";
import { Fault, type Reply } from "@countersign/contracts/denial";
import { MARKET_FEEDS } from "@countersign/contracts/market-feeds";
import { MARKET_READS } from "@countersign/contracts/market-reads";
import { LineTurns } from "../pacing/line-turns.ts";
import type { Scheduler } from "../pacing/scheduler.ts";
import { type StreamSettings, Streams } from "./streams.ts";

export interface StreamsOnBusDeps {
  readonly clock: Clock;
  readonly settings: StreamSettings;
  readonly scheduler: Scheduler;
  /** Of the lines of agents and people so many are kept for single quotes. */
  readonly quoteLines: number;
  readonly calendars: { session(conid: number): Promise<Reply<{ readonly state: string }>> };
}

const TURN_MS = 20;

/** Streams over the bus: lines of the gateway in, ticks out. */
export function openStreams(bus: Bus, { clock, settings, calendars, scheduler, quoteLines }: StreamsOnBusDeps) {
  const isOpen = async (conid: number) => {
    const session = await calendars.session(conid);
    if (session.outcome === "denied" || session.value.state === "unknown") return undefined;
    return session.value.state !== "closed";
  };
  const streams = new Streams({
    ...{ clock, settings, isOpen },
    linesMax: Math.max(0, scheduler.agentsMax("lines") - quoteLines),
    lineTurns: (onTurn) => new LineTurns(scheduler, onTurn),
    askLines: async (request) => {
      const reply = await bus.request(BROKER_READS.lines, request);
      if (reply.outcome === "denied") throw new Fault("MARKET_DATA_UNAVAILABLE", reply.denial.message);
      return reply.value;
    },
    publish: (tick) => bus.broadcast(MARKET_FEEDS.tick, tick, { conid: String(tick.conid) }),
  });
  bus.listen(MARKET_FEEDS.lines, (message) => streams.take(message));
  const timer = clock.setInterval(() => streams.turn(), TURN_MS);
  return { streams, stop: () => timer.cancel() };
}

export function serveStreams(bus: Bus, streams: Streams): void {
  bus.serve(MARKET_READS.watch, async (request) => streams.watch(request));
}
