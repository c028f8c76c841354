import { ok } from "@countersign/contracts/denial";
import { freeText, IdempotencyKey, ProposalId } from "@countersign/contracts/primitives";
import { RPCS } from "@countersign/contracts/subjects";
import * as z from "zod";
import { defineTool } from "./tool.ts";

export const withdrawProposal = defineTool({
  name: "withdraw_proposal",
  title: "Withdraw a proposal",
  kind: "withdraw",
  description:
    "Takes back one of your proposals that waits for approval. Final. It cannot take back an order that was approved; for that use propose_cancel.",
  input: z.strictObject({
    proposal_id: ProposalId.describe("prop_ id"),
    reason: freeText(500).describe("Why; untrusted text for the record"),
    idempotency_key: IdempotencyKey.describe(
      "One per intended withdrawal; with it a repeated call has the same answer",
    ).optional(),
  }),
  output: z.strictObject({ proposal_id: z.string(), state: z.string() }),
  async run(args, { agent, deps }) {
    const { proposal_id: proposalId, reason, idempotency_key: key } = args;
    const request = { proposalId, agent: agent.id, reason, ...(key === undefined ? {} : { idempotencyKey: key }) };
    const reply = await deps.backend.request(RPCS.withdraw, request, { correlationId: proposalId });
    if (reply.outcome === "denied") return reply;
    return ok({ proposal_id: reply.value.proposalId, state: reply.value.state });
  },
});
