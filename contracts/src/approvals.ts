import { type Actor, type ApprovalStatement, SignedApproval } from "./order.ts";

/** The signatures under one order: `approval` was first and its time counts; `cosignature` is a second person's. */
export const approvalShape = {
  approval: SignedApproval,
  cosignature: SignedApproval.describe("Of a second person, where two must sign").exactOptional(),
};
export interface Approvals {
  readonly approval: SignedApproval;
  readonly cosignature?: SignedApproval;
}

/** All of them, the first one first. */
export function signaturesOf({ approval, cosignature }: Approvals): SignedApproval[] {
  return cosignature === undefined ? [approval] : [approval, cosignature];
}

/** What is hashed where one hash must name all signatures. */
export function signedParts({ approval, cosignature }: Approvals): object {
  return cosignature === undefined ? approval : { approval, cosignature };
}

/** Until when the order may be sent: until the first of its signatures ends. */
export function approvedUntil(approvals: Approvals): string {
  return signaturesOf(approvals)
    .map(({ statement }) => statement.expiresAt)
    .reduce((earliest, one) => (one < earliest ? one : earliest));
}

/** Who approved, as records name them: a policy is never a person. */
export function approverOf({ approver, by }: Pick<ApprovalStatement, "approver" | "by">): Actor {
  return { kind: by === "policy" ? "policy" : "operator", id: approver };
}
