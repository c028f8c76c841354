import { type Denial, denied } from "@countersign/contracts/denial";
import type { SignedApproval } from "@countersign/contracts/order";
import type { RosterKey } from "@countersign/contracts/roster";
import { verify } from "@countersign/ids/ed25519";
import { canonicalJson } from "@countersign/ids/hash";
import { assertionRefusal, type PasskeyKey } from "./passkey.ts";
import type { Roster } from "./roster.ts";

/** Whose key has signed, and which of their keys it was. */
export interface Signer {
  readonly person: string;
  readonly keyId: string;
  readonly kind: RosterKey["kind"];
}

export type SignatureCheck =
  | { readonly outcome: "verified"; readonly signer: Signer }
  | { readonly outcome: "denied"; readonly denial: Denial };

/**
 * Whether the signature is one of the approver whom the statement names, by a key that stands on the roster now. A policy's
 * key speaks for the policy only, and a person's key for the person only.
 */
export async function verifySignature(roster: Roster, approval: SignedApproval): Promise<SignatureCheck> {
  const { statement, keyId } = approval;
  const status = roster.status();
  if (!status.ok) return denied("ROSTER_REFUSED", `no roster to rely on: ${status.reason}`);
  const owned = roster.keyOf(keyId);
  if (owned === undefined) return invalid(`the key ${keyId} is not on the roster of approvers`);
  const { person, key } = owned;
  if (person !== statement.approver) return invalid(`the key ${keyId} is not one of ${statement.approver}`);
  const byPolicy = (statement.by ?? "person") === "policy";
  if (byPolicy !== (key.kind === "policy"))
    return invalid(`a ${key.kind} key does not sign for a ${statement.by ?? "person"}`);
  if (byPolicy !== (statement.policy !== undefined)) return invalid("a policy is named exactly when a policy decided");
  const signer = { person, keyId, kind: key.kind };
  if (key.kind === "passkey") return verifyPasskey(roster, key, signer, approval);
  if (!("signature" in approval)) return invalid(`the key ${keyId} is no passkey`);
  const good = verify(key.publicKey, canonicalJson(statement), approval.signature);
  return good ? { outcome: "verified", signer } : invalid("the signature does not verify");
}

async function verifyPasskey(
  { passkeys }: Roster,
  key: PasskeyKey,
  signer: Signer,
  approval: SignedApproval,
): Promise<SignatureCheck> {
  if (!("passkey" in approval)) return invalid(`the key ${key.keyId} is a passkey`);
  if (passkeys === undefined) return invalid("passkeys are not accepted here: no origin is configured");
  const refusal = await assertionRefusal(passkeys, key, approval);
  return refusal === undefined ? { outcome: "verified", signer } : invalid(`the passkey: ${refusal}`);
}

function invalid(message: string): SignatureCheck {
  return denied("APPROVAL_INVALID", message);
}
