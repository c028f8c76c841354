import { type Denial, denied, ok } from "@countersign/contracts/denial";
import { isTerminal } from "@countersign/contracts/life";
import { ProposalId } from "@countersign/contracts/primitives";
import type { ProposalView } from "@countersign/contracts/proposal-view";
import { RPCS } from "@countersign/contracts/subjects";
import * as z from "zod";
import { proposalOut } from "../wire/proposal-result.ts";
import { ProposalOut } from "../wire/proposal-schemas.ts";
import { defineTool, type ToolCall } from "./tool.ts";

type Found = { outcome: "ok"; value: ProposalView } | { outcome: "denied"; denial: Denial };

export const getProposal = defineTool({
  name: "get_proposal",
  title: "Get a proposal",
  kind: "read",
  description:
    "One of your proposals with its verdict, decision, order, executions and commission. With wait_seconds it answers as soon as the state changes, or when the time is over. States that wait: PENDING_APPROVAL for a person, WORKING and PARTIAL for the market.",
  input: z.strictObject({
    proposal_id: ProposalId.describe("prop_ id"),
    wait_seconds: z.int().min(0).max(25).optional().describe("Default 0"),
  }),
  output: ProposalOut,
  async run(args, call) {
    const first = await find(args.proposal_id, call);
    if (first.outcome === "denied") return first;
    const waits = (args.wait_seconds ?? 0) > 0 && !isTerminal(first.value.state);
    const found = waits ? await waitForChange(first.value, (args.wait_seconds ?? 0) * 1_000, call) : first;
    return found.outcome === "ok" ? ok(proposalOut(found.value, call)) : found;
  },
});

async function find(proposalId: string, { agent, deps }: ToolCall): Promise<Found> {
  const request = { proposalId, agent: agent.id };
  const reply = await deps.backend.request(RPCS.getProposal, request, { correlationId: proposalId });
  // Taken from the agent after it proposed: the proposal is no longer its business.
  if (reply.outcome === "ok" && !agent.accounts.includes(reply.value.account)) return denied("PROPOSAL_NOT_FOUND");
  return reply;
}

async function waitForChange(before: ProposalView, waitMs: number, call: ToolCall): Promise<Found> {
  const { clock, waits } = call.deps;
  const release = waits.take(call.agent.id);
  if (release === undefined) {
    return denied("RATE_LIMITED", "Too many calls of this agent are waiting.", { retry_after_ms: waitMs });
  }
  try {
    const deadlineMs = clock.monotonicMs() + waitMs;
    let found: Found = { outcome: "ok", value: before };
    while (found.outcome === "ok" && found.value.state === before.state) {
      const leftMs = deadlineMs - clock.monotonicMs();
      if (leftMs <= 0 || call.signal.aborted) break;
      await clock.sleep(Math.min(waits.pollMs, leftMs), call.signal).catch(() => undefined);
      if (!call.signal.aborted) found = await find(before.proposalId, call);
    }
    return found;
  } finally {
    release();
  }
}
