import { utcText } from "@countersign/clock/clock";
import type { FaultCode } from "@countersign/contracts/codes";
import { type Denial, denied, ok } from "@countersign/contracts/denial";
import type { Connection } from "../session/connection.ts";
import type { Step } from "../session/requests.ts";
import type { BrokerEvent } from "../session/wire.ts";
import { type ReadDeps, SOURCE } from "./reader.ts";
import { answerTo, refusal } from "./refusal.ts";

/** Below what one message of the bus takes, with room for its headers. */
const ANSWER_CHARS_MAX = 180_000;
/** Of a whole account, which the bus packs: there is no asking for less. */
export const ACCOUNT_CHARS_MAX = 2_000_000;

export interface Question<T> {
  readonly what: string;
  readonly timeoutMs: number;
  readonly messages?: number;
  /** Wall time from which on it is not sent any more; absent: it is sent whenever its turn comes. */
  readonly notAfterMs?: number | undefined;
  send(connection: Connection, id: number): void;
  /** Sees what carries the id of the question; errors that end it are dealt with elsewhere. */
  on(event: BrokerEvent): Step<T>;
  /** What has come by the end of the time, where nothing marks the end. */
  atTimeout?(): Step<T>;
  /** Ends what TWS would otherwise go on sending; whatever became of the question. */
  cancel?(connection: Connection, id: number): void;
}

export type Answer<T> =
  | { readonly outcome: "ok"; readonly value: T }
  | { readonly outcome: "denied"; readonly denial: Denial };

/** Asks, and leaves no subscription behind. Throws a Fault or a Refusal. */
export async function ask<T>(deps: ReadDeps, question: Question<T>): Promise<T> {
  const { requests, link } = deps;
  let sent: { readonly connection: Connection; readonly id: number } | undefined;
  const { cancel, atTimeout } = question;
  try {
    return await requests.ask<T>({
      what: question.what,
      timeoutMs: question.timeoutMs,
      messages: question.messages ?? 1,
      notAfterMs: question.notAfterMs,
      send: (connection, id) => {
        sent = { connection, id };
        question.send(connection, id);
      },
      on: (event) => refusal(event) ?? question.on(event),
      ...(atTimeout === undefined ? {} : { atTimeout: () => atTimeout.call(question) }),
    });
  } finally {
    const { connection, id } = sent ?? {};
    if (cancel !== undefined && id !== undefined && link.connection() === connection) {
      requests.tell((open) => cancel.call(question, open, id));
    }
  }
}

/** The answer for the bus: with its source and time, a denial where TWS says that the question is at fault. */
export async function answer<T extends object>(
  deps: ReadDeps,
  fault: FaultCode,
  read: () => Promise<T>,
  charsMax = ANSWER_CHARS_MAX,
): Promise<Answer<T & { source: string; asOf: string }>> {
  try {
    return fitting({ ...(await read()), source: SOURCE, asOf: utcText(deps.clock.nowMs()) }, charsMax);
  } catch (error) {
    return answerTo(error, fault);
  }
}

/** Denied rather than cut: a list that is shorter than it should be would pass for complete. */
export function fitting<T extends object>(value: T, charsMax = ANSWER_CHARS_MAX): Answer<T> {
  if (JSON.stringify(value).length <= charsMax) return ok(value);
  return denied("PAYLOAD_TOO_LARGE", "the answer does not fit into one message; ask for less");
}
