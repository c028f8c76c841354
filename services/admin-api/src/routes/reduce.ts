import { NetPriceText, PositiveDecimalText, Sha256Hex, statedText } from "@countersign/contracts/primitives";
import { ProposalView } from "@countersign/contracts/proposal-view";
import { RPCS } from "@countersign/contracts/subjects";
import * as z from "zod";
import { expectOk } from "../problem.ts";
import { defineRoute } from "../route.ts";
import { ById } from "./proposals.ts";

export const reduceProposal = defineRoute({
  method: "post",
  path: "/api/v1/proposals/{id}/reduce",
  id: "reduceProposal",
  summary:
    "Ask for less of a proposal that waits: a smaller quantity, a safer limit, or both. The answer has the new ticket, which is what can be approved then",
  scope: "approve",
  params: ById,
  body: z
    .strictObject({
      ticketHash: Sha256Hex.describe("Of the ticket that you saw"),
      quantity: PositiveDecimalText.optional(),
      limitPrice: NetPriceText.optional().describe("Lower for BUY, higher for SELL"),
      reason: statedText(500).describe("The agent reads it"),
    })
    .refine(({ quantity, limitPrice }) => quantity !== undefined || limitPrice !== undefined, {
      message: "quantity, limitPrice or both say what shall be smaller",
      path: ["quantity"],
    }),
  response: ProposalView,
  async handle({ params, body, operator, services }) {
    const { ticketHash, quantity, limitPrice, reason } = body;
    const request = {
      ...{ proposalId: params.id, ticketHash, reason, operator: operator.id },
      ...(quantity !== undefined && { quantity }),
      ...(limitPrice !== undefined && { limitPrice }),
    };
    return expectOk(await services.backend.request(RPCS.reduce, request, { correlationId: params.id }));
  },
});
