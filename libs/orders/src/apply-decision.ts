import { approvedUntil, approverOf } from "@countersign/contracts/approvals";
import type { DecisionFact } from "@countersign/contracts/facts/decision-facts.v1";
import type { ProposalView } from "@countersign/contracts/proposal-view";

/** What a reader sees of a decision: who, when, why. */
export function applyDecision(fact: DecisionFact): ProposalView["decision"] {
  const [event = ""] = fact.type.split("/");
  switch (fact.type) {
    case "countersigned/1":
    case "approved/1": {
      const { statement } = fact.approval;
      const cosigned = "cosignature" in fact && fact.cosignature !== undefined ? fact.cosignature.statement : undefined;
      return {
        ...{ event, at: fact.at, actor: approverOf(statement), reason: statement.reason, until: approvedUntil(fact) },
        ...(cosigned !== undefined && { cosigner: approverOf(cosigned) }),
      };
    }
    case "rejected/1": {
      const { at, actor, reason, code } = fact;
      return { event, at, actor, reason, ...(code !== undefined && { code }) };
    }
    case "withdrawn/1":
      return { event, at: fact.at, actor: fact.actor, reason: fact.reason };
    case "expired/1":
      return { event, at: fact.at, actor: null, reason: `not used before ${fact.deadline}` };
    case "voided/1":
      return { event, at: fact.at, actor: fact.actor ?? null, reason: `${fact.code}: ${fact.reason}`.slice(0, 1000) };
  }
}
