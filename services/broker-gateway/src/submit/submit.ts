import { departed } from "@countersign/bus/departed";
import { type Approvals, approvedUntil, signaturesOf } from "@countersign/contracts/approvals";
import { conidsOf } from "@countersign/contracts/combo";
import { demandOfTicket, strictest } from "@countersign/contracts/demand";
import { type Denial, denied, Fault, ok } from "@countersign/contracts/denial";
import type { Ticket } from "@countersign/contracts/order";
import { RPCS } from "@countersign/contracts/subjects";
import type { Verdict } from "@countersign/contracts/verdict";
import { unconfirmed } from "@countersign/orders/confirmations";
import { demandOf } from "@countersign/orders/demand";
import { verifyApprovals } from "@countersign/roster/verify-approvals";
import type * as z from "zod";
import { changeOf } from "./change-of.ts";
import { checkLog } from "./check-log.ts";
import type { SubmitDeps } from "./deps.ts";
import { recordIntent } from "./intent.ts";
import { liveOrderOf } from "./live-order.ts";
import { sendOnce } from "./send.ts";
import { verifyApproval } from "./verify-approval.ts";
import { policyDenial } from "./verify-policy.ts";

type Request = z.output<typeof RPCS.submit.request>;
type Reply = z.input<typeof RPCS.submit.reply>;

/** One countersigned order, sent at most once. Every way out before the socket says why; after the socket there is one answer. */
export async function submit(deps: SubmitDeps, request: Request, account: string): Promise<Reply> {
  const { ticketHash, ...approvals } = request;
  const { ticket } = approvals.approval.statement;
  // Seen before the gate judges: a switch that tightens meanwhile makes the verdict too old to rely on.
  const levelBefore = levelOf(deps, ticket).level;
  const haltedBefore = killDenial(deps, ticket);
  const epochBefore = deps.link.hold() === undefined ? deps.link.epoch : undefined;
  // The questions are on their way while the signature is verified; without it no answer counts.
  const asked = Promise.all([
    checkLog(deps.bus, { account, proposal: ticket.proposalId }, approvals),
    epochBefore === undefined || haltedBefore !== undefined ? undefined : freshVerdict(deps, ticket),
  ]);
  asked.catch(() => undefined);
  await departed();
  const nowMs = deps.clock.nowMs();
  const verified = await verifyApproval(deps.roster, { approvals, ticketHash, account, mode: deps.mode, nowMs });
  if (verified.outcome === "denied") return refuse(deps, ticket, verified);
  const [logged, judged] = await asked;
  if (logged !== undefined) return refuse(deps, ticket, logged);
  const barred = haltedBefore ?? killDenial(deps, ticket) ?? accountDenial(deps, account);
  if (barred !== undefined) return refuse(deps, ticket, barred);
  const epoch = requireLink(deps);
  // Facts of the broker that were missing because it could not be asked are no reason to end an approval: it waits.
  if (judged === undefined || epoch !== epochBefore) throw new Fault("BROKER_UNAVAILABLE", "the link to TWS changed");
  if ("denial" in judged) return refuse(deps, ticket, judged);
  const risky = riskDenial(judged);
  if (risky !== undefined) return refuse(deps, ticket, risky);
  const unsigned = await demandDenial(deps, approvals, judged);
  if (unsigned !== undefined) return refuse(deps, ticket, unsigned);
  const unread = unreadDenial(approvals, judged);
  if (unread !== undefined) return refuse(deps, ticket, unread);
  const shut = await deps.live.refusal(() => liveOrderOf(deps, approvals, judged));
  if (shut !== undefined) return refuse(deps, ticket, shut);
  const { level } = levelOf(deps, ticket);
  const byPolicy = policyDenial(deps.standing, { approvals, verdict: judged, level, mode: deps.mode, nowMs });
  if (byPolicy !== undefined) return refuse(deps, ticket, byPolicy);
  const messages = ticket.terms.exits === undefined ? 1 : 3;
  for (let count = 0; count < messages; count += 1) await deps.limiter.take("order");
  return deps.sendLane.run(async () => {
    // Waiting for the lane must not cost the approval when the link went away meanwhile.
    if (requireLink(deps) !== epoch) throw new Fault("BROKER_UNAVAILABLE", "the link to TWS changed");
    const changed = ticket.modifies === undefined ? undefined : changeOf(deps, ticket, ticket.modifies);
    if (changed?.outcome === "denied") return refuse(deps, ticket, changed);
    const intent = await recordIntent(deps, { approvals, verdict: judged, account, ids: changed?.ids });
    if (intent.outcome === "denied") return refuse(deps, ticket, intent);
    const { actor } = intent;
    const approvalExpiresAt = approvedUntil(approvals);
    if (changed !== undefined && !(await changed.announce())) {
      await actor.append({
        type: "killedNotSent/1",
        code: "ORDER_CHANGED",
        reason: "the order is not working any more",
      });
      return refuse(deps, ticket, denied("ORDER_CHANGED"));
    }
    const sent = await sendOnce(deps, {
      ...{ actor, ticket, approvalExpiresAt, epoch, levelBefore },
      ...(changed !== undefined && { change: changed }),
    });
    if (sent.outcome === "denied") return sent;
    const { orderRef, orderId } = actor.order;
    return ok({ orderRef, orderId });
  });
}

/** The gate's fresh word; it judges nothing while it knows the order's scopes to be HALTED. */
async function freshVerdict(deps: SubmitDeps, ticket: Ticket): Promise<Verdict | { denial: Denial }> {
  const reply = await deps.bus.request(RPCS.verdict, { ticket }, { correlationId: ticket.proposalId });
  if (reply.outcome === "denied" && reply.denial.code === "KILL_SWITCH_HALTED") return reply;
  if (reply.outcome === "denied") throw new Fault("UNAVAILABLE", `no verdict: ${reply.denial.message}`);
  return reply.value.verdict;
}

/** By the fresh verdict: a soft limit that was not exceeded when people signed is one that nobody has confirmed. */
function unreadDenial(approvals: Approvals, verdict: Verdict): { denial: Denial } | undefined {
  const statements = signaturesOf(approvals).map(({ statement }) => statement);
  const denial = unconfirmed(statements, verdict);
  return denial && { denial };
}

/** What the ticket asks for is the gate's word; this gateway's own rules judge the fresh verdict once more. */
async function demandDenial(deps: SubmitDeps, approvals: Approvals, verdict: Verdict) {
  const asked = demandOfTicket(approvals.approval.statement.ticket);
  const own = strictest(asked, demandOf({ mode: deps.mode, rules: deps.approvalRules }, verdict));
  if (own.approvals === asked.approvals && own.keys === asked.keys) return undefined;
  const verified = await verifyApprovals(deps.roster, approvals, own);
  return verified.outcome === "denied" ? verified : undefined;
}

function riskDenial(verdict: Verdict): { denial: Denial } | undefined {
  const lets = verdict.rules.every(({ outcome }) => outcome === "pass" || outcome === "confirm");
  if (verdict.outcome === "pass" && lets) return undefined;
  const failing = verdict.rules.filter((rule) => rule.outcome === "deny");
  const rules = failing.map(({ rule, code, message }) => ({ rule, code, message }));
  return denied("RISK_DENIED", undefined, { rules });
}

export function levelOf(deps: SubmitDeps, ticket: Ticket) {
  const { agent, terms } = ticket;
  return deps.view.level({ account: terms.account, agent, conids: conidsOf(terms) });
}

function killDenial(deps: SubmitDeps, ticket: Ticket): { denial: Denial } | undefined {
  const { level, reason } = levelOf(deps, ticket);
  // REDUCE_ONLY is the gate's to judge: it knows the position, and its verdict passed.
  return level === "HALTED" ? denied("KILL_SWITCH_HALTED", `HALTED: ${reason}`) : undefined;
}

function accountDenial(deps: SubmitDeps, account: string): { denial: Denial } | undefined {
  if (deps.link.state !== "up" || deps.link.accounts.includes(account)) return undefined;
  return denied("ACCOUNT_NOT_PERMITTED", "TWS does not manage this account");
}

/** The link's epoch while orders may be sent; a Fault otherwise. */
function requireLink(deps: SubmitDeps): number {
  const hold = deps.link.hold();
  if (hold === undefined) return deps.link.epoch;
  throw new Fault(hold.code, hold.reason);
}

function refuse(deps: SubmitDeps, ticket: Ticket, refusal: { denial: Denial }): Reply {
  const { code, message } = refusal.denial;
  deps.log.warn({ proposalId: ticket.proposalId, code, untrusted: message }, "submit refused");
  const security = code === "APPROVAL_INVALID" || code === "TICKET_HASH_MISMATCH" || code === "SELF_APPROVAL";
  const kind = security ? "security.refused" : "order.refused";
  deps.audit.record({ kind, correlationId: ticket.proposalId, body: { stage: "submit", code, message } });
  return { outcome: "denied", denial: refusal.denial };
}
