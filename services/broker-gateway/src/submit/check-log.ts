import type { OrderBus } from "@countersign/bus/bus";
import { type Approvals, signedParts } from "@countersign/contracts/approvals";
import { type Denial, denied } from "@countersign/contracts/denial";
import { FACTS } from "@countersign/contracts/subjects";
import { canonicalHash } from "@countersign/ids/hash";

export interface Checked {
  /** Last sequence of the logs as they were read: the intent is refused when anything was added to them since. */
  readonly orderSequence: number;
  /** Of all signed parts, as the intent names them. */
  readonly approvalHash: string;
}

/**
 * The order's own logs must say what the request says: the ticket was admitted by the gate, and this very approval is the
 * decision that stands last. Whoever can reach the submit subject but cannot write those logs sends nothing.
 */
export async function checkLog(
  bus: OrderBus,
  params: { account: string; proposal: string },
  approvals: Approvals,
): Promise<{ denial: Denial } | Checked> {
  // Before the others: a decision that is older than a remark must not hide behind it.
  const remark = await bus.readLast(FACTS.policy, params);
  const [proposal, decision] = await Promise.all([
    bus.readLast(FACTS.proposal, params),
    bus.readLast(FACTS.decision, params),
  ]);
  const last = proposal?.body;
  // A reduction takes the place of what was admitted, and of every reduction before it.
  if (last?.type !== "admitted/1" && last?.type !== "reduced/1")
    return denied("PROPOSAL_NOT_PENDING", "no admitted ticket in the log");
  const { ticketHash } = approvals.approval.statement;
  if (last.ticketHash !== ticketHash || canonicalHash(last.ticket) !== ticketHash) {
    return denied("TICKET_HASH_MISMATCH", "the log has another ticket");
  }
  if (decision?.body.type === "expired/1") return denied("APPROVAL_EXPIRED");
  if (decision?.body.type === "voided/1") return denied(decision.body.code, decision.body.reason);
  if (decision?.body.type !== "approved/1") return denied("APPROVAL_INVALID", "no approval stands in the log");
  const approvalHash = canonicalHash(signedParts(approvals));
  const same = canonicalHash(signedParts(decision.body)) === approvalHash;
  if (!same) return denied("APPROVAL_INVALID", "another approval stands in the log");
  // What the policy remarked after a person had approved changes nothing, but it stands in the logs of the order too.
  const orderSequence = Math.max(proposal?.sequence ?? 0, decision.sequence, remark?.sequence ?? 0);
  return { orderSequence, approvalHash };
}
