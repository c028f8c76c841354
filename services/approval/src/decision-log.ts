import type { OrderBus } from "@countersign/bus/bus";
import { Fault } from "@countersign/contracts/denial";
import type { DecisionFact } from "@countersign/contracts/facts/decision-facts.v1";
import { FACTS } from "@countersign/contracts/subjects";
import { canonicalHash } from "@countersign/ids/hash";

export type Decided = { readonly outcome: "decided"; readonly sequence: number } | { readonly outcome: "lost" };

/**
 * Appends a decision if nobody decided since `expectedSequence` (0: nobody yet). "lost": another decision stands there.
 * Without an answer the log is read back; only if it shows neither ours nor another does OUTCOME_UNKNOWN remain.
 */
export async function decide(
  bus: OrderBus,
  account: string,
  fact: DecisionFact,
  expectedSequence: number,
): Promise<Decided> {
  const params = { account, proposal: fact.proposalId };
  try {
    // No message id: two equal decisions at once must not both be told that they won.
    const answer = await bus.append(FACTS.decision, params, fact, { expectedSequence });
    return answer.outcome === "appended" ? { outcome: "decided", sequence: answer.sequence } : { outcome: "lost" };
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== "OUTCOME_UNKNOWN") throw error;
    const last = await bus.readLast(FACTS.decision, params).catch(() => undefined);
    if (last === undefined || last.sequence === expectedSequence) throw error;
    return canonicalHash(last.body) === canonicalHash(fact)
      ? { outcome: "decided", sequence: last.sequence }
      : { outcome: "lost" };
  }
}
