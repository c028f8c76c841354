import { isUtf8 } from "node:buffer";
import { IBApi } from "@stoqey/ib";
import { BrokenPeer, FrameGate } from "../../services/broker-gateway/src/session/frame-gate.ts";
import { listenTo } from "../../services/broker-gateway/src/session/ib-events.ts";
import { readReply } from "../../services/broker-gateway/src/session/read-reply.ts";
import { hasBadJson } from "../../services/broker-gateway/src/session/reject-json.ts";
import { decodeRequest } from "../../services/tws-simulator/src/codec/decode-request.ts";
import { FrameReader } from "../../services/tws-simulator/src/wire/frame-reader.ts";
import { replyCorpus, requestCorpus } from "./corpus.ts";
import { frameBytes, mutated, segmented } from "./mutate.ts";
import type { Random } from "./random.ts";

/** "accepted": read as valid, and every claim about valid input held. Anything else that a target does is a finding. */
export type Outcome = "accepted" | "refused";
export interface Target {
  readonly name: string;
  /** One input. Throws what it finds: a crash, or an input that was taken though it is not valid. */
  try(random: Random): Outcome;
}

export class Finding extends Error {
  override readonly name = "Finding";
}

const VERSIONS = Array.from({ length: 193 - 177 + 1 }, (_, index) => 177 + index);
const DECIMAL = /^-?(0|[1-9][0-9]*)(\.[0-9]*[1-9])?$/;
const REQUESTS = requestCorpus();
const REPLIES = replyCorpus();
/** Messages whose content is of no meaning to the reader. */
const WITHOUT_MEANING = new Set([
  "16",
  "47",
  "51",
  "56",
  "65",
  "66",
  "67",
  "68",
  "69",
  "70",
  "77",
  "84",
  "91",
  "92",
  "100",
]);
for (const id of ["103", "104", "105"]) WITHOUT_MEANING.add(id);

/** No number that is none may come out, at any depth. */
function assertNumbers(value: unknown, what: string): void {
  if (typeof value === "number" && !Number.isSafeInteger(value)) throw new Finding(`${what}: the number ${value}`);
  if (typeof value === "object" && value !== null) {
    for (const [key, part] of Object.entries(value)) assertNumbers(part, `${what}.${key}`);
  }
}

/** One field more or one less cannot be valid too: somebody would not have counted. */
function assertStrict(tokens: readonly string[], accepts: (tokens: readonly string[]) => boolean): void {
  if (accepts([...tokens, "0"])) throw new Finding(`a surplus field is taken: ${JSON.stringify(tokens)}`);
  if (tokens.length > 1 && accepts(tokens.slice(0, -1)))
    throw new Finding(`a missing field: ${JSON.stringify(tokens)}`);
}

export const simulatorRequests: Target = {
  name: "simulator: requests",
  try(random) {
    const version = random.pick(VERSIONS);
    const tokens = mutated(random, REQUESTS);
    const read = decodeRequest(version, tokens);
    if (read.kind !== "request") return "refused";
    if (!/^[1-9][0-9]*$/.test(tokens[0] ?? "")) throw new Finding(`the id ${JSON.stringify(tokens[0])} is taken`);
    assertNumbers(read.request, read.name);
    assertStrict(tokens, (other) => decodeRequest(version, other).kind === "request");
    return "accepted";
  },
};

/** What was cut out of bytes must be those bytes. */
function assertSame(whole: Buffer, frames: readonly (readonly string[])[]): void {
  let at = 0;
  for (const tokens of frames) {
    const length = whole.readUInt32BE(at);
    if (!isUtf8(whole.subarray(at + 4, at + 4 + length))) {
      // Not text: a frame without fields, which no message is.
      if (tokens.join() !== "") throw new Finding(`bytes that are no text are taken at ${at}`);
      at += 4 + length;
      continue;
    }
    const body = Buffer.from(`${tokens.join("\0")}\0`);
    if (whole.readUInt32BE(at) !== body.length) throw new Finding(`a frame of another length at ${at}`);
    if (!whole.subarray(at + 4, at + 4 + body.length).equals(body)) throw new Finding(`another frame at ${at}`);
    at += 4 + body.length;
  }
}

const HELLO = Buffer.concat([Buffer.from("API\0"), Buffer.from([0, 0, 0, 9]), Buffer.from("v100..193")]);

export const simulatorFrames: Target = {
  name: "simulator: frames",
  try(random) {
    const bytes = frameBytes(random, [mutated(random, REQUESTS), mutated(random, REQUESTS)]);
    const reader = new FrameReader();
    const events = segmented(random, Buffer.concat([HELLO, bytes])).flatMap((part) => reader.push(part));
    if (events.some(({ kind }) => kind === "violation")) return "refused";
    assertSame(
      bytes,
      events.flatMap((event) => (event.kind === "frame" ? [event.tokens] : [])),
    );
    return "accepted";
  },
};

export const gatewayFrames: Target = {
  name: "gateway: frames",
  try(random) {
    const bytes = frameBytes(random, [mutated(random, REPLIES), mutated(random, REPLIES)]);
    const gate = new FrameGate();
    const frames: (readonly string[])[] = [];
    try {
      for (const part of segmented(random, bytes)) for (const { tokens } of gate.push(part)) frames.push(tokens);
    } catch (error) {
      if (!(error instanceof BrokenPeer)) throw error;
      assertSame(bytes, frames);
      return "refused";
    }
    assertSame(bytes, frames);
    return "accepted";
  },
};

function accepts(version: number, tokens: readonly string[]): boolean {
  try {
    readReply(tokens, version);
    return true;
  } catch (error) {
    if (error instanceof BrokenPeer) return false;
    throw error;
  }
}

export const gatewayReplies: Target = {
  name: "gateway: replies",
  try(random) {
    const version = random.pick(VERSIONS);
    const tokens = mutated(random, REPLIES);
    if (!accepts(version, tokens)) return "refused";
    if (WITHOUT_MEANING.has(tokens[0] ?? "")) return "accepted";
    const said = readReply(tokens, version);
    if (said === "library") return library.read(version, tokens);
    assertNumbers(said, `message ${tokens[0]}`);
    for (const event of said) assertDecimals(event, tokens);
    assertStrict(tokens, (other) => accepts(version, other));
    return "accepted";
  },
};

/** Fields of events that hold decimals; all others are names, times and texts. */
const TEXTS = new Set(
  "kind account symbol secType currency exchange primaryExchange localSymbol tradingClass lastTradeDate right key value text tag code name".split(
    " ",
  ),
);
function assertDecimals(event: object, tokens: readonly string[]): void {
  const figures =
    /^(quantity|averageCost|marketPrice|marketValue|unrealizedPnl|realizedPnl|daily|unrealized|realized|price|size|bid|ask|bidSize|askSize|open|high|low|close|volume|averagePrice|strike|multiplier|minTick|minSize|sizeIncrement|suggestedSizeIncrement|lowEdge|increment|impliedVolatility|delta|optionPrice|gamma|vega|theta|underlyingPrice|filled|commission|limitPrice|cumulativeQuantity)$/;
  for (const [key, value] of Object.entries(event)) {
    if (typeof value === "object" && value !== null) assertDecimals(value, tokens);
    if (typeof value !== "string" || !figures.test(key) || TEXTS.has(key)) continue;
    const [whole = "", fraction = ""] = value.replace("-", "").split(".");
    if (!DECIMAL.test(value) || whole.length > 20 || fraction.length > 12 || value === "-0") {
      throw new Finding(`${key} is ${value} in ${JSON.stringify(tokens)}`);
    }
  }
}

/** The client library behind the gateway's checks, and what the gateway makes of its callbacks. */
class Library {
  readonly #decoders = new Map<number, (tokens: readonly string[]) => Outcome>();

  read(version: number, tokens: readonly string[]): Outcome {
    const known = this.#decoders.get(version) ?? this.#open(version);
    this.#decoders.set(version, known);
    // The gateway takes such JSON away before the library sees it.
    return hasBadJson(tokens) ? "refused" : known(tokens);
  }

  #open(version: number): (tokens: readonly string[]) => Outcome {
    const api = new IBApi({ host: "127.0.0.1", port: 1 });
    const failures: unknown[] = [];
    const events: object[] = [];
    listenTo(
      api,
      (event) => void events.push(event),
      (error) => void failures.push(error),
    );
    const { controller } = api as unknown as { controller: Controller };
    controller.socket._serverVersion = version;
    return (tokens) => {
      events.length = 0;
      failures.length = 0;
      api.emit("received" as never, [...tokens] as never, "" as never);
      try {
        controller.decoder.enqueueMessage([...tokens]);
        controller.decoder.process();
      } catch {
        controller.decoder.dataQueue.splice(0);
        return "refused";
      }
      if (failures.length > 0) throw new Finding(`a listener threw ${failures[0]} on ${JSON.stringify(tokens)}`);
      for (const event of events) assertDecimals(event, tokens);
      const unread = events.some((event) => "code" in event && event.code === 505);
      return unread ? "refused" : "accepted";
    };
  }
}

interface Controller {
  readonly socket: { _serverVersion: number };
  readonly decoder: { enqueueMessage(tokens: string[]): void; process(): void; readonly dataQueue: unknown[] };
}

const library = new Library();

export const TARGETS: readonly Target[] = [simulatorFrames, simulatorRequests, gatewayFrames, gatewayReplies];
