import { Transform } from "node:stream";
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

/**
 * Passes on the lines that are a message, each whole. The SDK drops every other one without a word, and goes deaf after one
 * that is too long; here each gets the answer that it gets over HTTP, through `reply`.
 */
export function messageLines(lengthMax: number, reply: (line: string) => void, open?: OpenRequests): Transform {
  let rest: Buffer = Buffer.alloc(0);
  let tooLong = false;
  const refuse = (error: Refusal, id: unknown = null) => reply(`${JSON.stringify({ jsonrpc: "2.0", error, id })}\n`);
  const judge = (bytes: Buffer): string => {
    const line = utf8Text(bytes);
    if (tooLong || (line ?? "").length > lengthMax) {
      tooLong = false;
      refuse({ code: INVALID_REQUEST, message: `PAYLOAD_TOO_LARGE: at most ${lengthMax} characters` });
      return "";
    }
    if (line === undefined) {
      refuse({ code: PARSE_ERROR, message: "Parse error: the line is not UTF-8" });
      return "";
    }
    if (line.trim() === "") return "";
    const { refusal, id, message } = refusalOf(line);
    if (refusal !== undefined) refuse(refusal, id);
    else open?.came(message);
    return refusal === undefined ? `${line}\n` : "";
  };
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const lines = linesOf(Buffer.concat([rest, chunk]));
      rest = lines.pop() ?? Buffer.alloc(0);
      const whole = lines.map(judge).join("");
      if (rest.length > lengthMax * BYTES_OF_CHARACTER_MAX) tooLong = true;
      if (tooLong) rest = Buffer.alloc(0);
      done(null, whole === "" ? undefined : whole);
    },
  });
}

/** What stands between the line ends; the last one may go on. */
function linesOf(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  let from = 0;
  for (let end = bytes.indexOf(LINE_END); end !== -1; end = bytes.indexOf(LINE_END, from)) {
    lines.push(bytes.subarray(from, end));
    from = end + 1;
  }
  return [...lines, bytes.subarray(from)];
}

function refusalOf(line: string): { refusal?: Refusal; id?: unknown; message?: unknown } {
  let message: unknown;
  try {
    message = JSON.parse(line);
  } catch {
    return { refusal: { code: PARSE_ERROR, message: "Parse error: the line is no JSON" } };
  }
  if (Array.isArray(message)) return { refusal: { code: INVALID_REQUEST, message: "Batches are not served" } };
  const { method, id } = (message ?? {}) as { method?: unknown; id?: unknown };
  if (isJSONRPCRequest(message) || isJSONRPCNotification(message)) return { message };
  // An answer to what was never asked: the SDK's to pass over.
  if (typeof message === "object" && message !== null && method === undefined && id !== undefined) return {};
  const known = typeof id === "string" || typeof id === "number" ? { id } : {};
  return { refusal: { code: INVALID_REQUEST, message: "Not a valid JSON-RPC message" }, ...known };
}
