import type { OrderBus } from "@countersign/bus/bus";
import { Fault } from "@countersign/contracts/denial";
import type { DecisionFact } from "@countersign/contracts/facts/decision-facts.v1";
import { FACTS } from "@countersign/contracts/subjects";
import { canonicalHash } from "@countersign/ids/hash";
import type { OrderRecord } from "@countersign/orders/projection";
import type { LateDecisions } from "./late-decisions.ts";

export type Decided = { readonly outcome: "decided"; readonly sequence: number } | { readonly outcome: "lost" };

/** What the log must end with: the decision log alone, or with it every log of the order. */
export interface Expected {
  readonly decision: number;
  /** Absent: what others write about the order does not matter. */
  readonly order?: number;
}

/** As this process knows the order: whatever anybody has written since is a conflict. */
export function wholeOrder({ sequences }: Pick<OrderRecord, "sequences">): Expected {
  return { decision: sequences.decision, order: Math.max(...Object.values(sequences)) };
}

function conditionOf({ decision, order }: Expected) {
  return { expectedSequence: decision, ...(order !== undefined && { expectedOrderSequence: order }) };
}

/**
 * Appends a decision if nobody decided since `expected` (0: nobody yet). "lost": another decision stands there.
 * Without an answer the log is read back; only if it shows neither ours nor another does OUTCOME_UNKNOWN remain.
 */
export async function decide(
  deps: { readonly bus: OrderBus; readonly late: LateDecisions },
  account: string,
  fact: DecisionFact,
  expected: Expected,
): Promise<Decided> {
  const decided = await tryToDecide(deps.bus, account, fact, expected);
  if (decided.outcome === "decided") deps.late.confirmed(fact);
  return decided;
}

async function tryToDecide(bus: OrderBus, account: string, fact: DecisionFact, expected: Expected): Promise<Decided> {
  const params = { account, proposal: fact.proposalId };
  try {
    // No message id: two equal decisions at once must not both be told that they won.
    const answer = await bus.append(FACTS.decision, params, fact, conditionOf(expected));
    return answer.outcome === "appended" ? { outcome: "decided", sequence: answer.sequence } : { outcome: "lost" };
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== "OUTCOME_UNKNOWN") throw error;
    const last = await bus.readLast(FACTS.decision, params).catch(() => undefined);
    if (last === undefined || last.sequence === expected.decision) throw error;
    return canonicalHash(last.body) === canonicalHash(fact)
      ? { outcome: "decided", sequence: last.sequence }
      : { outcome: "lost" };
  }
}
