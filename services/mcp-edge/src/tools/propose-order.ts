import { ok } from "@countersign/contracts/denial";
import { Rationale } from "@countersign/contracts/order";
import { IdempotencyKey } from "@countersign/contracts/primitives";
import { RPCS } from "@countersign/contracts/subjects";
import { proposalId } from "@countersign/ids/ids";
import * as z from "zod";
import { plain } from "../wire/advertise.ts";
import { proposalOut } from "../wire/proposal-result.ts";
import { NewProposalOut } from "../wire/proposal-schemas.ts";
import { roundingOf, termsOf, termsShape } from "./inputs.ts";
import { defineTool } from "./tool.ts";

export const proposeOrder = defineTool({
  name: "propose_order",
  title: "Propose an order",
  kind: "propose",
  description:
    "Records an order as a proposal; the broker simulates it, the risk rules judge it. It sends nothing: a person decides at approval_url. PENDING_APPROVAL waits for that; RISK_DENIED is final, verdict.rules says why. Same idempotency_key and content: same proposal.",
  input: z.strictObject({
    ...termsShape,
    idempotency_key: IdempotencyKey.meta(plain("One per intended order")),
    rationale: Rationale.meta(plain("Why; shown to the approver as untrusted text")),
  }),
  output: NewProposalOut,
  async run(args, call) {
    const { terms, denial } = termsOf(args);
    if (denial !== undefined) return denial;
    const { agent, deps } = call;
    const key = { account: terms.account, agent: agent.id, idempotencyKey: args.idempotency_key };
    const reply = await deps.backend.request(
      RPCS.propose,
      { agent: agent.id, terms, idempotencyKey: args.idempotency_key, rationale: args.rationale, ...roundingOf(args) },
      { correlationId: proposalId(key) },
    );
    return reply.outcome === "ok" ? ok(proposalOut(reply.value, call)) : reply;
  },
});
