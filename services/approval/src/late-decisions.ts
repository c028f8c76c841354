import type { DecisionFact } from "@countersign/contracts/facts/decision-facts.v1";

/** No answer to an append takes longer. */
const ANSWERED_WITHIN_MS = 5_000;

/**
 * Decisions that stand in the log although nobody here knows to have written them: an append that was given up and arrived
 * afterwards, or that a process before this one had on its way when it died. Their record is missing in the audit, or may be.
 */
export class LateDecisions {
  readonly #own = new Set<string>();
  readonly #seen = new Map<string, { readonly fact: DecisionFact; readonly atMs: number }>();

  /** The log has confirmed it to this process, which tells the audit. */
  confirmed(fact: DecisionFact): void {
    if (!this.#seen.delete(nameOf(fact))) this.#own.add(nameOf(fact));
  }

  /** It came in with the log, at this monotonic time. */
  seen(fact: DecisionFact, atMs: number): void {
    if (!this.#own.delete(nameOf(fact))) this.#seen.set(nameOf(fact), { fact, atMs });
  }

  /** Those that nobody here will confirm any more; each is given once. */
  due(nowMs: number): DecisionFact[] {
    const due = [...this.#seen].filter(([, { atMs }]) => nowMs - atMs > ANSWERED_WITHIN_MS);
    for (const [name] of due) this.#seen.delete(name);
    return due.map(([, { fact }]) => fact);
  }
}

function nameOf({ proposalId, type, at }: DecisionFact): string {
  return `${proposalId} ${type} ${at}`;
}
