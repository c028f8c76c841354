import { randomUUID } from "node:crypto";
import type { HttpAnswer, System } from "./system.ts";

export type Era = "2025-06-18" | "2026-07-28";
let nextId = 1;

/** One raw JSON-RPC call over Streamable HTTP: no SDK between the test and the wire. */
export async function rpc(
  system: Pick<System, "ready">,
  era: Era,
  method: string,
  params: Record<string, unknown> = {},
  token: string = system.ready.agentToken,
): Promise<HttpAnswer> {
  const modern = era === "2026-07-28";
  const meta = {
    "io.modelcontextprotocol/protocolVersion": era,
    "io.modelcontextprotocol/clientInfo": { name: "raw-test", version: "1" },
    "io.modelcontextprotocol/clientCapabilities": {},
  };
  const message = { jsonrpc: "2.0", id: nextId++, method, params: modern ? { ...params, _meta: meta } : params };
  const answer = await fetch(system.ready.mcp, {
    method: "POST",
    headers: {
      authorization: `Bearer ${token}`,
      "content-type": "application/json",
      accept: "application/json, text/event-stream",
      "mcp-protocol-version": era,
      ...(modern
        ? { "mcp-method": method, ...(typeof params.name === "string" ? { "mcp-name": params.name } : {}) }
        : {}),
    },
    body: JSON.stringify(message),
  });
  const type = answer.headers.get("content-type") ?? "";
  const text = await answer.text();
  return { status: answer.status, type, body: readBody(type, text) };
}

/** An answer is plain JSON or one server-sent event that holds it. */
function readBody(type: string, text: string): unknown {
  if (type.includes("text/event-stream")) {
    const data = text.split("\n").filter((line) => line.startsWith("data:") && line.length > 6);
    const last = data.at(-1);
    return last === undefined ? undefined : JSON.parse(last.slice(5));
  }
  return type.includes("json") ? JSON.parse(text) : text;
}

export interface ToolResult {
  readonly isError: boolean;
  // biome-ignore lint/suspicious/noExplicitAny: a test looks into whatever came back
  readonly value: any;
  readonly raw: HttpAnswer;
}

/** Calls a tool; `value` is the structured content, or the JSON of the first text. */
export async function tool(
  system: Pick<System, "ready">,
  name: string,
  args: Record<string, unknown>,
  era: Era = "2026-07-28",
): Promise<ToolResult> {
  const raw = await rpc(system, era, "tools/call", { name, arguments: args });
  const result = raw.body?.result;
  if (result === undefined) return { isError: true, value: raw.body?.error, raw };
  const text = result.content?.[0]?.text;
  const value =
    result.structuredContent ?? (typeof text === "string" && text.startsWith("{") ? JSON.parse(text) : text);
  return { isError: result.isError === true, value, raw };
}

/** BUY 10 AAPL at a limit that fills at once in the simulator, unless told otherwise. */
export function buyApple(changes: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    account: "DU1234567",
    conid: 265598,
    side: "BUY",
    quantity: "10",
    order_type: "LMT",
    limit_price: "400",
    time_in_force: "DAY",
    idempotency_key: randomUUID(),
    rationale: "end-to-end test",
    ...changes,
  };
}
