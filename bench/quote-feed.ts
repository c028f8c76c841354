import { connect, createServer, type Socket } from "node:net";
import { FrameGate } from "../services/broker-gateway/src/session/frame-gate.ts";
import { frame } from "../services/broker-gateway/src/testing/frames.ts";

/**
 * A process of its own between the gateway and the simulator. It passes everything on, and while it is told to it adds
 * ticks to the lines of market data that are open, at a steady rate.
 */

export interface FeedReport {
  readonly sent: number;
  /** The newest bid of each line, by conid. */
  readonly bids: Readonly<Record<string, string>>;
}
export type FeedCommand = { readonly rate: number } | "report";

const PERIOD_MS = 10;
const REQ_MKT_DATA = "1";
const CANCEL_MKT_DATA = "2";
const HELLO_BYTES = 8;

const target = Number(process.argv[2]);
const lines = new Map<string, { readonly conid: string; readonly socket: Socket }>();
const bids = new Map<string, string>();
let perSecond = 0;
let owed = 0;
let sent = 0;
let turn = 0;

const server = createServer((client) => {
  const broker = connect(target, "127.0.0.1");
  const fromClient = new FrameGate();
  const fromBroker = new FrameGate();
  let greeted = false;
  client.setNoDelay(true);
  client.on("data", (bytes) => {
    const rest = greeted ? bytes : bytes.subarray(HELLO_BYTES + bytes.readUInt32BE(4));
    greeted = true;
    for (const { tokens } of fromClient.push(rest)) note(tokens, client);
    broker.write(bytes);
  });
  // Whole frames only, so that a tick never lands inside one.
  broker.on("data", (bytes) => {
    for (const whole of fromBroker.push(bytes)) client.write(whole.bytes);
  });
  for (const [one, other] of [
    [client, broker],
    [broker, client],
  ] as const) {
    one.on("error", () => undefined);
    one.on("close", () => other.destroy());
  }
  client.on("close", () => {
    for (const [reqId, line] of lines) if (line.socket === client) lines.delete(reqId);
  });
});

function note(tokens: readonly string[], socket: Socket): void {
  const [message, , reqId = "", conid = ""] = tokens;
  if (message === REQ_MKT_DATA) lines.set(reqId, { conid, socket });
  if (message === CANCEL_MKT_DATA) lines.delete(reqId);
}

let lastMs = performance.now();
setInterval(() => {
  const nowMs = performance.now();
  owed += ((nowMs - lastMs) * perSecond) / 1_000;
  lastMs = nowMs;
  const open = [...lines];
  if (open.length === 0) owed = 0;
  const writes = new Map<Socket, Buffer[]>();
  for (; owed >= 1; owed -= 1) {
    turn += 1;
    const [reqId, line] = open[turn % open.length] ?? [];
    if (reqId === undefined || line === undefined) break;
    const bid = `${100 + (turn % 5_000) / 100}`;
    bids.set(line.conid, bid);
    const parts = writes.get(line.socket) ?? [];
    parts.push(frame("1", "6", reqId, "1", bid, "100", "0"));
    writes.set(line.socket, parts);
    sent += 1;
  }
  for (const [socket, parts] of writes) socket.write(Buffer.concat(parts));
}, PERIOD_MS);

process.on("message", (command: FeedCommand) => {
  if (command === "report") process.send?.({ sent, bids: Object.fromEntries(bids) } satisfies FeedReport);
  else perSecond = command.rate;
});
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  if (address !== null && typeof address !== "string") process.send?.({ port: address.port });
});
