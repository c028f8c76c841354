import type { AutoApprovalConfig } from "@countersign/contracts/auto-approval";
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
});
export type ApprovalConfig = z.infer<typeof ApprovalConfig> & {
  /** config/auto-approval.yaml */
  readonly autoApproval: AutoApprovalConfig;
};
