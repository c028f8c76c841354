import { type ChildProcess, fork } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Bus, connectBus } from "@countersign/bus/bus";
import { createSystemClock } from "@countersign/clock/clock";
import { MARKET_FEEDS } from "@countersign/contracts/market-feeds";
import { MARKET_READS } from "@countersign/contracts/market-reads";
import { createLogger } from "@countersign/log/logger";
import { startTestNats } from "@countersign/testing/nats";
import { tempDir } from "@countersign/testing/temp-dir";
import { MarketProcess } from "../tests/streams/market-process.ts";
import type { FeederCommand } from "./line-feeder.ts";
import type { Series } from "./statistics.ts";

const LINES = 200;
const RATE = 10_000;
/** Enough to see the latency, few enough that the reader is not what is measured. */
const READ = 10;
const WARM_UP_MS = 5_000;
const TICKS_PER_SECOND = 100;

interface Run {
  readonly name: string;
  readonly tickGapMs: number;
  readonly batch: number;
  readonly seconds: number;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Processor seconds that a process has used, and its resident memory in MB (Linux). */
function usageOf(pid: number): { cpuSeconds: number; residentMb: number } {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8")
    .replace(/^.*\) /, "")
    .split(" ");
  const [user = 0, system = 0] = fields.slice(11, 13).map(Number);
  const resident = /^VmRSS:\s+([0-9]+) kB/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return { cpuSeconds: (user + system) / TICKS_PER_SECOND, residentMb: Number(resident) / 1024 };
}

function report(feeder: ChildProcess): Promise<{ sent: number; messages: number }> {
  const answer = new Promise<{ sent: number; messages: number }>((resolve) => feeder.once("message", resolve as never));
  feeder.send("report");
  return answer;
}

/** Changes of lines over the bus into a real market-data, and what readers get out of it. */
async function measure(nats: { url: string; keysDir: string }, bus: Bus, run: Run) {
  const folder = tempDir("countersign-streams-");
  const streams = { tickGapMs: run.tickGapMs, linesPerAskerMax: LINES };
  const market = await MarketProcess.start({ nats, folder }, streams);
  const feeder = fork(join(import.meta.dirname, "line-feeder.ts"), [nats.url, nats.keysDir, String(LINES)]);
  await new Promise((resolve) => feeder.once("message", resolve));
  const conids = Array.from({ length: LINES }, (_, index) => index + 1);
  const samples: number[] = [];
  const stops = conids.slice(0, READ).map((conid) => {
    return bus.listen(
      MARKET_FEEDS.tick,
      ({ bid, status }) => {
        if (bid.state !== "known" || status !== "live") return;
        samples.push(performance.timeOrigin + performance.now() - Number(bid.value));
      },
      { conid: String(conid) },
    );
  });
  const watch = { asker: "bench", watcher: "bench", conids, leaseMs: 60_000 };
  await bus.request(MARKET_READS.watch, watch);
  feeder.send({ rate: RATE, batch: run.batch } satisfies FeederCommand);
  await pause(WARM_UP_MS);
  samples.length = 0;
  const [before, fed, startedAt] = [usageOf(market.pid), await report(feeder), performance.now()];
  let most = before.residentMb;
  for (let second = 0; second < run.seconds; second += 1) {
    await pause(1_000);
    if (second % 20 === 0) await bus.request(MARKET_READS.watch, watch);
    most = Math.max(most, usageOf(market.pid).residentMb);
  }
  const [after, ended] = [usageOf(market.pid), await report(feeder)];
  const seconds = (performance.now() - startedAt) / 1_000;
  const told = (samples.length * LINES) / READ / seconds;
  const cores = (after.cpuSeconds - before.cpuSeconds) / seconds;
  for (const stop of stops) stop();
  feeder.kill();
  await market.kill();
  folder.remove();
  const rate = (ended.sent - fed.sent) / seconds;
  const line =
    `streams, ${run.name}: ${rate.toFixed(0)} changes/s in (${((ended.messages - fed.messages) / seconds).toFixed(0)} messages/s), ` +
    `${told.toFixed(0)} ticks/s out, ${cores.toFixed(2)} cores; ` +
    `resident ${before.residentMb.toFixed(0)} -> ${after.residentMb.toFixed(0)} MB over ${seconds.toFixed(0)} s (at most ${most.toFixed(0)})`;
  return { series: { name: `change at the gateway -> tick at a reader, ${run.name}`, samples }, line, cores };
}

/** 10,000 changes a second over 200 lines; the budget is one core and memory that does not grow. */
export async function measureStreams(seconds: number): Promise<{ series: Series[]; lines: string[] }> {
  const nats = await startTestNats();
  const clock = createSystemClock();
  const log = createLogger({ service: "bench", level: "error" });
  const bus = await connectBus({
    ...nats,
    url: nats.url,
    keysDir: nats.keysDir,
    clock,
    log,
    service: "bench",
    users: ["admin-core"],
  });
  const short = Math.max(5, Math.round(seconds / 6));
  const runs: Run[] = [
    { name: "every change told", tickGapMs: 0, batch: 100, seconds },
    { name: "as shipped", tickGapMs: 250, batch: 100, seconds: short },
    { name: "as shipped, one change in a message", tickGapMs: 250, batch: 1, seconds: short },
  ];
  const results = [];
  for (const run of runs) results.push(await measure(nats, bus, run));
  await bus.drain();
  await nats.stop();
  return { series: results.map(({ series }) => series), lines: results.map(({ line }) => line) };
}
