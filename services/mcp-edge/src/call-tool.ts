import { departed } from "@countersign/bus/departed";
import { parseMessage } from "@countersign/bus/parse-message";
import { utcText } from "@countersign/clock/clock";
import { DENIALS, type DenialCode } from "@countersign/contracts/codes";
import { Fault, type Reply } from "@countersign/contracts/denial";
import { canonicalHash } from "@countersign/ids/hash";
import { newNonce } from "@countersign/ids/ids";
import { cleanUntrusted } from "@countersign/log/logger";
import type { CallToolResult } from "@modelcontextprotocol/server";
import type { Agent } from "./agents.ts";
import { toolEntry } from "./audit-entries.ts";
import type { Edge } from "./edge.ts";
import { denialResult, faultResult, invalidArguments, successResult } from "./results.ts";
import type { Tool, ToolCall } from "./tools/tool.ts";

const TOOL_NAME_LENGTH_MAX = 64;
/** Refusals that may come by the thousand. */
const BEYOND: ReadonlySet<string> = new Set(["RATE_LIMITED", "SESSION_ENDED"]);

export interface CallRequest {
  readonly agent: Agent;
  readonly name: string;
  /** As they came, not checked. */
  readonly args: unknown;
  readonly signal: AbortSignal;
  readonly era: string;
  /** What the client says that it is. */
  readonly client: string;
}

/** What came of a call: the answer, and the code under which the record has it. */
interface Outcome {
  readonly result: CallToolResult;
  readonly code: string;
  /** The record is written already. */
  readonly recorded: boolean;
}

/** One call from its raw arguments to its answer. Never throws: what nobody foresaw is INTERNAL with the id of the record. */
export async function callTool(edge: Edge, tool: Tool, request: CallRequest): Promise<CallToolResult> {
  const callId = `call_${newNonce()}`;
  const outcome = await attempt(edge, tool, request, callId);
  if (!outcome.recorded) note(edge, request, callId, outcome);
  return outcome.result;
}

/** A call of what there is not, or not for this agent: on the record as well; a flood of them is counted. */
export function noteUnknown(edge: Edge, request: CallRequest, outcome: "UNKNOWN_TOOL" | "UNKNOWN_RESOURCE"): void {
  const uncounted = edge.refusals.count(`unknown:${request.agent.id}`);
  if (uncounted === undefined) return;
  const at = utcText(edge.deps.clock.nowMs());
  const name = cleanUntrusted(request.name, TOOL_NAME_LENGTH_MAX);
  edge.audit.note(toolEntry(at, { ...request, name }, `call_${newNonce()}`, { outcome, untrusted: true, uncounted }));
}

async function attempt(edge: Edge, tool: Tool, request: CallRequest, callId: string): Promise<Outcome> {
  const { agent, signal } = request;
  const deny = (code: DenialCode, detail?: Record<string, number | string>): Outcome => {
    const denial = { code, message: DENIALS[code].text, ...(detail === undefined ? {} : { detail }) };
    return { result: denialResult(denial, callId), code, recorded: false };
  };
  try {
    const parsed = parseMessage(tool.input, request.args ?? {});
    // A cancel takes risk away: no rate stops it, unless it is nonsense.
    const readWaitMs = tool.kind === "cancel" && parsed.success ? 0 : edge.reads.take(agent.id);
    if (readWaitMs > 0) return deny("RATE_LIMITED", { retry_after_ms: readWaitMs });
    const refused = isFree(tool, parsed.success) ? undefined : await edge.usage.take(agent.id, tool.name);
    if (refused?.refused === "SESSION_ENDED") return deny("SESSION_ENDED", { session_date: refused.date });
    if (refused !== undefined) return deny("RATE_LIMITED", { retry_after_ms: refused.waitMs, limit: refused.what });
    if (!parsed.success) {
      return { result: invalidArguments(parsed.error, callId), code: "INVALID_ARGUMENT", recorded: false };
    }
    if (!accountPermitted(agent, parsed.data)) return deny("ACCOUNT_NOT_PERMITTED");
    const waitMs = tool.kind === "propose" || tool.kind === "simulate" ? edge.proposes.take(agent.id) : 0;
    if (waitMs > 0) return deny("RATE_LIMITED", { retry_after_ms: waitMs });
    const call: ToolCall = { agent, callId, signal, deps: edge.deps };
    const isRead = tool.kind === "read" || tool.kind === "simulate";
    const reply = isRead ? await tool.run(parsed.data, call) : await act(edge, tool, parsed.data, call, request);
    return answerOf(edge, tool, reply, callId, !isRead);
  } catch (error) {
    if (!(error instanceof Fault) || error.code === "INTERNAL") edge.log.callFailed(callId, tool.name, error);
    return {
      result: faultResult(error, callId),
      code: error instanceof Fault ? error.code : "INTERNAL",
      recorded: false,
    };
  }
}

/** What takes risk away is not counted and never held back, unless it is nonsense. */
function isFree({ kind }: Tool, understood: boolean): boolean {
  return understood && (kind === "cancel" || kind === "withdraw");
}

/** The same answer for an account that is forbidden and for one that does not exist. */
function accountPermitted(agent: Agent, args: unknown): boolean {
  const account = (args as { account?: unknown }).account;
  return account === undefined || (typeof account === "string" && agent.accounts.includes(account));
}

function answerOf(edge: Edge, tool: Tool, reply: Reply<unknown>, callId: string, recorded: boolean): Outcome {
  if (reply.outcome === "denied") {
    return { result: denialResult(reply.denial, callId), code: reply.denial.code, recorded };
  }
  const value = parseMessage(tool.output, { ...(reply.value as object), mode: edge.deps.mode });
  if (!value.success) throw value.error;
  return { result: successResult(value.data as Record<string, unknown>, callId), code: "OK", recorded };
}

/**
 * An action and its record at once: whoever carries it out records it itself before it does. The answer waits for both.
 * A cancel is not held up by an audit that is away; its record follows.
 */
async function act(
  edge: Edge,
  tool: Tool,
  args: unknown,
  call: ToolCall,
  request: CallRequest,
): Promise<Reply<unknown>> {
  const running = tool.run(args, call);
  running.catch(() => undefined);
  await departed();
  const entry = toolEntry(utcText(edge.deps.clock.nowMs()), request, call.callId, { arguments: args as never });
  const [reply, audit] = await Promise.allSettled([running, edge.deps.backend.audit(entry)]);
  if (audit.status === "rejected") edge.audit.note(entry);
  if (reply.status === "rejected") throw reply.reason;
  if (audit.status === "rejected" && tool.kind !== "cancel" && reply.value.outcome === "ok") {
    throw new Fault("AUDIT_UNAVAILABLE", undefined, { cause: audit.reason, effect: "unknown" });
  }
  return reply.value;
}

function note(edge: Edge, request: CallRequest, callId: string, { code, result }: Outcome): void {
  const at = utcText(edge.deps.clock.nowMs());
  const refused = BEYOND.has(code) ? edge.refusals.count(`rate:${request.agent.id}`) : 0;
  // Calls beyond the rate must not fill the record either: some stand for many.
  if (refused === undefined) return;
  const resultHash = canonicalHash(result.content);
  edge.audit.note(
    toolEntry(at, request, callId, { outcome: code, resultHash, ...(refused > 0 ? { uncounted: refused } : {}) }),
  );
}
