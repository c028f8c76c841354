import { fork, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { inboxPrefixOf } from "@countersign/bus/connection";
import type { User } from "@countersign/contracts/accounts";
import { RPCS } from "@countersign/contracts/subjects";
import { startTestNats } from "@countersign/testing/nats";
import { natsBinary } from "@countersign/testing/nats-binary";
import { connect, nkeyAuthenticator } from "@nats-io/transport-node";
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

interface Bare {
  readonly ask: () => Promise<unknown>;
  readonly stop: () => Promise<void>;
}

/** A request of so many bytes to a process that answers with so many, and nothing more; without a seed nobody is asked who it is. */
async function bareRequest(
  url: string,
  subject: string,
  size: { readonly request: number; readonly answer: number },
  seeds: { readonly asker: string; readonly responder: string } | undefined,
): Promise<Bare> {
  const args = [url, subject, String(size.answer), seeds?.responder ?? ""];
  const responder = fork(join(import.meta.dirname, "bare-responder.ts"), args);
  await once(responder, "message");
  const seed = seeds && new TextEncoder().encode(readFileSync(seeds.asker, "utf8").trim());
  const nats = await connect({
    servers: url,
    ...(seed === undefined ? {} : { authenticator: nkeyAuthenticator(seed), inboxPrefix: inboxPrefixOf("mcp-edge") }),
  });
  const payload = "x".repeat(size.request);
  const stop = async () => {
    await nats.close();
    responder.kill();
  };
  return { ask: () => nats.request(subject, payload, { timeout: 2_000 }), stop };
}

/** The same hops on a server with the same accounts and rights, from the same user to the same. */
async function bareWithAccounts(size: { request: number; answer: number }): Promise<Bare> {
  const nats = await startTestNats();
  const seedOf = (user: User) => join(nats.keysDir, `${user}.nk`);
  const seeds = { asker: seedOf("mcp-edge"), responder: seedOf(RPCS.quote.server) };
  const { ask, stop } = await bareRequest(nats.url, RPCS.quote.subject, size, seeds);
  return { ask, stop: () => stop().then(() => nats.stop()) };
}

/** A nats-server without accounts. */
async function bareWithoutAccounts(size: { request: number; answer: number }): Promise<Bare> {
  const port = await freePort();
  const server = spawn(natsBinary(), ["-a", "127.0.0.1", "-p", String(port)], { stdio: "ignore" });
  const { ask, stop } = await bareRequest(`nats://127.0.0.1:${port}`, "bare", size, undefined);
  return { ask, stop: () => stop().then(() => void server.kill()) };
}

async function timed(samples: number[], task: () => Promise<unknown>): Promise<void> {
  for (let round = 0; round < BLOCK; round += 1) {
    const startedAt = performance.now();
    await task();
    samples.push(performance.now() - startedAt);
  }
}

/**
 * A quote and the facts of a ticket from memory, over the real services; in turns with them a bare request of the same size,
 * over a server with our accounts and over one without any.
 */
export async function measureMarketData(): Promise<{ series: Series[]; lines: string[] }> {
  const world = await MarketWorld.open();
  const question = { conid: AAPL, maxAgeMs: 60_000, asker: "operator" };
  const quote = () => world.edge.request(RPCS.quote, question);
  const answerBytes = JSON.stringify(await quote()).length;
  const size = { request: JSON.stringify(question).length, answer: answerBytes };
  const [bare, open] = await Promise.all([bareWithAccounts(size), bareWithoutAccounts(size)]);
  const ticket = { conids: [AAPL], maxAgeMs: 60_000, rateTo: "EUR", dailyBars: 20 };
  const facts = () => world.gate.request(RPCS.marketFacts, ticket);
  const samples = { bare: [] as number[], open: [] as number[], quote: [] as number[], facts: [] as number[] };
  await facts();
  for (let round = 0; round < (ROUNDS / BLOCK) * 1.1; round += 1) {
    if (round === (ROUNDS / BLOCK) * 0.1) for (const one of Object.values(samples)) one.length = 0;
    await timed(samples.bare, bare.ask);
    await timed(samples.quote, quote);
    await timed(samples.open, open.ask);
    await timed(samples.facts, facts);
  }
  await Promise.all([bare.stop(), open.stop()]);
  await world.close();
  const ratio = percentile(samples.quote, 0.5) / percentile(samples.bare, 0.5);
  const ratioOpen = percentile(samples.quote, 0.5) / percentile(samples.open, 0.5);
  const met = ratio <= 1.15 ? "met" : "MISSED";
  return {
    series: [
      { name: `bare NATS request, ${answerBytes} bytes back`, samples: samples.bare },
      { name: "the same on a server without accounts", samples: samples.open },
      { name: "quote from memory over the bus", samples: samples.quote },
      { name: "facts of a ticket from memory", samples: samples.facts, budget: { p50: 1 } },
    ],
    lines: [
      `quote from memory: ${ratio.toFixed(2)} x a bare NATS request of the same size, between the same users (budget 1.15: ${met})`,
      `  ${ratioOpen.toFixed(2)} x one over a server without accounts`,
    ],
  };
}
