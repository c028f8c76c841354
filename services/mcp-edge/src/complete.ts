import { ProtocolError, ProtocolErrorCode } from "@modelcontextprotocol/server";
import { type CallRequest, callTool } from "./call-tool.ts";
import type { Edge } from "./edge.ts";
import { PROMPTS } from "./prompts.ts";
import type { CompleteParams } from "./request-params.ts";
import { RESOURCE_KINDS } from "./resources.ts";
import { toolOf } from "./tools/registry.ts";

const VALUES_MAX = 100;
const PROPOSALS_MAX = 50;

/** Values that begin with what was typed: the agent's own accounts, and its own newest proposals. */
export async function complete(
  edge: Edge,
  { ref, argument }: CompleteParams,
  request: Omit<CallRequest, "name" | "args">,
): Promise<{ completion: { values: string[]; total: number; hasMore: boolean } }> {
  const known =
    ref.type === "ref/prompt"
      ? PROMPTS.find(({ name }) => name === ref.name)?.arguments.map(({ name }) => name)
      : RESOURCE_KINDS.filter(({ uriTemplate }) => uriTemplate === ref.uri).map(({ variable }) => variable as string);
  if (known === undefined || !known.includes(argument.name)) {
    throw new ProtocolError(ProtocolErrorCode.InvalidParams, "Nothing of that name has such an argument");
  }
  const all = await candidatesOf(edge, argument.name, request);
  const fitting = all.filter((value) => value.startsWith(argument.value));
  const values = fitting.slice(0, VALUES_MAX);
  return { completion: { values, total: fitting.length, hasMore: fitting.length > values.length } };
}

/** None for free text, and none when the proposals cannot be had now: a completion is a convenience. */
async function candidatesOf(edge: Edge, name: string, request: Omit<CallRequest, "name" | "args">): Promise<string[]> {
  const { agent } = request;
  if (name === "account") return edge.reads.take(agent.id) > 0 ? [] : [...agent.accounts];
  const tool = name === "proposal_id" ? toolOf(agent, "list_proposals") : undefined;
  if (tool === undefined) return [];
  const result = await callTool(edge, tool, { ...request, name: tool.name, args: { limit: PROPOSALS_MAX } });
  const found = result.structuredContent as { items?: { proposal_id: string }[] } | undefined;
  return (found?.items ?? []).map(({ proposal_id }) => proposal_id);
}
