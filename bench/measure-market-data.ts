import { fork, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { join } from "node:path";
import { RPCS } from "@countersign/contracts/subjects";
import { natsBinary } from "@countersign/testing/nats-binary";
import { connect } from "@nats-io/transport-node";
import { MarketWorld } from "../services/market-data/src/testing/market-world.ts";
import { percentile, type Series } from "./statistics.ts";

const AAPL = 265598;
const ROUNDS = 2_000;
const BLOCK = 50;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  return typeof address === "object" && address !== null ? address.port : 0;
}

/** A nats-server without accounts and a process that answers with so many bytes: the same hops and nothing more. */
async function bareNats(requestBytes: number, answerBytes: number) {
  const port = await freePort();
  const server = spawn(natsBinary(), ["-a", "127.0.0.1", "-p", String(port)], { stdio: "ignore" });
  const url = `nats://127.0.0.1:${port}`;
  const responder = fork(join(import.meta.dirname, "bare-responder.ts"), [url, String(answerBytes)]);
  await once(responder, "message");
  const nats = await connect({ servers: url });
  const payload = "x".repeat(requestBytes);
  const stop = async () => {
    await nats.close();
    responder.kill();
    server.kill();
  };
  return { ask: () => nats.request("bare", payload, { timeout: 2_000 }), stop };
}

async function timed(samples: number[], task: () => Promise<unknown>): Promise<void> {
  for (let round = 0; round < BLOCK; round += 1) {
    const startedAt = performance.now();
    await task();
    samples.push(performance.now() - startedAt);
  }
}

/** A quote and the facts of a ticket from memory, over the real services; beside them a bare request of the same size. */
export async function measureMarketData(): Promise<{ series: Series[]; lines: string[] }> {
  const world = await MarketWorld.open();
  const question = { conid: AAPL, maxAgeMs: 60_000, asker: "operator" };
  const quote = () => world.edge.request(RPCS.quote, question);
  const answerBytes = JSON.stringify(await quote()).length;
  const bare = await bareNats(JSON.stringify(question).length, answerBytes);
  const ticket = { conids: [AAPL], maxAgeMs: 60_000, rateTo: "EUR", dailyBars: 20 };
  const facts = () => world.gate.request(RPCS.marketFacts, ticket);
  const samples = { bare: [] as number[], quote: [] as number[], facts: [] as number[] };
  await facts();
  for (let round = 0; round < (ROUNDS / BLOCK) * 1.1; round += 1) {
    if (round === (ROUNDS / BLOCK) * 0.1) for (const one of Object.values(samples)) one.length = 0;
    await timed(samples.bare, bare.ask);
    await timed(samples.quote, quote);
    await timed(samples.facts, facts);
  }
  await bare.stop();
  await world.close();
  const ratio = percentile(samples.quote, 0.5) / percentile(samples.bare, 0.5);
  return {
    series: [
      { name: `bare NATS request, ${answerBytes} bytes back`, samples: samples.bare },
      { name: "quote from memory over the bus", samples: samples.quote },
      { name: "facts of a ticket from memory", samples: samples.facts, budget: { p50: 1 } },
    ],
    lines: [
      `quote from memory: ${ratio.toFixed(2)} x a bare NATS request of the same size (budget 1.15: ${ratio <= 1.15 ? "met" : "MISSED"})`,
    ],
  };
}
