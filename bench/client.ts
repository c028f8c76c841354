import { Agent, request } from "node:http";
import type { ToolResult } from "../tests/end-to-end/mcp-client.ts";
import type { HttpAnswer, System } from "../tests/end-to-end/system.ts";

/** One connection that stays open, and no more work than it takes: the client's own time is part of every figure. */
const agent = new Agent({ keepAlive: true });

export const closeClient = (): void => agent.destroy();

function send(url: string, method: string, headers: Record<string, string>, body: unknown): Promise<HttpAnswer> {
  const payload = body === undefined ? "" : JSON.stringify(body);
  const options = { method, agent, headers: { ...headers, "content-length": String(Buffer.byteLength(payload)) } };
  return new Promise((resolve, reject) => {
    const outgoing = request(url, options, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on("data", (chunk: Buffer) => chunks.push(chunk));
      incoming.on("error", reject);
      incoming.on("end", () => {
        const type = incoming.headers["content-type"] ?? "";
        const text = Buffer.concat(chunks).toString("utf8");
        const parsed = type.includes("json") ? JSON.parse(text) : text;
        resolve({ status: incoming.statusCode ?? 0, type, body: parsed });
      });
    });
    outgoing.on("error", reject);
    outgoing.end(payload);
  });
}

let nextId = 1;

/** Where tools are called, and as whom. */
type Agents = { readonly ready: Pick<System["ready"], "mcp" | "agentToken"> };

/** Calls a tool in the modern era; `value` is the structured content, or the error's text. */
export async function tool(system: Agents, name: string, args: Record<string, unknown>): Promise<ToolResult> {
  const era = "2026-07-28";
  const meta = {
    "io.modelcontextprotocol/protocolVersion": era,
    "io.modelcontextprotocol/clientInfo": { name: "bench", version: "1" },
    "io.modelcontextprotocol/clientCapabilities": {},
  };
  const headers = {
    authorization: `Bearer ${system.ready.agentToken}`,
    "content-type": "application/json",
    accept: "application/json, text/event-stream",
    "mcp-protocol-version": era,
    "mcp-method": "tools/call",
    "mcp-name": name,
  };
  const params = { name, arguments: args, _meta: meta };
  const raw = await send(system.ready.mcp, "POST", headers, {
    jsonrpc: "2.0",
    id: nextId++,
    method: "tools/call",
    params,
  });
  const result = raw.body?.result;
  const value = result?.structuredContent ?? result?.content?.[0]?.text ?? raw.body;
  return { isError: result?.isError === true, value, raw };
}

export function admin(system: System, method: string, path: string, body?: unknown): Promise<HttpAnswer> {
  const headers = { authorization: `Bearer ${system.ready.operatorToken}`, "content-type": "application/json" };
  return send(`${system.ready.admin}${path}`, method, headers, body);
}
