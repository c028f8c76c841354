import { Transform } from "node:stream";
import { hasRepeatedKey } from "@countersign/http/repeated-key";
import { utf8Text } from "@countersign/http/utf8-text";
import { isJSONRPCNotification, isJSONRPCRequest } from "@modelcontextprotocol/server";
import type { OpenRequests } from "./open-requests.ts";

const PARSE_ERROR = -32_700;
const INVALID_REQUEST = -32_600;
const LINE_END = 0x0a;
/** Of UTF-8, for one of the units in which the length of a text is counted. */
const BYTES_OF_CHARACTER_MAX = 3;

interface Refusal {
  readonly code: number;
  readonly message: string;
}

type Judged = { readonly message: object } | { readonly refusal: Refusal; readonly id?: string | number };

export interface LinesOptions {
  /** Told of each message that is passed on. */
  readonly open?: OpenRequests;
  /** While this waits, nothing more is read. */
  readonly room?: () => Promise<void> | undefined;
}

/**
 * Passes on the lines that are a message, each whole. The SDK drops every other one without a word, and goes deaf after one
 * that is too long; here each gets the answer that it gets over HTTP, through `reply`.
 */
export function messageLines(
  lengthMax: number,
  reply: (line: string) => void,
  { open, room }: LinesOptions = {},
): Transform {
  const lines = new WholeLines(lengthMax);
  const judge = (line: Buffer | "tooLong"): string => {
    const text = line === "tooLong" ? undefined : utf8Text(line);
    if (text?.trim() === "") return "";
    const one = line === "tooLong" || (text ?? "").length > lengthMax ? tooLong(lengthMax) : judged(text);
    if ("refusal" in one) {
      reply(`${JSON.stringify({ jsonrpc: "2.0", error: one.refusal, id: one.id ?? null })}\n`);
      return "";
    }
    open?.came(one.message);
    return `${text}\n`;
  };
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const pass = () => done(null, lines.take(chunk).map(judge).join("") || undefined);
      const waiting = room?.();
      if (waiting === undefined) pass();
      else void waiting.then(pass);
    },
  });
}

/** What stands between the line ends; what may go on is kept for the next chunk, unless it is too long by now. */
class WholeLines {
  readonly #bytesMax: number;
  #rest: Buffer = Buffer.alloc(0);
  #tooLong = false;

  constructor(lengthMax: number) {
    this.#bytesMax = lengthMax * BYTES_OF_CHARACTER_MAX;
  }

  take(chunk: Buffer): (Buffer | "tooLong")[] {
    const bytes = Buffer.concat([this.#rest, chunk]);
    const lines: (Buffer | "tooLong")[] = [];
    let from = 0;
    for (let end = bytes.indexOf(LINE_END); end !== -1; end = bytes.indexOf(LINE_END, from)) {
      lines.push(this.#tooLong ? "tooLong" : bytes.subarray(from, end));
      this.#tooLong = false;
      from = end + 1;
    }
    this.#rest = bytes.subarray(from);
    if (this.#rest.length > this.#bytesMax) this.#tooLong = true;
    if (this.#tooLong) this.#rest = Buffer.alloc(0);
    return lines;
  }
}

const tooLong = (lengthMax: number): Judged => ({
  refusal: { code: INVALID_REQUEST, message: `PAYLOAD_TOO_LARGE: at most ${lengthMax} characters` },
});

/** `line` is undefined when it is not UTF-8. */
function judged(line: string | undefined): Judged {
  if (line === undefined) return { refusal: { code: PARSE_ERROR, message: "Parse error: the line is not UTF-8" } };
  let message: unknown;
  try {
    message = JSON.parse(line);
  } catch {
    return { refusal: { code: PARSE_ERROR, message: "Parse error: the line is no JSON" } };
  }
  if (Array.isArray(message)) return { refusal: { code: INVALID_REQUEST, message: "Batches are not served" } };
  const { method, id } = (message ?? {}) as { method?: unknown; id?: unknown };
  const known = typeof id === "string" || typeof id === "number" ? { id } : {};
  if (hasRepeatedKey(line))
    return { refusal: { code: INVALID_REQUEST, message: "The line has a key twice" }, ...known };
  if (isJSONRPCRequest(message) || isJSONRPCNotification(message)) return { message };
  // An answer to what was never asked: the SDK's to pass over.
  if (typeof message === "object" && message !== null && method === undefined && id !== undefined) return { message };
  return { refusal: { code: INVALID_REQUEST, message: "Not a valid JSON-RPC message" }, ...known };
}
