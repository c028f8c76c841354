import { departed } from "@countersign/bus/departed";
import { parseUtcText } from "@countersign/clock/clock";
import { type Approvals, approvedUntil } from "@countersign/contracts/approvals";
import { conidsOf } from "@countersign/contracts/combo";
import { type Demand, demandOfTicket, strictest } from "@countersign/contracts/demand";
import { type Denial, denied, ok } from "@countersign/contracts/denial";
import type { DecisionFact } from "@countersign/contracts/facts/decision-facts.v1";
import type { ApproveReply, Submission } from "@countersign/contracts/messages/approval.v1";
import type { SignedApproval } from "@countersign/contracts/order";
import { demandOf } from "@countersign/orders/demand";
import type { OrderRecord } from "@countersign/orders/projection";
import { verifyApprovals } from "@countersign/roster/verify-approvals";
import { verifySignature } from "@countersign/roster/verify-signature";
import type * as z from "zod";
import { edgeEntry, refusalEntry } from "./audit-entries.ts";
import { checkApproval } from "./check-approval.ts";
import { type Decided, decide, wholeOrder } from "./decision-log.ts";
import { type Deps, now, orderWhen } from "./deps.ts";
import { stateAfter, submitUnsent } from "./submit.ts";
import type { UnsentApproval } from "./unsent-approvals.ts";

type Answer = z.output<typeof ApproveReply>;

/** So often a signature is tried when something else was written down meanwhile. */
const TRIES_MAX = 3;

/**
 * Records a countersignature once. The first of two waits for the second; the last one needed hands the order to the gateway,
 * when the log and the audit both have it.
 */
export async function approve(deps: Deps, approval: SignedApproval): Promise<Answer> {
  for (let tries = 0; tries < TRIES_MAX; tries += 1) {
    const outcome = await tryOnce(deps, approval, tries > 0);
    if (outcome !== "lost") return outcome;
  }
  return refuse(deps, approval, denied("PROPOSAL_NOT_PENDING", "another decision was first").denial);
}

/** "lost": somebody else wrote about the order since it was read: a decision, a reduction, or a remark of the policy. */
async function tryOnce(deps: Deps, approval: SignedApproval, again: boolean): Promise<Answer | "lost"> {
  const { proposalId } = approval.statement.ticket;
  const { ticketHash } = approval.statement;
  const isThis = ({ view }: OrderRecord) => view.state === "PENDING_APPROVAL" && view.ticketHash === ticketHash;
  const order = await orderWhen(deps, proposalId, (known) => !again && isThis(known));
  const demand = order === undefined ? demandOfTicket(approval.statement.ticket) : demandFor(deps, order);
  const denial = await denialOf(deps, approval, order, demand);
  if (denial !== undefined || order === undefined) {
    return refuse(deps, approval, denial ?? denied("PROPOSAL_NOT_FOUND").denial);
  }
  if (!again && !deps.signCounts.take(approval)) {
    return refuse(deps, approval, denied("APPROVAL_INVALID", "the passkey's counter did not rise").denial);
  }
  const first = demand.approvals === 2 ? await standing(deps, order) : undefined;
  const byPolicy = approval.statement.by === "policy";
  if (demand.approvals === 2 && first === undefined && !byPolicy) return recordFirst(deps, order, approval);
  const approvals: Approvals = first === undefined ? { approval } : { approval: first, cosignature: approval };
  // One signature where one is asked for is what was verified just now.
  const together = demand.approvals === 1 ? undefined : await verifyApprovals(deps.roster, approvals, demand);
  if (together?.outcome === "denied") return refuse(deps, approval, together.denial);
  const answer = await deps.unsent.alone(proposalId, () => recordLast(deps, order, approvals));
  return answer ?? refuse(deps, approval, denied("PROPOSAL_NOT_PENDING", "another decision was first").denial);
}

/** What the ticket says, and what this service's own rules say to the verdict that it was admitted with. */
export function demandFor(
  { mode, approvalRules }: Pick<Deps, "mode" | "approvalRules">,
  { view }: OrderRecord,
): Demand {
  const asked = demandOfTicket(view.ticket ?? {});
  return view.verdict === null ? asked : strictest(asked, demandOf({ mode, rules: approvalRules }, view.verdict));
}

/** The first of two signatures, while it counts: for the ticket as it is now, before its end, of one who may still approve. */
async function standing(deps: Deps, { view, facts }: OrderRecord): Promise<SignedApproval | undefined> {
  const fact = facts.findLast((one) => one.type === "countersigned/1");
  if (fact === undefined || fact.approval.statement.ticketHash !== view.ticketHash) return undefined;
  if (deps.clock.nowMs() >= parseUtcText(fact.approval.statement.expiresAt)) return undefined;
  const signed = await verifySignature(deps.roster, fact.approval);
  return signed.outcome === "verified" ? fact.approval : undefined;
}

async function denialOf(deps: Deps, approval: SignedApproval, order: OrderRecord | undefined, demand: Demand) {
  const { agent, terms } = approval.statement.ticket;
  const kill = deps.control.level({ account: terms.account, agent, conids: conidsOf(terms) });
  const { roster, mode, config } = deps;
  const facts = { ...config, roster, mode, kill, view: order?.view, keys: demand.keys, nowMs: deps.clock.nowMs() };
  return checkApproval(approval, facts);
}

async function recordFirst(deps: Deps, order: OrderRecord, approval: SignedApproval): Promise<Answer | "lost"> {
  const { proposalId, account } = order.view;
  const fact: DecisionFact = { type: "countersigned/1", proposalId, at: now(deps), approval };
  const decided = await decide(deps, account, fact, wholeOrder(order));
  if (decided.outcome === "lost") return "lost";
  await deps.outbox.note(edgeEntry(fact));
  const submission = { outcome: "awaitsSecond" as const, until: approval.statement.expiresAt };
  return ok({ proposalId, state: "PENDING_APPROVAL", submission });
}

async function recordLast(deps: Deps, order: OrderRecord, approvals: Approvals): Promise<Answer | "lost"> {
  const { proposalId } = order.view;
  const { decided, audited, at } = await record(deps, order, approvals);
  if (decided.outcome === "lost") return "lost";
  const unsent = { approvals, at, sequence: decided.sequence, audited };
  const submission = audited ? await submitUnsent(deps, unsent) : postpone(deps, unsent);
  return ok({ proposalId, state: await stateAfter(deps, proposalId, submission), submission });
}

/** Log and audit at once. A log that took nothing ends it; an audit that did not confirm only postpones the sending. */
async function record(
  deps: Deps,
  order: OrderRecord,
  approvals: Approvals,
): Promise<{ decided: Decided; audited: boolean; at: string }> {
  const { proposalId, account } = order.view;
  const fact: DecisionFact = { type: "approved/1", proposalId, at: now(deps), ...approvals };
  const auditing = deps.bus.audit(edgeEntry(fact));
  auditing.catch(() => undefined);
  await departed();
  const [decided, audit] = await Promise.allSettled([decide(deps, account, fact, wholeOrder(order)), auditing]);
  if (decided.status === "rejected") throw decided.reason;
  if (audit.status === "rejected") deps.log.auditFailed(proposalId, audit.reason);
  return { decided: decided.value, audited: audit.status === "fulfilled", at: fact.at };
}

function postpone(deps: Deps, unsent: UnsentApproval): Submission {
  deps.unsent.add(unsent.approvals.approval.statement.ticket.proposalId, unsent);
  const until = approvedUntil(unsent.approvals);
  const reason = `the audit did not confirm the approval; nothing is sent before it does, and nothing after ${until}`;
  return { outcome: "unknown", reason };
}

/** Every refused approval is on the record; an audit that is away does not turn the no into anything else. */
async function refuse(deps: Deps, approval: SignedApproval, denial: Denial): Promise<Answer> {
  await deps.outbox.note(refusalEntry(now(deps), approval, denial));
  return { outcome: "denied", denial };
}
