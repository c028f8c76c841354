import { utcText } from "@countersign/clock/clock";
import { hasRepeatedKey } from "@countersign/http/repeated-key";
import { utf8Text } from "@countersign/http/utf8-text";
import { newNonce } from "@countersign/ids/ids";
import { hostHeaderValidation, originValidation } from "@modelcontextprotocol/hono";
import { createMcpHandler, isJsonContentType } from "@modelcontextprotocol/server";
import { type Context, Hono } from "hono";
import type { Agent } from "./agents.ts";
import { edgeEntry } from "./audit-entries.ts";
import type { Edge } from "./edge.ts";
import { createServer } from "./mcp-server.ts";

const PARSE_ERROR = -32_700;
const INVALID_REQUEST = -32_600;
const REFUSED = -32_000;

/** Streamable HTTP for both eras. Who calls is settled before anything of the body is read. */
export function createHttpApp(edge: Edge): { app: Hono; close(): Promise<void> } {
  const handler = createMcpHandler(
    (context) => {
      const agent = context.authInfo?.extra?.agent;
      if (agent === undefined) throw new TypeError("a request without an agent");
      return createServer(edge, agent as Agent, context);
    },
    { maxSubscriptions: edge.config.subscriptionsMax, onerror: edge.log.protocolError },
  );
  const app = new Hono();
  app.use("*", hostHeaderValidation(edge.config.allowedHosts), originValidation(edge.config.allowedHosts));
  app.all("/mcp", async (context) => {
    const agent = edge.roster.byHeader(context.req.header("authorization"));
    if (agent === undefined) return unauthenticated(edge, context);
    if (context.req.method !== "POST") {
      return errorResponse(context, 405, REFUSED, "Method not allowed: this endpoint takes POST", { allow: "POST" });
    }
    const body = await readBody(edge, context);
    if (body instanceof Response) return body;
    const authInfo = { token: "redacted", clientId: agent.id, scopes: [], extra: { agent } };
    return handler.fetch(context.req.raw, { authInfo, parsedBody: body.json });
  });
  app.notFound((context) => errorResponse(context, 404, REFUSED, "Not found: the endpoint is /mcp"));
  app.onError((error, context) => {
    edge.log.callFailed("", context.req.path, error);
    return errorResponse(context, 500, -32_603, "Internal error");
  });
  return { app, close: () => handler.close() };
}

async function readBody(edge: Edge, context: Context): Promise<{ json: unknown } | Response> {
  if (!isJsonContentType(context.req.header("content-type"))) {
    return errorResponse(context, 415, REFUSED, "Content-Type must be application/json");
  }
  const max = edge.config.bodyBytesMax;
  // The client went away in the middle: its doing, and no error of ours.
  const read = await readBytes(context, max).catch(() => undefined);
  if (read === undefined) return errorResponse(context, 400, PARSE_ERROR, "Parse error: the body is not whole");
  if (read === "tooLarge") return errorResponse(context, 413, REFUSED, `PAYLOAD_TOO_LARGE: at most ${max} bytes`);
  // Replaced characters would be put before the approver as the agent's words.
  const text = utf8Text(read);
  if (text === undefined) return errorResponse(context, 400, PARSE_ERROR, "Parse error: the body is not UTF-8");
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return errorResponse(context, 400, PARSE_ERROR, "Parse error: the body is no JSON");
  }
  // Batches left the protocol; one request is one call, so that one rate counts it.
  if (Array.isArray(json)) return errorResponse(context, 400, INVALID_REQUEST, "Batches are not served");
  if (hasRepeatedKey(text)) return errorResponse(context, 400, INVALID_REQUEST, "The body has a key twice");
  return { json };
}

/** HTTP sees to it that no body is longer than it was said to be; only one of unknown length is counted while it comes in. */
async function readBytes(context: Context, max: number): Promise<Uint8Array | "tooLarge"> {
  const length = context.req.header("content-length");
  if (length !== undefined) return Number(length) <= max ? new Uint8Array(await context.req.arrayBuffer()) : "tooLarge";
  const parts: Uint8Array[] = [];
  let received = 0;
  for await (const part of context.req.raw.body ?? []) {
    received += part.byteLength;
    if (received > max) return "tooLarge";
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function unauthenticated(edge: Edge, context: Context): Response {
  const hasToken = context.req.header("authorization") !== undefined;
  const suppressed = edge.refusals.count("authentication");
  if (suppressed !== undefined) {
    const at = utcText(edge.deps.clock.nowMs());
    const body = { door: "mcp", reason: hasToken ? "token not known" : "no token", uncounted: suppressed };
    edge.audit.note(edgeEntry(at, "security.refused", `call_${newNonce()}`, body));
    edge.log.refused(body.reason);
  }
  return errorResponse(context, 401, REFUSED, "UNAUTHENTICATED: an agent's bearer token is needed", {
    "www-authenticate": 'Bearer realm="countersign"',
  });
}

function errorResponse(
  context: Context,
  status: 400 | 401 | 404 | 405 | 413 | 415 | 500,
  code: number,
  message: string,
  headers: Record<string, string> = {},
): Response {
  return context.json({ jsonrpc: "2.0", error: { code, message }, id: null }, status, headers);
}
