import { Transform } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { isJSONRPCNotification, isJSONRPCRequest } from "@modelcontextprotocol/server";
import type { OpenRequests } from "./open-requests.ts";

const PARSE_ERROR = -32_700;
const INVALID_REQUEST = -32_600;

interface Refusal {
  readonly code: number;
  readonly message: string;
}

/**
 * Passes on the lines that are a message, each whole. The SDK drops every other one without a word, and goes deaf after one
 * that is too long; here each gets the answer that it gets over HTTP, through `reply`.
 */
export function messageLines(lengthMax: number, reply: (line: string) => void, open?: OpenRequests): Transform {
  const decoder = new StringDecoder("utf8");
  let rest = "";
  let tooLong = false;
  const refuse = (error: Refusal, id: unknown = null) => reply(`${JSON.stringify({ jsonrpc: "2.0", error, id })}\n`);
  const judge = (line: string): string => {
    if (tooLong || line.length > lengthMax) {
      tooLong = false;
      refuse({ code: INVALID_REQUEST, message: `PAYLOAD_TOO_LARGE: at most ${lengthMax} characters` });
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
      const lines = (rest + decoder.write(chunk)).split("\n");
      rest = lines.pop() ?? "";
      const whole = lines.map(judge).join("");
      if (rest.length > lengthMax) tooLong = true;
      if (tooLong) rest = "";
      done(null, whole === "" ? undefined : whole);
    },
  });
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
