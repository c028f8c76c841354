import { type ChildProcess, fork } from "node:child_process";
import { join } from "node:path";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { RPCS } from "@countersign/contracts/subjects";
import type { World } from "../services/broker-gateway/src/test-support.ts";
import { buildBook } from "../services/tws-simulator/src/market/book.ts";
import type { FeedCommand, FeedReport } from "./quote-feed.ts";
import type { Series } from "./statistics.ts";

const FEED = join(import.meta.dirname, "quote-feed.ts");
const UPDATES_PER_SECOND = 5_000;
const LINES = 50;
const READ_EVERY_MS = 1_000;

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

function answerOf<T>(feed: ChildProcess, command?: FeedCommand): Promise<T> {
  const answer = new Promise<T>((resolve) => feed.once("message", (message) => resolve(message as T)));
  if (command !== undefined) feed.send(command);
  return answer;
}

function memory(): { heapMb: number; residentMb: number } {
  collect();
  const { heapUsed, rss } = process.memoryUsage();
  return { heapMb: heapUsed / 1024 / 1024, residentMb: rss / 1024 / 1024 };
}

/**
 * Fifty lines at 5,000 updates a second through the whole gateway, in this process, while every line is read over the
 * bus once a second. Memory after a collection, once the lines are warm and at the end.
 */
export async function measureQuotes(world: World, seconds: number): Promise<{ series: Series; lines: string[] }> {
  const feed = fork(FEED, [String(world.simulator.port)]);
  const { port } = await answerOf<{ port: number }>(feed);
  await world.startGateway({}, true, port);
  const stocks = [...buildBook().values()].filter(({ secType }) => secType === "STK");
  const conids = stocks.slice(0, LINES).map(({ conId }) => conId);
  const samples: number[] = [];
  const read = async (conid: number) => {
    const startedAt = performance.now();
    const reply = await world.market.request(RPCS.brokerQuote, { conid });
    samples.push(performance.now() - startedAt);
    return reply;
  };
  for (const conid of conids) await read(conid);
  feed.send({ rate: UPDATES_PER_SECOND } satisfies FeedCommand);
  const until = async (endMs: number) => {
    while (performance.now() < endMs) {
      await Promise.all(conids.map(read));
      await new Promise((resolve) => setTimeout(resolve, READ_EVERY_MS));
    }
  };
  await until(performance.now() + 5_000);
  samples.length = 0;
  const before = { ...memory(), ...(await answerOf<FeedReport>(feed, "report")), atMs: performance.now() };
  await until(before.atMs + seconds * 1_000);
  const after = { ...(await answerOf<FeedReport>(feed, "report")), atMs: performance.now() };
  feed.send({ rate: 0 } satisfies FeedCommand);
  const ended = memory();
  const rate = ((after.sent - before.sent) * 1_000) / (after.atMs - before.atMs);
  const newest = await Promise.all(conids.map(async (conid) => ({ conid, reply: await read(conid) })));
  const { bids } = await answerOf<FeedReport>(feed, "report");
  const current = newest.filter(({ conid, reply }) => reply.outcome === "ok" && bids[conid] !== undefined).length;
  await world.stopGateway();
  feed.kill();
  const grown = ended.heapMb - before.heapMb;
  return {
    series: { name: "quote over the bus while 5,000 updates/s pass", samples },
    lines: [
      `quotes: ${rate.toFixed(0)} updates/s over ${seconds} s on ${conids.length} lines, ${current} of them answered at the end`,
      `  heap ${before.heapMb.toFixed(1)} MB at the start, ${ended.heapMb.toFixed(1)} MB at the end (${grown >= 0 ? "+" : ""}${grown.toFixed(1)}); resident ${before.residentMb.toFixed(0)} -> ${ended.residentMb.toFixed(0)} MB`,
    ],
  };
}
