import * as z from "zod";
import { approvalShape } from "../approvals.ts";
import { Denial, replyOf } from "../denial.ts";
import { Actor, SignedApproval } from "../order.ts";
import { freeText, IdempotencyKey, PrincipalId, ProposalId, Sha256Hex, UtcText } from "../primitives.ts";
import { StateSchema } from "../proposal-view.ts";
import { RejectCode } from "../reject-codes.ts";

/** approve: a signed approval; recorded once, then handed to the gateway. `submission` says what came of it. */
export const ApproveRequest = z.strictObject({ approval: SignedApproval });
export const Submission = z.discriminatedUnion("outcome", [
  z.strictObject({ outcome: z.literal("sent"), orderRef: z.string().max(64), orderId: z.int() }),
  z.strictObject({
    outcome: z.literal("awaitsSecond").describe("The first of two signatures; nothing is sent yet"),
    until: UtcText.describe("A second person must sign before this"),
  }),
  z.strictObject({ outcome: z.literal("denied"), denial: Denial }),
  z.strictObject({ outcome: z.literal("unknown"), reason: z.string().max(500) }),
]);
export type Submission = z.infer<typeof Submission>;
export const ApproveReply = replyOf(
  z.strictObject({ proposalId: ProposalId, state: StateSchema, submission: Submission }),
);

export const RejectRequest = z.strictObject({
  proposalId: ProposalId,
  operator: PrincipalId,
  reason: freeText(500),
  code: RejectCode.describe("Absent: OTHER").exactOptional(),
});
export const DecisionReply = replyOf(z.strictObject({ proposalId: ProposalId, state: StateSchema }));

/** withdraw: the agent takes its own pending proposal back. */
export const WithdrawRequest = z.strictObject({
  proposalId: ProposalId,
  agent: PrincipalId,
  reason: freeText(500),
  idempotencyKey: IdempotencyKey.exactOptional(),
});

/** cancel: an approved order that was not sent is voided, one at the broker is cancelled there. Needs no approval; no kill level stops it. */
export const CancelRequest = z.strictObject({
  proposalId: ProposalId,
  actor: Actor,
  reason: freeText(500),
  idempotencyKey: IdempotencyKey.describe("An agent's; absent: none was given").exactOptional(),
});
export const CancelReply = replyOf(
  z.strictObject({
    proposalId: ProposalId,
    state: StateSchema,
    orderRef: z.string().max(64).nullable().describe("null: it was never sent, and never will be"),
  }),
);

/**
 * close: a person settles an order that is UNKNOWN or DISPUTED by what the broker shows of it, or twice has not shown.
 * With two persons needed, the first one only asks, and `closed` is false.
 */
export const CloseRequest = z.strictObject({ proposalId: ProposalId, operator: PrincipalId, reason: freeText(500) });
export const CloseReply = replyOf(z.strictObject({ proposalId: ProposalId, state: StateSchema, closed: z.boolean() }));

/** submit and cancel on the EXEC account: approval to broker-gateway, nobody else. */
export const SubmitRequest = z.strictObject({ ...approvalShape, ticketHash: Sha256Hex });
export const SubmitReply = replyOf(z.strictObject({ orderRef: z.string().max(64), orderId: z.int() }));
