import { utcText } from "@countersign/clock/clock";
import type { ApprovalStatement, PolicyRef, SignedApproval, Ticket } from "@countersign/contracts/order";
import { canonicalHash, canonicalJson } from "@countersign/ids/hash";
import { newNonce } from "@countersign/ids/ids";
import type { PolicyKey } from "./policy-key.ts";

/** An approval in the name of the policy: it says so, and which policy it was. */
export function signByPolicy(
  key: PolicyKey,
  person: string,
  given: { ticket: Ticket; policy: PolicyRef; nowMs: number; seconds: number },
): SignedApproval {
  const { ticket, policy, nowMs, seconds } = given;
  const statement: ApprovalStatement = {
    type: "countersign.approval/1",
    ticket,
    ticketHash: canonicalHash(ticket),
    approver: person,
    approvedAt: utcText(nowMs),
    expiresAt: utcText(nowMs + seconds * 1_000),
    reason: null,
    nonce: newNonce(),
    by: "policy",
    policy,
  };
  return { statement, keyId: key.keyId, signature: key.sign(canonicalJson(statement)) };
}
