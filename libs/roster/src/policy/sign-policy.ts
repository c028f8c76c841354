import { AutoApprovalPolicy, SignedPolicy } from "@countersign/contracts/auto-approval";
import { sign } from "@countersign/ids/ed25519";
import { canonicalJson } from "@countersign/ids/hash";

/** Adds the signature of a key; an earlier one of the same key is replaced, the others stay. */
export function signPolicy(signed: SignedPolicy, key: { keyId: string; privateKeyPem: string }): SignedPolicy {
  const others = signed.signatures.filter(({ keyId }) => keyId !== key.keyId);
  const signature = sign(key.privateKeyPem, canonicalJson(signed.policy));
  return { policy: signed.policy, signatures: [...others, { keyId: key.keyId, signature }] };
}

/** A signed document, or a bare policy that nobody has signed yet. Throws a ZodError for anything else. */
export function readSignable(value: unknown): SignedPolicy {
  const signed = SignedPolicy.safeParse(value);
  return signed.success ? signed.data : { policy: AutoApprovalPolicy.parse(value), signatures: [] };
}

/** The text of `auto-approval.json`. */
export function formatPolicy(signed: SignedPolicy): string {
  return `${JSON.stringify(SignedPolicy.parse(signed), null, 2)}\n`;
}
