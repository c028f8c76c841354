import type { Clock } from "@countersign/clock/clock";
import type { Rpc } from "@countersign/contracts/contract-kinds";
import { Fault, FaultBody } from "@countersign/contracts/denial";
import { subjectOf, wildcardOf } from "@countersign/contracts/subjects";
import { headers as createHeaders, type Msg } from "@nats-io/transport-node";
import type * as z from "zod";
import type { BusLog, Connection } from "./connection.ts";
import { type CallContext, childContext, runInContext } from "./context.ts";
import { encodedHeaders } from "./encoded-headers.ts";
import { requestFault } from "./errors.ts";
import { HEADER, PAYLOAD_BYTES_MAX } from "./headers.ts";
import { PACKED, packedReply, unpackedReply } from "./packed-reply.ts";
import { parseMessage } from "./parse-message.ts";
import { PreparedReply } from "./prepared-reply.ts";

export interface RequestOptions {
  /** Values for the `{name}` tokens of the subject. */
  readonly params?: Record<string, string>;
  /** Proposal id or call id; absent: that of the running handler, or a new one. */
  readonly correlationId?: string;
  /** Absent: the contract's own. */
  readonly timeoutMs?: number;
}

export interface Call {
  readonly params: Record<string, string>;
  readonly correlationId: string;
}

/** Answers with the reply, or with one that it prepared while it waited for something else. */
export type Handler<R extends Rpc> = (
  body: z.output<R["request"]>,
  call: Call,
) => Promise<z.input<R["reply"]> | PreparedReply<R>>;

export interface ServeOptions<R extends Rpc = Rpc> {
  /** What can be answered at once, without the handler; undefined: the handler answers. It has no context of a call. */
  readonly fromMemory?: (body: z.output<R["request"]>) => PreparedReply<R> | undefined;
  /** Calls that may wait or run at once; beyond it the caller gets BUSY. Absent: 256. */
  readonly pendingMax?: number;
}

function textOf(schema: z.ZodType, body: unknown, subject: string): string {
  const parsed = parseMessage(schema, body);
  if (!parsed.success) throw new Fault("SCHEMA_UNSUPPORTED", `${subject}: ${parsed.error.message}`.slice(0, 900));
  return JSON.stringify(parsed.data);
}

function requestText(schema: z.ZodType, body: unknown, subject: string): string {
  const text = textOf(schema, body, subject);
  if (text.length > PAYLOAD_BYTES_MAX)
    throw new Fault("SCHEMA_UNSUPPORTED", `${subject}: message of ${text.length} bytes`);
  return text;
}

const PACKED_HEADERS = encodedHeaders({ [HEADER.encoding]: PACKED });

/** Asks and waits. Throws a Fault: ours when it went wrong on the way, the server's when it could not. */
export async function request<R extends Rpc>(
  connection: Connection,
  clock: Clock,
  rpc: R,
  body: z.input<R["request"]>,
  options: RequestOptions,
): Promise<z.output<R["reply"]>> {
  const subject = subjectOf(rpc.subject, options.params);
  const text = requestText(rpc.request, body, subject);
  const timeoutMs = options.timeoutMs ?? rpc.timeoutMs;
  const context = childContext(options.correlationId);
  const headers = encodedHeaders({
    [HEADER.schema]: rpc.schema,
    [HEADER.correlation]: context.correlationId,
    [HEADER.trace]: context.traceparent,
    [HEADER.deadline]: String(clock.nowMs() + timeoutMs),
  });
  let answer: Msg;
  if (!connection.up) throw new Fault("BUS_UNAVAILABLE");
  try {
    const asked = connection.inbox.request(subject, text, { headers, timeoutMs });
    answer = rpc.effect === "read" ? await orLost(connection, asked) : await asked;
  } catch (error) {
    throw requestFault(error, rpc.effect, subject);
  }
  return decodeAnswer(rpc, subject, answer);
}

/** A read ends with its connection. A write waits: it may be on its way, and its answer may come after a reconnect. */
async function orLost<T>(connection: Connection, answer: Promise<T>): Promise<T> {
  let onChange: (state: "down" | "up") => void = () => undefined;
  const lost = new Promise<never>((_, reject) => {
    onChange = (state) => state === "down" && reject(new Fault("BUS_UNAVAILABLE"));
  });
  connection.onChange.add(onChange);
  try {
    return await Promise.race([answer, lost]);
  } finally {
    connection.onChange.delete(onChange);
  }
}

function decodeAnswer<R extends Rpc>(rpc: R, subject: string, answer: Msg): z.output<R["reply"]> {
  if (answer.headers?.has(HEADER.errorCode)) {
    const fault = FaultBody.safeParse(parseJson(answer));
    if (!fault.success) throw new Fault("SCHEMA_UNSUPPORTED", `${subject}: unreadable fault`);
    throw new Fault(fault.data.code, fault.data.message, { effect: fault.data.effect });
  }
  const packed = answer.headers?.get(HEADER.encoding) === PACKED;
  const parsed = parseMessage(rpc.reply, packed ? unpackedReply(answer.data) : parseJson(answer));
  if (parsed.success) return parsed.data as z.output<R["reply"]>;
  // The write may have happened although its answer cannot be read.
  const effect = rpc.effect === "write" ? "unknown" : "none";
  throw new Fault("SCHEMA_UNSUPPORTED", `${subject}: ${parsed.error.message}`.slice(0, 900), { effect });
}

function parseJson(message: Msg): unknown {
  try {
    return message.json();
  } catch {
    return undefined;
  }
}

/** Serves a contract. The handler is awaited; whatever it throws becomes a fault reply, so no caller waits for nothing. */
export function serve<R extends Rpc>(
  connection: Connection,
  deps: { clock: Clock; log: BusLog; service: string },
  rpc: R,
  handler: Handler<R>,
  options: ServeOptions<R>,
): void {
  let pending = 0;
  const pendingMax = options.pendingMax ?? 256;
  const answer = async (message: Msg): Promise<void> => {
    pending += 1;
    try {
      if (pending > pendingMax) throw new Fault("BUSY");
      const body = bodyOf(deps.clock, rpc, message);
      const ready = options.fromMemory?.(body);
      const reply = ready?.rpc === rpc ? ready : await runHandler(rpc, handler, message, body);
      const text =
        reply instanceof PreparedReply && reply.rpc === rpc
          ? reply.textAt(deps.clock.nowMs())
          : textOf(rpc.reply, reply, message.subject);
      if (text.length <= PAYLOAD_BYTES_MAX) message.respond(text);
      else message.respond(await packedReply(text, message.subject), { headers: PACKED_HEADERS });
    } catch (error) {
      respondFault(message, error, deps.log);
    } finally {
      pending -= 1;
    }
  };
  connection.nats.subscribe(wildcardOf(rpc.subject), {
    queue: `q_${deps.service.replaceAll("-", "_")}`,
    callback: (error, message) => {
      if (error) deps.log.error({ subject: rpc.subject, error: error.message }, "subscription refused");
      else void answer(message);
    },
  });
}

/** What was asked, by someone who still waits, in the version that is served. */
function bodyOf<R extends Rpc>(clock: Clock, rpc: R, message: Msg): z.output<R["request"]> {
  const schema = message.headers?.get(HEADER.schema);
  if (schema !== rpc.schema) throw new Fault("SCHEMA_UNSUPPORTED", `expected ${rpc.schema}, got ${schema || "none"}`);
  const deadline = Number(message.headers?.get(HEADER.deadline));
  if (!(deadline > clock.nowMs())) throw new Fault("TIMEOUT", "the caller no longer waits");
  const parsed = parseMessage(rpc.request, parseJson(message));
  if (!parsed.success) throw new Fault("SCHEMA_UNSUPPORTED", parsed.error.message.slice(0, 900));
  return parsed.data as z.output<R["request"]>;
}

function runHandler<R extends Rpc>(
  rpc: R,
  handler: Handler<R>,
  message: Msg,
  body: z.output<R["request"]>,
): Promise<z.input<R["reply"]> | PreparedReply<R>> {
  const context: CallContext = {
    correlationId: message.headers?.get(HEADER.correlation) ?? "",
    traceparent: message.headers?.get(HEADER.trace) ?? "",
  };
  const call = { params: paramsOf(rpc.subject, message.subject), correlationId: context.correlationId };
  return runInContext(context, () => handler(body, call));
}

function respondFault(message: Msg, error: unknown, log: BusLog): void {
  const fault = error instanceof Fault ? error : new Fault("INTERNAL", undefined, { cause: error });
  if (fault.code === "INTERNAL") {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    log.error({ subject: message.subject, error: text }, "handler failed");
  }
  const headers = createHeaders();
  headers.set(HEADER.errorCode, fault.code);
  headers.set(HEADER.error, fault.code);
  message.respond(JSON.stringify(fault.toBody()), { headers });
}

/** The values of the `{name}` tokens in a subject that arrived. */
export function paramsOf(template: string, subject: string): Record<string, string> {
  const actual = subject.split(".");
  const params: Record<string, string> = {};
  for (const [index, token] of template.split(".").entries()) {
    const name = /^\{([a-z]+)\}$/.exec(token)?.[1];
    if (name !== undefined) params[name] = actual[index] ?? "";
  }
  return params;
}
