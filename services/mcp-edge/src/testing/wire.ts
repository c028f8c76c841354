import type { Hono } from "hono";
import type { Edge } from "../edge.ts";
import { createHttpApp } from "../http.ts";
import { TOKEN } from "./edge-under-test.ts";

export type Era = "2025-06-18" | "2026-07-28";
export const ERAS: Era[] = ["2025-06-18", "2026-07-28"];

/** An answer as it stood on the wire; tests look into whatever came back. */
export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into whatever came back
  readonly body: any;
}

export function appOf(edge: Edge): Hono {
  return createHttpApp(edge).app;
}

/** One raw JSON-RPC request in process; the SDK of no client is in between. */
export async function post(
  app: Hono,
  era: Era,
  method: string,
  params: Record<string, unknown> = {},
  headers: Record<string, string> = {},
): Promise<Answer> {
  const modern = era === "2026-07-28";
  const meta = {
    "io.modelcontextprotocol/protocolVersion": era,
    "io.modelcontextprotocol/clientInfo": { name: "raw", version: "1" },
    "io.modelcontextprotocol/clientCapabilities": {},
  };
  const names: Record<string, string> = { "mcp-method": method };
  if (typeof params.name === "string") names["mcp-name"] = params.name;
  const message = { jsonrpc: "2.0", id: 1, method, params: modern ? { ...params, _meta: meta } : params };
  return send(app, JSON.stringify(message), { "mcp-protocol-version": era, ...(modern ? names : {}), ...headers });
}

export async function send(
  app: Hono,
  body: string | Uint8Array | ReadableStream,
  headers: Record<string, string> = {},
): Promise<Answer> {
  const response = await app.request("http://127.0.0.1/mcp", {
    method: "POST",
    headers: {
      host: "127.0.0.1",
      authorization: `Bearer ${TOKEN}`,
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      ...headers,
    },
    body,
    duplex: "half",
  } as RequestInit);
  return { status: response.status, headers: response.headers, body: readBody(await response.text()) };
}

function readBody(text: string): unknown {
  const lines = text.split("\n").filter((line) => line.startsWith("data:") && line.length > 6);
  const json = lines.at(-1)?.slice(5) ?? text;
  return json === "" ? undefined : JSON.parse(json);
}

export interface ToolAnswer {
  readonly isError: boolean;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into whatever came back
  readonly value: any;
  readonly answer: Answer;
}

/** Calls a tool; `value` is the JSON of its text. */
export async function call(
  app: Hono,
  name: string,
  args: unknown,
  era: Era = "2026-07-28",
  token: string = TOKEN,
): Promise<ToolAnswer> {
  const answer = await post(app, era, "tools/call", { name, arguments: args }, { authorization: `Bearer ${token}` });
  const result = answer.body?.result;
  if (result === undefined) throw new Error(`no result: ${JSON.stringify(answer.body)}`);
  return { isError: result.isError === true, value: JSON.parse(result.content[0].text), answer };
}

export function buyApple(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    account: "DU1234567",
    conid: 265598,
    side: "BUY",
    quantity: "10",
    order_type: "LMT",
    limit_price: "231.4",
    time_in_force: "DAY",
    idempotency_key: "k1",
    rationale: "because",
    ...changes,
  };
}
