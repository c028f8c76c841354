import { approverOf, signedParts } from "@countersign/contracts/approvals";
import type { AuditEntry, AuditKind } from "@countersign/contracts/audit";
import type { Denial } from "@countersign/contracts/denial";
import type { DecisionFact } from "@countersign/contracts/facts/decision-facts.v1";
import type { Actor, SignedApproval } from "@countersign/contracts/order";
import { canonicalHash } from "@countersign/ids/hash";

/** This service as an actor: for what time or the gate decided. */
export const SELF: Actor = { kind: "service", id: "approval" };

/** An edge of the decision log. The fact is what stands in the log; the record holds all of it. */
export function edgeEntry(fact: DecisionFact): AuditEntry {
  const [event = ""] = fact.type.split("/");
  const hash = "approval" in fact ? { approvalHash: canonicalHash(signedParts(fact)) } : {};
  return entry("order.edge", fact.at, fact.proposalId, actorOf(fact), { event, ...hash, fact });
}

/** The same after a restart, when nobody knows whether the audit has it. */
export function againEntry(fact: DecisionFact): AuditEntry {
  const { body, ...same } = edgeEntry(fact);
  return { ...same, body: { ...body, again: true } };
}

/** A no to an approval, a rejection, a withdrawal or a cancel. */
export function refusalEntry(at: string, approval: SignedApproval, denial: Denial): AuditEntry {
  const { statement, keyId } = approval;
  const { ticketHash, approvedAt } = statement;
  const body = {
    code: denial.code,
    message: denial.message,
    keyId,
    ticketHash,
    approvedAt,
    detail: denial.detail ?? {},
  };
  return entry("approval.refused", at, statement.ticket.proposalId, approverOf(statement), body);
}

/** A cancel that was passed on to the broker, with what came of it. */
export function cancelEntry(
  at: string,
  request: { proposalId: string; actor: Actor; reason: string },
  outcome: string,
): AuditEntry {
  return entry("order.edge", at, request.proposalId, request.actor, {
    event: "cancel",
    reason: request.reason,
    outcome,
  });
}

/** A person's word about an order of which nobody knows, with what came of it. */
export function closeEntry(
  at: string,
  { proposalId, operator, reason }: { proposalId: string; operator: string; reason: string },
  outcome: string,
): AuditEntry {
  const actor: Actor = { kind: "operator", id: operator };
  return entry("order.edge", at, proposalId, actor, { event: "close", reason, outcome });
}

export function gapEntry(at: string, dropped: number): AuditEntry {
  return entry("audit.gap", at, "approval", SELF, { dropped });
}

function actorOf(fact: DecisionFact): Actor {
  if (fact.type === "approved/1") return approverOf((fact.cosignature ?? fact.approval).statement);
  if (fact.type === "countersigned/1") return approverOf(fact.approval.statement);
  return "actor" in fact ? fact.actor : SELF;
}

function entry(kind: AuditKind, at: string, correlationId: string, actor: Actor, body: AuditEntry["body"]): AuditEntry {
  return { kind, at, correlationId, actor, body };
}
