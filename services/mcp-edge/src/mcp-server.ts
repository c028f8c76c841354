import {
  CLIENT_INFO_META_KEY,
  type Implementation,
  type McpRequestContext,
  ProtocolError,
  ProtocolErrorCode,
  type Server,
  type ServerContext,
} from "@modelcontextprotocol/server";
import type { Agent } from "./agents.ts";
import { callTool, noteUnknown } from "./call-tool.ts";
import { complete } from "./complete.ts";
import type { Edge } from "./edge.ts";
import { EdgeServer } from "./edge-server.ts";
import { INSTRUCTIONS } from "./instructions.ts";
import { PROMPT_DEFINITIONS, promptOf } from "./prompts.ts";
import { readResource } from "./read-resource.ts";
import { CompleteParams, ListParams, PromptParams, ReadParams } from "./request-params.ts";
import { resourcesOf, templatesOf } from "./resources.ts";
import { DEFINITIONS, isPermitted, toolOf } from "./tools/registry.ts";

const VERSION = "0.1.0";
/** Lists do not change while this process runs; what they name is never cached. */
const LIST = { ttlMs: 300_000, cacheScope: "private" as const };
const CACHE_HINTS = {
  "tools/list": LIST,
  "prompts/list": LIST,
  "resources/list": LIST,
  "resources/templates/list": LIST,
  "resources/read": { ttlMs: 0, cacheScope: "private" as const },
};
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
  const server = new EdgeServer(
    { name: `countersign-${mode}`, title: `Countersign (${mode})`, version: VERSION },
    {
      capabilities: { tools: {}, resources: {}, prompts: {}, completions: {} },
      instructions: INSTRUCTIONS,
      jsonSchemaValidator: NO_VALIDATOR,
      cacheHints: CACHE_HINTS,
    },
  );
  const callerOf = ({ mcpReq }: ServerContext) => ({
    agent,
    era,
    client: claimOf(mcpReq.envelope, server.getClientVersion()),
    signal: mcpReq.signal,
  });
  const tools = DEFINITIONS.filter(({ name }) => isPermitted(agent, name));
  const list = { params: ListParams };
  server.setRequestHandler("tools/list", list, () => ({ tools }));
  server.setRequestHandler("tools/call", ({ params: { name, arguments: args } }, context) => {
    const call = { ...callerOf(context), name, args };
    const tool = toolOf(agent, name);
    if (tool !== undefined) return callTool(edge, tool, call);
    noteUnknown(edge, call, "UNKNOWN_TOOL");
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, "Unknown tool");
  });
  server.setRequestHandler("resources/list", list, () => ({ resources: resourcesOf(agent) }));
  server.setRequestHandler("resources/templates/list", list, () => ({ resourceTemplates: templatesOf(agent) }));
  server.setRequestHandler("resources/read", { params: ReadParams }, ({ uri }, context) =>
    readResource(edge, uri, callerOf(context)),
  );
  server.setRequestHandler("prompts/list", list, () => ({ prompts: PROMPT_DEFINITIONS }));
  server.setRequestHandler("prompts/get", { params: PromptParams }, (params) =>
    promptOf(params.name, params.arguments),
  );
  server.setRequestHandler("completion/complete", { params: CompleteParams }, (params, context) =>
    complete(edge, params, callerOf(context)),
  );
  return server;
}

/** What the client says that it is: with every request in the newer protocol, at the handshake in the older one. */
function claimOf(envelope: object | undefined, handshake: Implementation | undefined): string {
  const claimed = (envelope as Record<string, unknown> | undefined)?.[CLIENT_INFO_META_KEY] ?? handshake;
  const { name, version } = (claimed ?? {}) as { name?: unknown; version?: unknown };
  return [name, version].filter((part) => typeof part === "string").join(" ");
}
