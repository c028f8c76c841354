import type { Fact } from "@countersign/contracts/contract-kinds";
import { Fault } from "@countersign/contracts/denial";
import { subjectOf } from "@countersign/contracts/subjects";
import type { StoredMsg } from "@nats-io/jetstream";
import type * as z from "zod";
import type { Connection } from "./connection.ts";
import { apiCode, NO_MESSAGE_FOUND } from "./errors.ts";
import { parseMessage } from "./parse-message.ts";

export interface StoredFact<F extends Fact> {
  readonly sequence: number;
  readonly subject: string;
  readonly text: string;
  readonly body: z.output<F["body"]>;
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

/** Throws SCHEMA_UNSUPPORTED when what stands there does not fit its contract. */
export function parseStored<F extends Fact>(fact: F, message: StoredMsg): StoredFact<F> {
  const text = message.string();
  const parsed = parseMessage(fact.body, parseJson(text));
  if (!parsed.success)
    throw new Fault("SCHEMA_UNSUPPORTED", `${message.subject} #${message.seq} does not fit ${fact.schema}`);
  return { sequence: message.seq, subject: message.subject, text, body: parsed.data as z.output<F["body"]> };
}

/** undefined: it is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The newest fact of one subject; undefined: there is none. */
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
