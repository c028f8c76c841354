import { type McpRequestContext, ProtocolError, ProtocolErrorCode, Server } from "@modelcontextprotocol/server";
import type { Agent } from "./agents.ts";
import { callTool } from "./call-tool.ts";
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
    const tool = toolOf(agent, name);
    if (tool === undefined) throw new ProtocolError(ProtocolErrorCode.InvalidParams, "Unknown tool");
    const client = server.getClientVersion();
    const claimed = client === undefined ? "" : `${client.name} ${client.version}`;
    return callTool(edge, tool, { agent, name, args, era, client: claimed, signal: context.mcpReq.signal });
  });
  return server;
}
