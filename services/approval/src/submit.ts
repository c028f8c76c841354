import { approvedUntil } from "@countersign/contracts/approvals";
import { type Denial, denied, Fault } from "@countersign/contracts/denial";
import type { DecisionFact } from "@countersign/contracts/facts/decision-facts.v1";
import { isTerminal, maybeAtBroker, type State } from "@countersign/contracts/life";
import type { Submission } from "@countersign/contracts/messages/approval.v1";
import { FACTS, RPCS } from "@countersign/contracts/subjects";
import type { OrderRecord } from "@countersign/orders/projection";
import { edgeEntry } from "./audit-entries.ts";
import { decide } from "./decision-log.ts";
import { type Deps, now, orderWhen } from "./deps.ts";
import { standsFor } from "./policy/ledger.ts";
import type { UnsentApproval } from "./unsent-approvals.ts";

/** Faults that say: the gateway did nothing, and may be asked again. Any other fault leaves the outcome in doubt. */
const NOTHING_HAPPENED: ReadonlySet<string> = new Set([
  "UNAVAILABLE",
  "BUS_UNAVAILABLE",
  "BROKER_UNAVAILABLE",
  "BROKER_RESTARTING",
  "BROKER_READ_ONLY",
  "AUDIT_UNAVAILABLE",
  "BUSY",
]);

/** Denials that are about the approval's use, not about the order: the gateway has an intent, so there is nothing to void. */
const ALREADY_USED: ReadonlySet<string> = new Set(["APPROVAL_CONSUMED"]);

/** One try to hand the order to the gateway. Must run inside `unsent.alone`. A try in doubt is never repeated. */
export async function submitUnsent(deps: Deps, unsent: UnsentApproval): Promise<Submission> {
  const { approvals } = unsent;
  const { ticket, ticketHash } = approvals.approval.statement;
  const expiresAt = approvedUntil(approvals);
  const { proposalId, terms } = ticket;
  try {
    const takenBack = await policyDenial(deps, unsent);
    if (takenBack !== undefined) {
      deps.log.submitDenied(proposalId, takenBack.code);
      await closeUnlessIntent(deps, unsent, takenBack);
      return { outcome: "denied", denial: takenBack };
    }
    const params = { account: terms.account };
    const reply = await deps.bus.request(
      RPCS.submit,
      { ...approvals, ticketHash },
      { params, correlationId: proposalId },
    );
    if (reply.outcome === "ok") return { outcome: "sent", ...reply.value };
    deps.log.submitDenied(proposalId, reply.denial.code);
    await closeUnlessIntent(deps, unsent, reply.denial);
    return { outcome: "denied", denial: reply.denial };
  } catch (error) {
    const fault = error instanceof Fault ? error : new Fault("INTERNAL", undefined, { cause: error });
    deps.log.submitFailed(proposalId, fault);
    if (fault.effect !== "none" || !NOTHING_HAPPENED.has(fault.code)) {
      return { outcome: "unknown", reason: `${fault.code}: ${fault.message}`.slice(0, 500) };
    }
    deps.unsent.add(proposalId, unsent);
    const reason = `${fault.code}: ${fault.message}; not sent yet, tried again until ${expiresAt}`;
    return { outcome: "unknown", reason: reason.slice(0, 500) };
  }
}

/** What a policy has approved waits for the gateway like anything else, and a person may have taken the policy back meanwhile. */
async function policyDenial({ ledger }: Deps, { approvals }: UnsentApproval): Promise<Denial | undefined> {
  const { by, policy } = approvals.approval.statement;
  if (by !== "policy" || standsFor(await ledger.fresh(), policy)) return undefined;
  return denied("APPROVAL_INVALID", "a person has taken the policy back since it approved this").denial;
}

/** A denied order ends in the decision log, unless the gateway consumed the approval: then the exec log tells how it ended. */
async function closeUnlessIntent(deps: Deps, unsent: UnsentApproval, denial: Denial): Promise<void> {
  const { proposalId } = unsent.approvals.approval.statement.ticket;
  if (ALREADY_USED.has(denial.code)) return;
  const reason = denial.message;
  const fact: DecisionFact =
    denial.code === "APPROVAL_EXPIRED"
      ? { type: "expired/1", proposalId, at: now(deps), deadline: approvedUntil(unsent.approvals) }
      : { type: "voided/1", proposalId, at: now(deps), code: denial.code, reason };
  try {
    await closeApproved(deps, unsent, fact);
  } catch (error) {
    // The approval stays in the log, unused; it is recorded as expired when its time is over.
    deps.log.decisionFailed(proposalId, error);
  }
}

/** Ends an approval that was never used. False: the gateway has an intent, or the log moved on. */
export async function closeApproved(deps: Deps, unsent: UnsentApproval, fact: DecisionFact): Promise<boolean> {
  const { account } = unsent.approvals.approval.statement.ticket.terms;
  const key = { account, proposal: fact.proposalId };
  // The remark first: an intent that is older than it must not hide behind it.
  const remark = await deps.bus.readLast(FACTS.policy, key);
  const intent = await deps.bus.readLast(FACTS.exec, key);
  if (intent !== undefined) return false;
  // An intent may be on its way by now: of the two only the one that is written first counts.
  const order = Math.max(unsent.sequence, remark?.sequence ?? 0);
  const decided = await decide(deps, account, fact, { decision: unsent.sequence, order });
  if (decided.outcome === "lost") return false;
  noteApproved(deps, unsent);
  void deps.outbox.note(edgeEntry(fact));
  return true;
}

/** Nothing comes of the approval any more; that it was given is on the record all the same. */
export function noteApproved(deps: Pick<Deps, "outbox">, { approvals, at, audited }: UnsentApproval): void {
  const { proposalId } = approvals.approval.statement.ticket;
  if (!audited) void deps.outbox.note(edgeEntry({ type: "approved/1", proposalId, at, ...approvals }));
}

/** The state to answer with: what the log has shown so far, or what a sent order proves already. */
export async function stateAfter(deps: Deps, proposalId: string, submission: Submission): Promise<State> {
  const moved = ({ view }: OrderRecord) => view.state !== "PENDING_APPROVAL" && view.state !== "APPROVED";
  const known = deps.orders.get(proposalId);
  // A denial has just been written down: it is worth the wait. A sent order is not held up.
  const order = submission.outcome === "denied" ? await orderWhen(deps, proposalId, moved) : known;
  const seen = order !== undefined && moved(order) ? order.view.state : "APPROVED";
  if (submission.outcome !== "sent") return seen;
  return maybeAtBroker(seen) || isTerminal(seen) ? seen : "SEND_STARTED";
}
