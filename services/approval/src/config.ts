import { POLICY_DAYS_MAX } from "@countersign/contracts/auto-approval";
import { PrincipalId } from "@countersign/contracts/primitives";
import * as z from "zod";

export const ApprovalConfig = z.strictObject({
  approvalTtlSeconds: z
    .int()
    .min(10)
    .max(300)
    .describe("Longest time from approval to send that a statement may ask for"),
  clockSkewMsMax: z.int().min(100).max(30_000).describe("How far approvedAt may lie from this process's clock"),
  passkeyAgeMsMax: z
    .int()
    .min(5_000)
    .max(120_000)
    .describe("How old approvedAt of a passkey's signature may be: so long a person may take to use it"),
  sweepMs: z.int().min(100).max(5_000).describe("How often expiry and unsent approvals are looked at"),
  expiryGraceMs: z
    .int()
    .min(1_000)
    .max(60_000)
    .describe("After an approval's expiry, before it is recorded as expired"),
  catchUpMs: z.int().min(50).max(2_000).describe("How long a handler waits for the log before it says no"),
  outboxMax: z.int().min(100).max(100_000).describe("Audit records that wait for the audit to come back"),
  autoApproval: z
    .strictObject({
      live: z.boolean().describe("true: a standing policy may also be turned on in live mode"),
      keyId: PrincipalId.describe("The policy key on the roster with which this service signs"),
      policyDaysMax: z.int().min(1).max(POLICY_DAYS_MAX).describe("Longest time from a policy's issue to its expiry"),
      approvalSeconds: z.int().min(5).max(120).describe("Life of an approval by policy"),
      throttle: z
        .strictObject({ max: z.int().min(1).max(20), windowSeconds: z.int().min(60).max(86_400) })
        .describe("So many approvals of one agent, instrument and side in this time turn it off"),
    })
    .describe("A standing policy. It is off until a person turns it on; the mode lies in its ledger and not here"),
});
export type ApprovalConfig = z.infer<typeof ApprovalConfig>;
