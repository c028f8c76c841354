import { ProtocolError, type ReadResourceResult, ResourceNotFoundError } from "@modelcontextprotocol/server";
import { type CallRequest, callTool, noteUnknown } from "./call-tool.ts";
import type { Edge } from "./edge.ts";
import { contentsOf, targetOf } from "./resources.ts";
import { toolOf } from "./tools/registry.ts";

/** Errors of the server itself; the stable code is in `data`. */
const SERVER_ERROR = -32_000;
/** Of these an agent learns the same: there is nothing at that address. */
const ABSENT: ReadonlySet<string> = new Set(["PROPOSAL_NOT_FOUND", "ACCOUNT_NOT_PERMITTED", "INVALID_ARGUMENT"]);

/** A resource is read by the tool that knows it: one place judges, meters and records. */
export async function readResource(
  edge: Edge,
  uri: string,
  request: Omit<CallRequest, "name" | "args">,
): Promise<ReadResourceResult> {
  const target = targetOf(request.agent, uri);
  const tool = target === undefined ? undefined : toolOf(request.agent, target.tool);
  if (target === undefined || tool === undefined) {
    noteUnknown(edge, { ...request, name: "resources/read", args: { uri } }, "UNKNOWN_RESOURCE");
    throw new ResourceNotFoundError(uri);
  }
  const result = await callTool(edge, tool, { ...request, name: tool.name, args: target.args });
  const [content] = result.content;
  const text = content?.type === "text" ? content.text : "";
  if (result.isError !== true) return contentsOf(uri, text);
  const { error } = JSON.parse(text) as { error: { code: string; message: string } };
  if (ABSENT.has(error.code)) throw new ResourceNotFoundError(uri);
  throw new ProtocolError(SERVER_ERROR, `${error.code}: ${error.message}`, error);
}
