import { utcText } from "@countersign/clock/clock";
import { ok } from "@countersign/contracts/denial";
import { StateSchema } from "@countersign/contracts/proposal-view";
import { RPCS } from "@countersign/contracts/subjects";
import * as z from "zod";
import { proposalLine } from "../wire/proposal-result.ts";
import { ProposalLine } from "../wire/proposal-schemas.ts";
import { Account } from "./inputs.ts";
import { defineTool } from "./tool.ts";

export const listProposals = defineTool({
  name: "list_proposals",
  title: "List your proposals",
  kind: "read",
  description: "Your own proposals, newest first, also those that were denied, rejected or filled.",
  input: z.strictObject({
    account: Account.optional(),
    state: StateSchema.optional(),
    limit: z.int().min(1).max(50).optional().describe("Default 25"),
    cursor: z.string().min(1).max(64).optional().describe("next_cursor of the page before"),
  }),
  output: z.strictObject({
    items: z.array(ProposalLine),
    next_cursor: z.string().nullable(),
    truncated: z.boolean(),
    as_of: z.string(),
  }),
  async run(args, { agent, callId, deps }) {
    const reply = await deps.backend.request(
      RPCS.listProposals,
      {
        agent: agent.id,
        accounts: args.account === undefined ? agent.accounts : [args.account],
        states: args.state === undefined ? null : [args.state],
        limit: args.limit ?? 25,
        cursor: args.cursor ?? null,
      },
      { correlationId: callId },
    );
    if (reply.outcome === "denied") return reply;
    const { items, nextCursor } = reply.value;
    const page = { next_cursor: nextCursor, truncated: nextCursor !== null };
    return ok({ items: items.map(proposalLine), ...page, as_of: utcText(deps.clock.nowMs()) });
  },
});
