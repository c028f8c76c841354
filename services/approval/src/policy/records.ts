import type { AuditEntry } from "@countersign/contracts/audit";
import type { AssessedFact, LedgerEntry } from "@countersign/contracts/facts/policy-facts.v1";
import type { Actor } from "@countersign/contracts/order";
import type { AssessInput } from "./check.ts";

/** The standing policy as an actor: never a person. */
export function policyActor(id: string): Actor {
  return { kind: "policy", id };
}

/** What it made of an order, with all that it saw. */
export function assessedEntry(fact: AssessedFact, { ticket, facts, kill, approvedUnsent }: AssessInput): AuditEntry {
  const actor = policyActor(fact.policy?.id ?? "none");
  const saw = { facts: JSON.parse(JSON.stringify(facts)), kill, approvedUnsent, agent: ticket.agent };
  const body = { fact: JSON.parse(JSON.stringify(fact)), saw };
  return { kind: "policy.assessed", at: fact.at, correlationId: fact.proposalId, actor, body };
}

/** An entry of its ledger. */
export function ledgerRecord(entry: LedgerEntry): AuditEntry {
  const actor = entry.type === "used/1" ? policyActor(entry.policy.id) : entry.actor;
  const correlationId = entry.type === "used/1" ? entry.proposalId : "auto-approval";
  const [event = ""] = entry.type.split("/");
  const body = { event, entry: JSON.parse(JSON.stringify(entry)) };
  return { kind: "policy.changed", at: entry.at, correlationId, actor, body };
}
