import type { IncomingMessage, Server, ServerResponse } from "node:http";
import { DecimalFormatError, decimal, fromNumber } from "@countersign/money/decimal";
import { z } from "zod";
import type { FaultControl } from "../faults/fault-control.ts";
import { faultSchema } from "../faults/fault-document.ts";
import { FLEX_CODES, type FlexCode } from "../flex/flex-codes.ts";
import type { FlexService } from "../flex/flex-service.ts";
import type { Instrument } from "../market/instrument.ts";
import type { Market } from "../market/market.ts";
import type { Traffic } from "./traffic.ts";

/** Not by import, which evaluates every export and so brings in the client of `fetch`: 12 MB of memory. */
const { createServer } = process.getBuiltinModule("node:http");

export interface ControlDeps {
  readonly traffic: Traffic;
  readonly faults: FaultControl;
  readonly market: Market;
  readonly book: ReadonlyMap<number, Instrument>;
  /** Lets the market move now, so that a resting order is matched before the answer. */
  readonly step: () => void;
  readonly clientIds: () => number[];
  /** Where the API listens now. */
  readonly port: () => number;
  /** Present with a manual clock only. */
  readonly advance: ((ms: number) => Promise<void>) | undefined;
  /** Present with a Flex Web Service only. */
  readonly flex?: FlexService | undefined;
}

interface Answer {
  readonly status: number;
  readonly body: object;
}

const BODY_BYTES_MAX = 65_536;
const HOST = "127.0.0.1";

const priceSchema = z.strictObject({
  conid: z.int().min(1),
  price: z.union([z.string().max(40), z.number()]).nullable(),
});
const advanceSchema = z.strictObject({
  ms: z
    .int()
    .min(0)
    .max(7 * 86_400_000),
});

const flexFailSchema = z.strictObject({
  code: z.custom<FlexCode>((code) => Object.hasOwn(FLEX_CODES, String(code)), "no code of the Flex Web Service"),
  times: z.int().min(1).max(100).default(1),
});

function stats({ traffic, clientIds, port }: ControlDeps): Answer {
  const connections = traffic.connectionsOpen;
  const opened = traffic.connectionsOpened;
  const [frames, errors] = [traffic.frames(), traffic.errors()];
  return { status: 200, body: { frames, errors, port: port(), connections, opened, clientIds: clientIds() } };
}

function journal({ traffic }: ControlDeps, after: string): Answer {
  if (!/^\d{1,15}$/.test(after)) return { status: 400, body: { error: "after must be a sequence number" } };
  return { status: 200, body: { entries: traffic.journal(Number(after)) } };
}

async function addFaults({ faults }: ControlDeps, body: unknown): Promise<Answer> {
  const posted = await faults.postUnknown(body);
  return { status: 200, body: { ids: posted.map(({ id }) => id), posted } };
}

async function removeFaults({ faults }: ControlDeps, id: string | null): Promise<Answer> {
  if (id === null) await faults.clear();
  else if (!/^\d{1,9}$/.test(id) || !(await faults.remove(Number(id)))) {
    return { status: 404, body: { error: `no fault ${id}` } };
  }
  return { status: 200, body: { rules: faults.list() } };
}

function setPrice(deps: ControlDeps, body: unknown): Answer {
  const { conid, price } = priceSchema.parse(body);
  const instrument = deps.book.get(conid);
  if (instrument === undefined) return { status: 404, body: { error: `no instrument ${conid}` } };
  if (price === null) deps.market.unpin(conid);
  else deps.market.pin(instrument, typeof price === "number" ? fromNumber(price) : decimal(price));
  deps.step();
  return { status: 200, body: { conid, price } };
}

async function route(deps: ControlDeps, request: IncomingMessage): Promise<Answer> {
  // A page in a browser of this machine is not asked for.
  if (request.headers.origin !== undefined) return { status: 403, body: { error: "not for browsers" } };
  const url = new URL(request.url ?? "/", `http://${HOST}`);
  switch (`${request.method} ${url.pathname}`) {
    case "GET /stats":
      return stats(deps);
    case "GET /journal":
      return journal(deps, url.searchParams.get("after") ?? "0");
    case "GET /faults":
      return { status: 200, body: { rules: deps.faults.list() } };
    case "GET /faults/schema":
      return { status: 200, body: z.toJSONSchema(faultSchema, { io: "input" }) };
    case "POST /faults":
      return addFaults(deps, await readJson(request));
    case "DELETE /faults":
      return removeFaults(deps, url.searchParams.get("id"));
    case "POST /market/price":
      return setPrice(deps, await readJson(request));
    case "POST /flex/fail": {
      if (deps.flex === undefined) return { status: 409, body: { error: "there is no Flex Web Service" } };
      const { code, times } = flexFailSchema.parse(await readJson(request));
      deps.flex.fail(code, times);
      return { status: 200, body: { code, times } };
    }
    case "POST /clock/advance": {
      if (deps.advance === undefined) return { status: 409, body: { error: "the clock is not manual" } };
      const { ms } = advanceSchema.parse(await readJson(request));
      await deps.advance(ms);
      return { status: 200, body: { ms } };
    }
    default:
      return { status: 404, body: { error: `no ${request.method} ${url.pathname}` } };
  }
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += (chunk as Buffer).length;
    if (bytes > BODY_BYTES_MAX) throw new RangeError("the body is too long");
    chunks.push(chunk as Buffer);
  }
  return JSON.parse(Buffer.concat(chunks).toString("utf8"));
}

function failure(error: unknown): Answer {
  if (error instanceof z.ZodError) return { status: 400, body: { error: "invalid", issues: error.issues } };
  const expected = error instanceof SyntaxError || error instanceof RangeError || error instanceof DecimalFormatError;
  return { status: expected ? 400 : 500, body: { error: error instanceof Error ? error.message : String(error) } };
}

function reply(response: ServerResponse, answer: Answer): void {
  const text = JSON.stringify(answer.body);
  response.writeHead(answer.status, { "content-type": "application/json", "content-length": Buffer.byteLength(text) });
  response.end(text);
}

/** A small HTTP port on the loopback for tests and operators of the simulator. Resolves with its port. */
export function startControlServer(deps: ControlDeps, port: number): Promise<{ port: number; close: () => void }> {
  const server: Server = createServer((request, response) => {
    route(deps, request).then(
      (answer) => reply(response, answer),
      (error: unknown) => reply(response, failure(error)),
    );
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, HOST, () => {
      const address = server.address();
      if (address === null || typeof address === "string") return reject(new Error("no TCP address"));
      const close = () => {
        server.close();
        server.closeAllConnections();
      };
      resolve({ port: address.port, close });
    });
  });
}
