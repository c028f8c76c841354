import { type Approvals, signaturesOf } from "@countersign/contracts/approvals";
import { conidsOf } from "@countersign/contracts/combo";
import { demandOfTicket, strictest } from "@countersign/contracts/demand";
import { type Denial, denied, Fault } from "@countersign/contracts/denial";
import type { Ticket } from "@countersign/contracts/order";
import { RPCS } from "@countersign/contracts/subjects";
import type { Verdict } from "@countersign/contracts/verdict";
import { unconfirmed } from "@countersign/orders/confirmations";
import { demandOf } from "@countersign/orders/demand";
import { verifyApprovals } from "@countersign/roster/verify-approvals";
import type { SubmitDeps } from "./deps.ts";
import { liveOrderOf } from "./live-order.ts";
import { policyDenial } from "./verify-policy.ts";

export interface FreshVerdict {
  readonly verdict: Verdict;
  /** The gate knew every fact of the orders up to here when it judged. */
  readonly afterSequence: number;
}

/**
 * The gate's word on the ticket now. It counts what every intent of this gateway reserves, or it says nothing; it judges
 * nothing while it knows the order's scopes to be HALTED.
 */
export async function freshVerdict(deps: SubmitDeps, ticket: Ticket): Promise<FreshVerdict | { denial: Denial }> {
  const afterSequence = deps.execLog.lastSequence;
  const reply = await deps.bus.request(RPCS.verdict, { ticket, afterSequence }, { correlationId: ticket.proposalId });
  if (reply.outcome === "denied" && reply.denial.code === "KILL_SWITCH_HALTED") return reply;
  if (reply.outcome === "denied") throw new Fault("UNAVAILABLE", `no verdict: ${reply.denial.message}`);
  return { verdict: reply.value.verdict, afterSequence };
}

/**
 * For whoever has the turn to reserve: the verdict that was asked for before it came, unless an intent was recorded since.
 * Then the gate judges once more, with what that one reserves. Two orders that fit one limit each never leave together.
 */
export async function inTurn(
  deps: SubmitDeps,
  approvals: Approvals,
  judged: FreshVerdict,
): Promise<{ outcome: "judged"; verdict: Verdict } | { outcome: "denied"; denial: Denial }> {
  if (deps.execLog.lastIntent <= judged.afterSequence) return { outcome: "judged", verdict: judged.verdict };
  const again = await freshVerdict(deps, approvals.approval.statement.ticket);
  if ("denial" in again) return { outcome: "denied", denial: again.denial };
  const refused = await refusalOf(deps, approvals, again);
  if (refused !== undefined) return { outcome: "denied", denial: refused.denial };
  return { outcome: "judged", verdict: again.verdict };
}

/** What a verdict forbids, and what the people or the policy that countersigned may not do with it; undefined: nothing. */
export async function refusalOf(
  deps: SubmitDeps,
  approvals: Approvals,
  { verdict }: FreshVerdict,
): Promise<{ denial: Denial } | undefined> {
  const risky = riskDenial(verdict);
  if (risky !== undefined) return risky;
  const unsigned = await demandDenial(deps, approvals, verdict);
  if (unsigned !== undefined) return unsigned;
  // By the fresh verdict: a soft limit that was not exceeded when people signed is one that nobody has confirmed.
  const unread = unconfirmed(
    signaturesOf(approvals).map(({ statement }) => statement),
    verdict,
  );
  if (unread !== undefined) return { denial: unread };
  const shut = await deps.live.refusal(() => liveOrderOf(deps, approvals, verdict));
  if (shut !== undefined) return shut;
  const { ticket } = approvals.approval.statement;
  const { level } = levelOf(deps, ticket);
  const autoOff = deps.view.autoOff(scopesOf(ticket));
  const nowMs = deps.clock.nowMs();
  return policyDenial(deps.standing, { approvals, verdict, level, autoOff, mode: deps.mode, nowMs });
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

/** The strictest kill level that bears on the order, with its reason. */
export function levelOf(deps: SubmitDeps, ticket: Ticket) {
  return deps.view.level(scopesOf(ticket));
}

function scopesOf({ agent, terms }: Ticket) {
  return { account: terms.account, agent, conids: conidsOf(terms) };
}
