import { parseUtcText } from "@countersign/clock/clock";
import type { Approvals } from "@countersign/contracts/approvals";
import { conidsOf } from "@countersign/contracts/combo";
import { STRICTEST } from "@countersign/contracts/demand";
import { FACTS } from "@countersign/contracts/subjects";
import type { Verdict } from "@countersign/contracts/verdict";
import { verifyApprovals } from "@countersign/roster/verify-approvals";
import type { LiveOrder } from "../live/order-gates.ts";
import type { SubmitDeps } from "./deps.ts";

/** What the gates of live trading look at, read from the order's own log and from what the approvers signed. */
export async function liveOrderOf(deps: SubmitDeps, approvals: Approvals, verdict: Verdict): Promise<LiveOrder> {
  const { ticket, approvedAt } = approvals.approval.statement;
  const { account } = ticket.terms;
  const log = await deps.bus.readSubject(FACTS.proposal, { account, proposal: ticket.proposalId });
  const first = log[0]?.body;
  const verified = await verifyApprovals(deps.roster, approvals, STRICTEST);
  return {
    account,
    agent: ticket.agent,
    policyHash: verdict.policyHash,
    verdictPasses: verdict.outcome === "pass",
    idempotencyKey: first?.type === "proposed/1" ? first.idempotencyKey : undefined,
    ticketExpiresAtMs: parseUtcText(ticket.expiresAt),
    approvedAtMs: parseUtcText(approvedAt),
    approvers: verified.outcome === "verified" ? verified.signers : [],
    killLevel: deps.view.level({ account, agent: ticket.agent, conids: conidsOf(ticket.terms) }).level,
    managed: deps.link.accounts.includes(account),
  };
}
