import {
  CLIENT_INFO_META_KEY,
  type Implementation,
  type McpRequestContext,
  ProtocolError,
  ProtocolErrorCode,
  Server,
} from "@modelcontextprotocol/server";
import type { Agent } from "./agents.ts";
import { callTool, noteUnknownTool } from "./call-tool.ts";
import type { Edge } from "./edge.ts";
import { INSTRUCTIONS } from "./instructions.ts";
import { DEFINITIONS, isPermitted, toolOf } from "./tools/registry.ts";

const VERSION = "0.1.0";
const LIST_TTL_MS = 300_000;
/** For answers to elicitations, which this server never asks for. The SDK's own would be built anew for every request. */
const NO_VALIDATOR = {
  getValidator: () => () => ({ valid: false as const, data: undefined, errorMessage: "not asked for" }),
};

/**
 * One server for one request over HTTP, or for one connection over stdio. It speaks through the SDK's lower level, so that
 * arguments are judged in one place, with one error for both eras, and the definitions are the same frozen bytes every time.
 */
export function createServer(edge: Edge, agent: Agent, { era }: Pick<McpRequestContext, "era">): Server {
  const { mode } = edge.deps;
  const server = new Server(
    { name: `countersign-${mode}`, title: `Countersign (${mode})`, version: VERSION },
    {
      capabilities: { tools: {} },
      instructions: INSTRUCTIONS,
      jsonSchemaValidator: NO_VALIDATOR,
      cacheHints: { "tools/list": { ttlMs: LIST_TTL_MS, cacheScope: "private" } },
    },
  );
  const tools = DEFINITIONS.filter(({ name }) => isPermitted(agent, name));
  server.setRequestHandler("tools/list", () => ({ tools }) as never);
  server.setRequestHandler("tools/call", (request, context) => {
    const { name, arguments: args } = request.params;
    const client = claimOf(context.mcpReq.envelope, server.getClientVersion());
    const call = { agent, name, args, era, client, signal: context.mcpReq.signal };
    const tool = toolOf(agent, name);
    if (tool !== undefined) return callTool(edge, tool, call);
    noteUnknownTool(edge, call);
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, "Unknown tool");
  });
  return server;
}

/** What the client says that it is: with every request in the newer protocol, at the handshake in the older one. */
function claimOf(envelope: object | undefined, handshake: Implementation | undefined): string {
  const claimed = (envelope as Record<string, unknown> | undefined)?.[CLIENT_INFO_META_KEY] ?? handshake;
  const { name, version } = (claimed ?? {}) as { name?: unknown; version?: unknown };
  return [name, version].filter((part) => typeof part === "string").join(" ");
}
