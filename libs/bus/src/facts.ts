import type { Fact } from "@countersign/contracts/contract-kinds";
import { Fault } from "@countersign/contracts/denial";
import { subjectOf } from "@countersign/contracts/subjects";
import type { StoredMsg } from "@nats-io/jetstream";
import { headers as createHeaders, errors } from "@nats-io/transport-node";
import type * as z from "zod";
import type { Connection } from "./connection.ts";
import { childContext } from "./context.ts";
import { apiCode, NO_MESSAGE_FOUND, WRONG_LAST_SEQUENCE } from "./errors.ts";
import { HEADER } from "./headers.ts";

export type AppendOutcome =
  | { readonly outcome: "appended"; readonly sequence: number; readonly duplicate: boolean }
  | { readonly outcome: "conflict" };

export interface AppendOptions {
  /** Last sequence of the subject as the caller knows it; 0: this is the first fact. */
  readonly expectedSequence?: number;
  /** Last sequence of the whole stream as the caller knows it. */
  readonly expectedStreamSequence?: number;
  /** Deduplication id within the stream's window; an optimisation, the compare-and-swap is the guarantee. */
  readonly messageId?: string;
  /** Exactly these bytes instead of the JSON of the body; for records whose hash covers their text. */
  readonly raw?: string;
}

export interface StoredFact<F extends Fact> {
  readonly sequence: number;
  readonly subject: string;
  readonly text: string;
  readonly body: z.output<F["body"]>;
}

/** One compare-and-swap append. A conflict is an answer; a timeout is OUTCOME_UNKNOWN and must be read back. */
export async function append<F extends Fact>(
  connection: Connection,
  fact: F,
  params: Record<string, string>,
  body: z.input<F["body"]>,
  options: AppendOptions,
): Promise<AppendOutcome> {
  const subject = subjectOf(fact.subject, params);
  const parsed = fact.body.safeParse(body);
  if (!parsed.success) throw new Fault("SCHEMA_UNSUPPORTED", `${subject}: ${parsed.error.message}`.slice(0, 900));
  const headers = createHeaders();
  const context = childContext(undefined);
  headers.set(HEADER.schema, fact.schema);
  headers.set(HEADER.correlation, context.correlationId);
  headers.set(HEADER.trace, context.traceparent);
  if (!connection.up) throw new Fault("BUS_UNAVAILABLE");
  try {
    const ack = await connection.js.publish(subject, options.raw ?? JSON.stringify(parsed.data), {
      headers,
      timeout: 2_000,
      retries: 0,
      ...(options.messageId === undefined ? {} : { msgID: options.messageId }),
      expect: {
        streamName: fact.stream,
        ...(options.expectedSequence === undefined ? {} : { lastSubjectSequence: options.expectedSequence }),
        ...(options.expectedStreamSequence === undefined ? {} : { lastSequence: options.expectedStreamSequence }),
      },
    });
    return { outcome: "appended", sequence: ack.seq, duplicate: ack.duplicate };
  } catch (error) {
    const code = apiCode(error);
    if (code === WRONG_LAST_SEQUENCE) return { outcome: "conflict" };
    if (code !== undefined) throw new Fault("STORE_REFUSED", `${subject}: JetStream error ${code}`, { cause: error });
    const cause = error instanceof Error ? (error.cause ?? error) : error;
    if (cause instanceof errors.PermissionViolationError) {
      throw new Fault("INTERNAL", `the server refuses ${subject} to ${connection.user}`, { cause: error });
    }
    throw new Fault("OUTCOME_UNKNOWN", `${subject}: no acknowledgement`, { cause: error });
  }
}

/** The stored message, or undefined when the stream has none there. Any other failure is a Fault. */
export async function getMessage(
  connection: Connection,
  stream: string,
  query: { seq: number; next_by_subj?: string } | { last_by_subj: string },
): Promise<StoredMsg | undefined> {
  if (!connection.up) throw new Fault("BUS_UNAVAILABLE");
  try {
    return (await connection.jsm.streams.getMessage(stream, query)) ?? undefined;
  } catch (error) {
    if (apiCode(error) === NO_MESSAGE_FOUND) return undefined;
    throw new Fault("BUS_UNAVAILABLE", `${stream} cannot be read`, { cause: error });
  }
}

export function parseStored<F extends Fact>(fact: F, message: StoredMsg): StoredFact<F> {
  const text = message.string();
  const parsed = fact.body.safeParse(parseJson(text));
  if (!parsed.success)
    throw new Fault("SCHEMA_UNSUPPORTED", `${message.subject} #${message.seq} does not fit ${fact.schema}`);
  return { sequence: message.seq, subject: message.subject, text, body: parsed.data as z.output<F["body"]> };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export async function readLast<F extends Fact>(
  connection: Connection,
  fact: F,
  params: Record<string, string>,
): Promise<StoredFact<F> | undefined> {
  const message = await getMessage(connection, fact.stream, { last_by_subj: subjectOf(fact.subject, params) });
  return message === undefined ? undefined : parseStored(fact, message);
}

/** The whole log of one subject, oldest first. Where it ends is asked first: "no next message" alone does not prove an end. */
export async function readSubject<F extends Fact>(
  connection: Connection,
  fact: F,
  params: Record<string, string>,
): Promise<StoredFact<F>[]> {
  const subject = subjectOf(fact.subject, params);
  const last = await getMessage(connection, fact.stream, { last_by_subj: subject });
  const log: StoredFact<F>[] = [];
  for (let from = 1; last !== undefined && from <= last.seq; ) {
    const message = await getMessage(connection, fact.stream, { seq: from, next_by_subj: subject });
    if (message === undefined) throw new Fault("STORE_REFUSED", `${subject} ends before its last message`);
    log.push(parseStored(fact, message));
    from = message.seq + 1;
  }
  return log;
}
