import { connect as connectTcp, createServer as createTcpServer } from "node:net";
import { serve } from "@hono/node-server";
import { createMcpHandler, Server } from "@modelcontextprotocol/server";
import { connect, type NatsConnection } from "@nats-io/transport-node";
import { Hono } from "hono";

/**
 * One process of the path that a proposal takes, with nothing in it: the same hops, the same waits, the same libraries at the
 * edge, messages as large as ours, and no code of ours. What it takes is what the design costs on this machine.
 */
const BYTES = { question: 1_000, facts: 2_500, edges: 4_500, judged: 6_000, answer: 12_700 } as const;
const text = (bytes: number) => "x".repeat(bytes);
const ASK = { timeout: 5_000 };
const TWS_FRAME = Buffer.from(text(400));

const [role = "", natsUrl = ""] = process.argv.slice(2);

/** Answers each request when what it stands for has been done. */
function answer(
  nats: NatsConnection,
  subject: string,
  bytes: number,
  work: () => Promise<unknown> = async () => 0,
): void {
  const reply = text(bytes);
  nats.subscribe(subject, { callback: (_error, message) => void work().then(() => message.respond(reply)) });
}

/** JetStream acknowledges what it has stored. */
const append = (nats: NatsConnection, subject: string, bytes: number) => nats.request(subject, text(bytes), ASK);

function gate(nats: NatsConnection): void {
  answer(nats, "bare.gate", BYTES.answer, async () => {
    const facts = ["bare.broker", "bare.market"].map((subject) => nats.request(subject, text(BYTES.question), ASK));
    await Promise.all([...facts, append(nats, "bare.log.proposed", BYTES.question)]);
    await Promise.all([
      nats.request("bare.audit", text(BYTES.edges), ASK),
      append(nats, "bare.log.simulated", BYTES.question),
      append(nats, "bare.judged", BYTES.judged),
    ]);
    await append(nats, "bare.log.admitted", BYTES.judged);
  });
}

/** What TWS is asked goes through a socket to another process and back. */
function broker(nats: NatsConnection): void {
  const tws = createTcpServer((socket) => void socket.setNoDelay().on("data", () => socket.write(TWS_FRAME)));
  if (role === "tws") {
    tws.listen(0, "127.0.0.1", () => process.send?.((tws.address() as { port: number }).port));
    return;
  }
  process.once("message", (port) => {
    const socket = connectTcp(Number(port), "127.0.0.1").setNoDelay();
    const asked = () => new Promise((done) => socket.once("data", done).write(TWS_FRAME));
    answer(nats, "bare.broker", BYTES.facts, asked);
    socket.once("connect", () => process.send?.("ready"));
  });
}

function edge(nats: NatsConnection): void {
  const ask = async () => {
    const content = (await nats.request("bare.gate", text(BYTES.question), ASK)).string();
    return { content: [{ type: "text" as const, text: content }], structuredContent: { content } };
  };
  const handler = createMcpHandler(() => {
    const server = new Server({ name: "bare", version: "1" }, { capabilities: { tools: {} } });
    server.setRequestHandler("tools/call", ask);
    return server;
  });
  const app = new Hono().post("/mcp", async (context) =>
    handler.fetch(context.req.raw, { parsedBody: await context.req.json() }),
  );
  serve({ fetch: app.fetch, hostname: "127.0.0.1", port: 0 }, ({ port }) => process.send?.(port));
}

const nats = await connect({ servers: natsUrl, noAsyncTraces: true });
if (role === "gate") gate(nats);
if (role === "market") answer(nats, "bare.market", BYTES.facts);
if (role === "audit") answer(nats, "bare.audit", 100, () => append(nats, "bare.record", BYTES.edges));
if (role === "broker" || role === "tws") broker(nats);
if (role === "edge") edge(nats);
await nats.flush();
if (["gate", "market", "audit"].includes(role)) process.send?.("ready");
process.once("disconnect", () => process.exit(0));
