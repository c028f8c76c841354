import { type RiskPolicyDocument, SignedRiskPolicy } from "@countersign/contracts/risk-policy";
import { sign } from "@countersign/ids/ed25519";
import { canonicalJson } from "@countersign/ids/hash";

/** In the keys folder: what the risk gate puts in force at its start, when it is newer than what is. */
export const RISK_POLICY_FILE = "risk-policy.json";

/** Adds the signature of a session key; an earlier one of the same key is replaced, the others stay. */
export function signRiskPolicy(
  { document, signatures }: SignedRiskPolicy,
  key: { keyId: string; privateKeyPem: string },
): SignedRiskPolicy {
  const others = signatures.filter(({ keyId }) => keyId !== key.keyId);
  const signature = sign(key.privateKeyPem, canonicalJson(document));
  return { document, signatures: [...others, { keyId: key.keyId, signature }] };
}

export function riskPolicyDocument(
  mode: RiskPolicyDocument["mode"],
  policy: RiskPolicyDocument["policy"],
): RiskPolicyDocument {
  return { type: "countersign.riskPolicy/1", mode, policy };
}

/** The text of `risk-policy.json`. */
export function formatRiskPolicy(signed: SignedRiskPolicy): string {
  return `${JSON.stringify(SignedRiskPolicy.parse(signed), null, 2)}\n`;
}
