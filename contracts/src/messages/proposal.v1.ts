import * as z from "zod";
import { replyOf } from "../denial.ts";
import { AccountId, PrincipalId, ProposalId } from "../primitives.ts";
import { ProposalView, StateSchema } from "../proposal-view.ts";

/** get: one proposal. With `agent` set, another agent's proposal is not found. */
export const GetProposalRequest = z.strictObject({ proposalId: ProposalId, agent: PrincipalId.nullable() });
export const GetProposalReply = replyOf(ProposalView);

/** list: newest first. */
export const ListProposalsRequest = z.strictObject({
  agent: PrincipalId.nullable().describe("null: of all agents"),
  accounts: z.array(AccountId).max(50).nullable().describe("null: of all accounts"),
  states: z.array(StateSchema).max(22).nullable().describe("null: in any state"),
  limit: z.int().min(1).max(100),
  cursor: z.string().max(64).nullable(),
});
export const ListProposalsReply = replyOf(
  z.strictObject({ items: z.array(ProposalView), nextCursor: z.string().max(64).nullable() }),
);
