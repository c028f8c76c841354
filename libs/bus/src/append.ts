import type { Fact } from "@countersign/contracts/contract-kinds";
import { Fault } from "@countersign/contracts/denial";
import { subjectOf } from "@countersign/contracts/subjects";
import { errors, type MsgHdrs } from "@nats-io/transport-node";
import * as z from "zod";
import type { Connection } from "./connection.ts";
import { childContext } from "./context.ts";
import { encodedHeaders } from "./encoded-headers.ts";
import { WRONG_LAST_SEQUENCE } from "./errors.ts";
import { parseJson } from "./facts.ts";
import { CONDITION, HEADER } from "./headers.ts";
import { parseMessage } from "./parse-message.ts";

export type AppendOutcome =
  | { readonly outcome: "appended"; readonly sequence: number; readonly duplicate: boolean }
  | { readonly outcome: "conflict" };

export interface AppendOptions {
  /** Last sequence of the subject as the caller knows it; 0: this is the first fact. */
  readonly expectedSequence?: number;
  /**
   * Last sequence of all logs of the same order, which the server then compares in place of `expectedSequence`. A server
   * that cannot (see `comparesOrders`) compares that one.
   */
  readonly expectedOrderSequence?: number;
  /** Last sequence of the whole stream as the caller knows it. */
  readonly expectedStreamSequence?: number;
  /** Deduplication id within the stream's window; an optimisation, the compare-and-swap is the guarantee. */
  readonly messageId?: string;
  /** Exactly these bytes instead of the JSON of the body; for records whose hash covers their text. */
  readonly raw?: string;
}

/** What the server says to an append; with `error` nothing was stored. */
const Acknowledgement = z.union([
  z.object({ error: z.object({ err_code: z.int() }) }),
  z.object({ seq: z.int().min(1), duplicate: z.boolean().default(false) }),
]);
const ACKNOWLEDGE_MS = 2_000;

/** One compare-and-swap append. A conflict is an answer; a timeout is OUTCOME_UNKNOWN and must be read back. */
export async function append<F extends Fact>(
  connection: Connection,
  fact: F,
  params: Record<string, string>,
  body: z.input<F["body"]>,
  options: AppendOptions,
): Promise<AppendOutcome> {
  const subject = subjectOf(fact.subject, params);
  const parsed = parseMessage(fact.body, body);
  if (!parsed.success) throw new Fault("SCHEMA_UNSUPPORTED", `${subject}: ${parsed.error.message}`.slice(0, 900));
  if (!connection.up) throw new Fault("BUS_UNAVAILABLE");
  const text = options.raw ?? JSON.stringify(parsed.data);
  const headers = appendHeaders(
    fact,
    subject,
    comparesOrders(connection.nats.info?.version) ? options : ownOf(options),
  );
  const answer = await connection.inbox
    .request(subject, text, { headers, timeoutMs: ACKNOWLEDGE_MS })
    .catch((cause: unknown) => {
      if (cause instanceof errors.PermissionViolationError)
        throw new Fault("INTERNAL", `the server refuses ${subject} to ${connection.user}`, { cause });
      throw new Fault("OUTCOME_UNKNOWN", `${subject}: no acknowledgement`, { cause });
    });
  const ack = Acknowledgement.safeParse(parseJson(answer.string()));
  if (!ack.success) throw new Fault("OUTCOME_UNKNOWN", `${subject}: unreadable acknowledgement`);
  if (!("error" in ack.data)) return { outcome: "appended", sequence: ack.data.seq, duplicate: ack.data.duplicate };
  const code = ack.data.error.err_code;
  if (code === WRONG_LAST_SEQUENCE) return { outcome: "conflict" };
  throw new Fault("STORE_REFUSED", `${subject}: JetStream error ${code}`);
}

/** Whether the server can compare the last sequence of several subjects: from 2.11 on. Older ones ignore the wish. */
export function comparesOrders(serverVersion: string | undefined): boolean {
  const [major = 0, minor = 0] = (serverVersion ?? "").split(".").map(Number);
  return major > 2 || (major === 2 && minor >= 11);
}

function ownOf({ expectedOrderSequence: _, ...own }: AppendOptions): AppendOptions {
  return own;
}

function appendHeaders(fact: Fact, subject: string, options: AppendOptions): MsgHdrs {
  const context = childContext(undefined);
  const { expectedSequence, expectedOrderSequence, expectedStreamSequence, messageId } = options;
  const sequence = expectedOrderSequence ?? expectedSequence;
  return encodedHeaders({
    [HEADER.schema]: fact.schema,
    [HEADER.correlation]: context.correlationId,
    [HEADER.trace]: context.traceparent,
    [CONDITION.stream]: fact.stream,
    ...(sequence !== undefined && { [CONDITION.subjectSequence]: String(sequence) }),
    ...(expectedOrderSequence !== undefined && { [CONDITION.subjectFilter]: subject.replace(/[^.]+$/, "*") }),
    ...(expectedStreamSequence !== undefined && { [CONDITION.streamSequence]: String(expectedStreamSequence) }),
    ...(messageId !== undefined && { [CONDITION.messageId]: messageId }),
  });
}
