import { tryParseUtcText } from "@countersign/clock/clock";
import type { KillLevel } from "@countersign/contracts/control";
import type { Demand } from "@countersign/contracts/demand";
import { type Denial, denied } from "@countersign/contracts/denial";
import type { Mode } from "@countersign/contracts/mode";
import type { SignedApproval } from "@countersign/contracts/order";
import type { ProposalView } from "@countersign/contracts/proposal-view";
import { confirmationsOf, unconfirmed } from "@countersign/orders/confirmations";
import type { Roster } from "@countersign/roster/roster";
import { verifyApprovals } from "@countersign/roster/verify-approvals";

export interface ApprovalFacts {
  /** The proposal as the log tells it; undefined: the log has none. */
  readonly view: ProposalView | undefined;
  readonly roster: Roster;
  readonly mode: Mode;
  /** What the ticket must be signed with; how many people is seen when it is written down. */
  readonly keys: Demand["keys"];
  readonly nowMs: number;
  readonly approvalTtlSeconds: number;
  readonly clockSkewMsMax: number;
  readonly passkeyAgeMsMax: number;
  /** Strictest kill level of the order's scopes. */
  readonly kill: { readonly level: KillLevel; readonly reason: string };
}

/** Whether this approval may be recorded: undefined, or the reason why not. What it is about comes before when it was. */
export async function checkApproval(approval: SignedApproval, facts: ApprovalFacts): Promise<Denial | undefined> {
  const signed = await verifyApprovals(facts.roster, { approval }, { approvals: 1, keys: facts.keys });
  if (signed.outcome === "denied") return signed.denial;
  const checks = [checkTicket, checkApprover, checkTimes, checkState, checkKillSwitch, checkConfirmations];
  for (const check of checks) {
    const denial = check(approval, facts);
    if (denial !== undefined) return denial;
  }
  return undefined;
}

function checkTicket({ statement }: SignedApproval, { view, mode }: ApprovalFacts) {
  const { ticket, ticketHash } = statement;
  if (view === undefined || view.account !== ticket.terms.account) return no("PROPOSAL_NOT_FOUND");
  if (view.ticketHash === null) return no("PROPOSAL_NOT_PENDING", "the proposal is not judged yet");
  if (view.ticketHash !== ticketHash) return no("TICKET_HASH_MISMATCH");
  return ticket.mode === mode ? undefined : no("APPROVAL_INVALID", `the ticket is for mode ${ticket.mode}`);
}

function checkApprover({ statement }: SignedApproval, { view }: ApprovalFacts) {
  const proposers = [statement.ticket.agent, view?.agent];
  return proposers.includes(statement.approver) ? no("SELF_APPROVAL") : undefined;
}

function checkTimes(approval: SignedApproval, facts: ApprovalFacts) {
  const { statement } = approval;
  const times = [statement.approvedAt, statement.expiresAt, statement.ticket.expiresAt].map(tryParseUtcText);
  const [approvedAtMs, expiresAtMs, ticketExpiresAtMs] = times;
  if (approvedAtMs === undefined || expiresAtMs === undefined || ticketExpiresAtMs === undefined) {
    return no("APPROVAL_INVALID", "a time of the statement does not exist");
  }
  const { nowMs, clockSkewMsMax, approvalTtlSeconds } = facts;
  const ageMsMax = "passkey" in approval ? facts.passkeyAgeMsMax : clockSkewMsMax;
  if (nowMs - approvedAtMs > ageMsMax || approvedAtMs - nowMs > clockSkewMsMax) {
    return no("APPROVAL_INVALID", "approvedAt is not the time of now", { approvedAt: statement.approvedAt });
  }
  const lifeMs = expiresAtMs - approvedAtMs;
  if (lifeMs <= 0 || lifeMs > approvalTtlSeconds * 1_000) {
    return no("APPROVAL_INVALID", `an approval lives at most ${approvalTtlSeconds} s`, { lifeMs });
  }
  if (nowMs >= expiresAtMs) return no("APPROVAL_EXPIRED");
  return nowMs >= ticketExpiresAtMs ? no("PROPOSAL_EXPIRED") : undefined;
}

function checkState(_: SignedApproval, { view }: ApprovalFacts) {
  if (view?.state === "PENDING_APPROVAL") return undefined;
  if (view?.state === "EXPIRED") return no("PROPOSAL_EXPIRED");
  return no("PROPOSAL_NOT_PENDING", undefined, { state: view?.state ?? null });
}

/** REDUCE_ONLY is left to the gate's fresh verdict, which knows the position. */
function checkKillSwitch(_: SignedApproval, { kill }: ApprovalFacts) {
  return kill.level === "HALTED" ? no("KILL_SWITCH_HALTED", undefined, { reason: kill.reason }) : undefined;
}

/** Exactly what the verdict asks for: a name too many is a person who read another ticket. */
function checkConfirmations({ statement }: SignedApproval, { view }: ApprovalFacts) {
  if (view?.verdict == null) return no("PROPOSAL_NOT_PENDING", "the proposal is not judged yet");
  const { verdict } = view;
  const missing = unconfirmed([statement], verdict);
  if (missing !== undefined) return missing;
  const asked = confirmationsOf(verdict).map(({ rule }) => rule);
  const foreign = (statement.confirmed ?? []).filter((rule) => !asked.includes(rule));
  return foreign.length === 0 ? undefined : no("CONFIRMATION_INVALID", `${foreign.join(", ")} asks for none`);
}

function no(...args: Parameters<typeof denied>): Denial {
  return denied(...args).denial;
}
