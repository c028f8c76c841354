import { ok } from "@countersign/contracts/denial";
import { freeText, IdempotencyKey, ProposalId } from "@countersign/contracts/primitives";
import { RPCS } from "@countersign/contracts/subjects";
import * as z from "zod";
import { defineTool } from "./tool.ts";

export const proposeCancel = defineTool({
  name: "propose_cancel",
  title: "Cancel an order",
  kind: "cancel",
  description:
    "Cancels the order of one of your approved proposals, at the broker or before it is sent (VOIDED). Needs no approval; no limit and no kill switch stops it. A fill may still win: look with get_proposal. A pending proposal is taken back with withdraw_proposal.",
  input: z.strictObject({
    proposal_id: ProposalId.describe("prop_ id"),
    reason: freeText(500).describe("Why; untrusted text for the record"),
    idempotency_key: IdempotencyKey.describe("One per intended cancel; with it a repeated call has the same answer"),
  }),
  output: z.strictObject({ proposal_id: z.string(), state: z.string(), order_ref: z.string().exactOptional() }),
  async run(args, { agent, deps }) {
    const actor = { kind: "agent" as const, id: agent.id };
    const reply = await deps.backend.request(
      RPCS.cancel,
      { proposalId: args.proposal_id, actor, reason: args.reason, idempotencyKey: args.idempotency_key },
      { correlationId: args.proposal_id },
    );
    if (reply.outcome === "denied") return reply;
    const { proposalId, state, orderRef } = reply.value;
    return ok({ proposal_id: proposalId, state, ...(orderRef !== null && { order_ref: orderRef }) });
  },
});
