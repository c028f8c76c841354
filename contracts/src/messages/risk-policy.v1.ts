import * as z from "zod";
import { replyOf } from "../denial.ts";
import { freeText, Json, PrincipalId, Sha256Hex, UtcText } from "../primitives.ts";
import { PolicyChange, SignedRiskPolicy } from "../risk-policy.ts";

const signed = {
  version: z.int().min(1),
  hash: Sha256Hex,
  at: UtcText,
  signers: z.array(PrincipalId).min(1).max(10).describe("The persons who signed it"),
  reason: z.string().max(500),
};

export const RiskPolicyStatus = z.strictObject({
  inForce: z.strictObject({ ...signed, policy: z.record(z.string().max(64), Json) }),
  waiting: z
    .strictObject({ ...signed, until: UtcText, changes: z.array(PolicyChange).max(200) })
    .nullable()
    .describe("Signed by fewer people than its changes need; null: nothing waits"),
});
export type RiskPolicyStatus = z.infer<typeof RiskPolicyStatus>;

/** riskPolicy: what is in force now. */
export const RiskPolicyRequest = z.strictObject({});
export const RiskPolicyReply = replyOf(RiskPolicyStatus);

/** activateRiskPolicy: one more signature under a policy. What becomes looser needs two different persons. */
export const ActivateRiskPolicyRequest = z.strictObject({
  signed: SignedRiskPolicy,
  operator: PrincipalId.describe("Who hands it in"),
  reason: freeText(500),
});
export const RiskPolicyActivation = z.strictObject({
  outcome: z
    .enum(["activated", "awaitsAnother"])
    .describe("awaitsAnother: nothing changes before a second person signs"),
  version: z.int().min(1),
  hash: Sha256Hex,
  signers: z.array(PrincipalId).max(10),
  needed: z.union([z.literal(1), z.literal(2)]),
  changes: z.array(PolicyChange).max(200).describe("At most the first 200"),
});
export type RiskPolicyActivation = z.infer<typeof RiskPolicyActivation>;
export const ActivateRiskPolicyReply = replyOf(RiskPolicyActivation);
