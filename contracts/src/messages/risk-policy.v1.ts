import * as z from "zod";
import { replyOf } from "../denial.ts";
import { AccountId, freeText, Json, PrincipalId, ProposalId, Sha256Hex, UtcText } from "../primitives.ts";
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

/** replayRiskPolicy: judges what is on record by another policy. Nothing is written, and no fact is gathered anew. */
export const ReplayRiskPolicyRequest = z.strictObject({
  policy: z.record(z.string().max(64), Json),
  days: z.int().min(1).max(366),
});
const outcome = z.enum(["pass", "deny"]);
const ruleNames = z.array(z.string().max(40)).max(100);
export const RiskPolicyReplay = z.strictObject({
  hash: Sha256Hex.describe("Of the policy"),
  from: UtcText,
  until: UtcText,
  decisions: z.int().min(0).describe("How many were judged again"),
  unreadable: z.int().min(0).describe("Left out: their policy cannot be read, or is not the one they name"),
  more: z.boolean().describe("true: there are more than one replay reads; the oldest were judged"),
  changed: z.int().min(0),
  changes: z
    .array(
      z.strictObject({
        proposalId: ProposalId,
        account: AccountId,
        agent: PrincipalId,
        at: UtcText,
        before: outcome,
        after: outcome,
        refusing: ruleNames.describe("Rules that deny now and did not then"),
        passing: ruleNames.describe("Rules that denied then and do not now"),
        asking: ruleNames.describe("Rules that ask for a confirmation now and did not then"),
        waiving: ruleNames
          .describe("Rules that asked for a confirmation then, and let it pass without one now; absent: none")
          .exactOptional(),
      }),
    )
    .max(200)
    .describe("The first 200"),
});
export type RiskPolicyReplay = z.infer<typeof RiskPolicyReplay>;
export const ReplayRiskPolicyReply = replyOf(RiskPolicyReplay);
