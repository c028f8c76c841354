import type { RuleResult, Verdict } from "@countersign/contracts/verdict";

/** So many different words of one rule are remembered; the oldest makes room. */
const KNOWN_MAX = 16;

/**
 * What a rule said about one order it has mostly said about another: of equal results one is kept in memory. A verdict holds
 * some fifty, an order two verdicts, and whoever follows the log holds every order.
 */
export class SharedResults {
  readonly #known = new Map<string, RuleResult[]>();

  /** Puts the known results in the places of equal ones. Only for a verdict that nobody else has seen yet. */
  share({ rules }: Verdict): void {
    for (const [index, result] of rules.entries()) rules[index] = this.#oneOf(result);
  }

  #oneOf(result: RuleResult): RuleResult {
    const known = this.#known.get(result.rule);
    if (known === undefined) {
      this.#known.set(result.rule, [result]);
      return result;
    }
    for (const one of known) if (isSame(one, result)) return one;
    if (known.unshift(result) > KNOWN_MAX) known.pop();
    return result;
  }
}

function isSame(one: RuleResult, other: RuleResult): boolean {
  return (
    one.value === other.value &&
    one.headroom === other.headroom &&
    one.message === other.message &&
    one.limit === other.limit &&
    one.outcome === other.outcome &&
    one.code === other.code &&
    one.unit === other.unit &&
    one.rule === other.rule
  );
}
