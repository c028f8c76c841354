import { departed } from "@countersign/bus/departed";
import { conidsOf } from "@countersign/contracts/combo";
import { type Denial, denied, ok } from "@countersign/contracts/denial";
import type { DecisionFact } from "@countersign/contracts/facts/decision-facts.v1";
import type { ApproveReply, Submission } from "@countersign/contracts/messages/approval.v1";
import type { SignedApproval } from "@countersign/contracts/order";
import type * as z from "zod";
import { edgeEntry, refusalEntry } from "./audit-entries.ts";
import { checkApproval } from "./check-approval.ts";
import { type Decided, decide } from "./decision-log.ts";
import { type Deps, now, orderWhen } from "./deps.ts";
import { stateAfter, submitUnsent } from "./submit.ts";
import type { UnsentApproval } from "./unsent-approvals.ts";

type Answer = z.output<typeof ApproveReply>;

/** Records a countersignature once, and hands the order to the gateway when the log and the audit both have it. */
export async function approve(deps: Deps, approval: SignedApproval): Promise<Answer> {
  const { proposalId } = approval.statement.ticket;
  const denial = await denialOf(deps, approval);
  if (denial !== undefined) return refuse(deps, approval, denial);
  const answer = await deps.unsent.alone(proposalId, async () => {
    const { decided, audited } = await recordApproval(deps, approval);
    if (decided.outcome === "lost") return undefined;
    const unsent = { approval, sequence: decided.sequence, audited };
    const submission = audited ? await submitUnsent(deps, unsent) : postpone(deps, unsent);
    return ok({ proposalId, state: await stateAfter(deps, proposalId, submission), submission });
  });
  return answer ?? refuse(deps, approval, denied("PROPOSAL_NOT_PENDING", "another decision was first").denial);
}

async function denialOf(deps: Deps, approval: SignedApproval): Promise<Denial | undefined> {
  const { ticket } = approval.statement;
  const order = await orderWhen(deps, ticket.proposalId, ({ view }) => view.state === "PENDING_APPROVAL");
  const { agent, terms } = ticket;
  const kill = deps.control.level({ account: terms.account, agent, conids: conidsOf(terms) });
  const { roster, mode, config } = deps;
  return checkApproval(approval, { ...config, roster, mode, kill, view: order?.view, nowMs: deps.clock.nowMs() });
}

/** Log and audit at once. A log that took nothing ends it; an audit that did not confirm only postpones the sending. */
async function recordApproval(deps: Deps, approval: SignedApproval): Promise<{ decided: Decided; audited: boolean }> {
  const { proposalId, terms } = approval.statement.ticket;
  const fact: DecisionFact = { type: "approved/1", proposalId, at: now(deps), approval };
  const auditing = deps.bus.audit(edgeEntry(fact));
  auditing.catch(() => undefined);
  await departed();
  const [decided, audit] = await Promise.allSettled([decide(deps.bus, terms.account, fact, 0), auditing]);
  if (decided.status === "rejected") throw decided.reason;
  if (audit.status === "rejected") deps.log.auditFailed(proposalId, audit.reason);
  return { decided: decided.value, audited: audit.status === "fulfilled" };
}

function postpone(deps: Deps, unsent: UnsentApproval): Submission {
  const { ticket, expiresAt } = unsent.approval.statement;
  deps.unsent.add(ticket.proposalId, unsent);
  const reason = `the audit did not confirm the approval; nothing is sent before it does, and nothing after ${expiresAt}`;
  return { outcome: "unknown", reason };
}

/** Every refused approval is on the record; an audit that is away does not turn the no into anything else. */
async function refuse(deps: Deps, approval: SignedApproval, denial: Denial): Promise<Answer> {
  await deps.outbox.note(refusalEntry(now(deps), approval, denial));
  return { outcome: "denied", denial };
}
