import { type Era, rpc, type ToolResult, tool as unchecked } from "./mcp-client.ts";
import { checkAnswer, checkResult } from "./published-schemas.ts";
import { admin as asked, type HttpAnswer, type System } from "./system.ts";

/** As in mcp-client.ts, and every result that is no error must fit the output schema that the server lists for the tool. */
export async function tool(
  system: Pick<System, "ready">,
  name: string,
  args: Record<string, unknown>,
  era: Era = "2026-07-28",
): Promise<ToolResult> {
  const result = await unchecked(system, name, args, era);
  const list = async () => (await rpc(system, era, "tools/list")).body.result.tools;
  if (!result.isError) await checkResult(system.ready.mcp, name, result.raw.body.result.structuredContent, list);
  return result;
}

/** As in system.ts, and every answer must be what the OpenAPI document says. */
export async function admin(
  system: Pick<System, "ready">,
  method: string,
  path: string,
  ...given: [body?: unknown, token?: string]
): Promise<HttpAnswer> {
  const answer = await asked(system, method, path, ...given);
  await checkAnswer(system.ready.admin, method, path, answer);
  return answer;
}
