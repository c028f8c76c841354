import * as z from "zod";
import { approvalShape } from "../approvals.ts";
import { DENIALS, type DenialCode } from "../codes.ts";
import { Actor, SignedApproval } from "../order.ts";
import { freeText, IdempotencyKey, ProposalId, UtcText } from "../primitives.ts";
import { RejectCode } from "../reject-codes.ts";

/** The decision log of an order: written by approval. The first append wins; approve against expire is settled by the log. */
const base = { proposalId: ProposalId, at: UtcText };
const codes = Object.keys(DENIALS) as [DenialCode, ...DenialCode[]];

/** The first of two signatures. It counts until it ends; after that another one may take its place. */
export const CountersignedFact = z.strictObject({
  type: z.literal("countersigned/1"),
  ...base,
  approval: SignedApproval,
});
export const ApprovedFact = z.strictObject({ type: z.literal("approved/1"), ...base, ...approvalShape });
export const RejectedFact = z.strictObject({
  type: z.literal("rejected/1"),
  ...base,
  actor: Actor,
  reason: freeText(500),
  code: RejectCode.describe("Absent: older than the codes").exactOptional(),
});
export const ExpiredFact = z.strictObject({ type: z.literal("expired/1"), ...base, deadline: UtcText });
export const WithdrawnFact = z.strictObject({
  type: z.literal("withdrawn/1"),
  ...base,
  actor: Actor,
  reason: freeText(500),
  idempotencyKey: IdempotencyKey.exactOptional(),
});
export const VoidedFact = z.strictObject({
  type: z.literal("voided/1"),
  ...base,
  code: z.enum(codes),
  reason: z.string().max(1000),
  actor: Actor.describe("Who cancelled it; absent: nobody, the gate or the gateway refused it").exactOptional(),
  idempotencyKey: IdempotencyKey.describe("Of an agent's cancel").exactOptional(),
});

export const DecisionFact = z.discriminatedUnion("type", [
  CountersignedFact,
  ApprovedFact,
  RejectedFact,
  ExpiredFact,
  WithdrawnFact,
  VoidedFact,
]);
export type DecisionFact = z.infer<typeof DecisionFact>;
