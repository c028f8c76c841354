import { ok } from "@countersign/contracts/denial";
import { IdempotencyKey, ProposalId, statedText } from "@countersign/contracts/primitives";
import { RPCS } from "@countersign/contracts/subjects";
import { proposalId } from "@countersign/ids/ids";
import * as z from "zod";
import { plain } from "../wire/advertise.ts";
import { newProposalOut } from "../wire/proposal-result.ts";
import { NewProposalOut } from "../wire/proposal-schemas.ts";
import { claimOf, roundingOf, termsOf, termsShape } from "./inputs.ts";
import { defineTool } from "./tool.ts";

export const proposeOrder = defineTool({
  name: "propose_order",
  title: "Propose an order",
  kind: "propose",
  description:
    "Records and judges an order; sends nothing: a person decides at approval_url. RISK_DENIED is final: see verdict.rules. Same idempotency_key: same proposal.",
  input: z.strictObject({
    ...termsShape,
    idempotency_key: IdempotencyKey.meta(plain("1 per order")),
    modifies: ProposalId.meta(plain("Change its order")).optional(),
    rationale: statedText(1_000).meta(plain("For the approver")),
  }),
  output: NewProposalOut,
  async run(args, call) {
    const { terms, denial } = termsOf(args);
    if (denial !== undefined) return denial;
    const { agent, deps } = call;
    const key = { account: terms.account, agent: agent.id, idempotencyKey: args.idempotency_key };
    const reply = await deps.backend.request(
      RPCS.propose,
      {
        ...{ agent: agent.id, terms, idempotencyKey: args.idempotency_key, rationale: args.rationale },
        ...roundingOf(args),
        ...claimOf(args),
        ...(args.modifies !== undefined && { modifies: args.modifies }),
      },
      { correlationId: proposalId(key) },
    );
    return reply.outcome === "ok" ? ok(newProposalOut(reply.value, call)) : reply;
  },
});
