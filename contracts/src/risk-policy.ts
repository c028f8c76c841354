import * as z from "zod";
import { Mode } from "./mode.ts";
import { Base64Url, freeText, Json, PrincipalId, Sha256Hex, UtcText } from "./primitives.ts";

/**
 * What people sign before a risk policy counts. The policy itself is opaque here: the risk gate, and nobody else, knows its
 * rules and limits. Its hash is SHA-256 of its canonical JSON.
 */
export const RiskPolicyDocument = z.strictObject({
  type: z.literal("countersign.riskPolicy/1"),
  mode: Mode.describe("The one mode it is for"),
  policy: z.record(z.string().max(64), Json),
});
export type RiskPolicyDocument = z.infer<typeof RiskPolicyDocument>;

/** Every signature is by a session key of a person on the roster, over the canonical JSON of the document. */
export const SignedRiskPolicy = z.strictObject({
  document: RiskPolicyDocument,
  signatures: z.array(z.strictObject({ keyId: PrincipalId, signature: Base64Url.max(128) })).max(10),
});
export type SignedRiskPolicy = z.infer<typeof SignedRiskPolicy>;

/** One limit that changes from one policy to the next. */
export const PolicyChange = z.strictObject({
  path: z.string().max(300),
  before: z.string().max(300).nullable().describe("JSON; null: it was not there"),
  after: z.string().max(300).nullable().describe("JSON; null: it is not there any more"),
  effect: z.enum(["stricter", "looser"]).describe("looser: also what nobody can compare"),
});
export type PolicyChange = z.infer<typeof PolicyChange>;

/** Who signed, and with which key as it stood on the roster then. */
export const PolicySigner = z.strictObject({
  person: PrincipalId,
  keyId: PrincipalId,
  publicKey: Base64Url.length(43),
});
export type PolicySigner = z.infer<typeof PolicySigner>;

const signed = {
  at: UtcText,
  version: z.int().min(1).describe("Of the policy"),
  hash: Sha256Hex.describe("Of the policy"),
  previous: Sha256Hex.nullable().describe("Hash of the policy that was in force then; null: none was"),
  signed: SignedRiskPolicy,
  signers: z.array(PolicySigner).min(1).max(10),
  reason: freeText(500),
};

/** Signed by fewer people than its changes need. It counts for nothing, and waits for another signature until then. */
export const PolicySignedEntry = z.strictObject({ type: z.literal("signed/1"), ...signed, until: UtcText });
/** In force from here on. */
export const PolicyActivatedEntry = z.strictObject({ type: z.literal("activated/1"), ...signed });

/** The log of the risk policy: one subject, each entry a compare-and-swap on the one before. */
export const RiskPolicyEntry = z.discriminatedUnion("type", [PolicySignedEntry, PolicyActivatedEntry]);
export type RiskPolicyEntry = z.infer<typeof RiskPolicyEntry>;
export type PolicyActivatedEntry = z.infer<typeof PolicyActivatedEntry>;
export type PolicySignedEntry = z.infer<typeof PolicySignedEntry>;
