import { PAIRS, type Pair } from "./pairs.ts";

/** One step along a pair. `inverse`: from the quoted currency to the base. */
export interface Step {
  readonly pair: Pair;
  readonly inverse: boolean;
}

/** Through which currency a rate is crossed first: where the market is deepest. */
const HUBS = ["USD", "EUR", "GBP", "JPY", "CHF", "AUD", "CAD"];
const LEGS_MAX = 3;

function stepsFrom(currency: string): Step[] {
  return PAIRS.flatMap((pair): Step[] => {
    if (pair.base === currency) return [{ pair, inverse: false }];
    return pair.quoted === currency ? [{ pair, inverse: true }] : [];
  });
}

export function endOf({ pair, inverse }: Step): string {
  return inverse ? pair.base : pair.quoted;
}

/**
 * Every way from one currency to another over at most three pairs that passes no currency twice, best first: the fewest
 * legs, then through the deepest markets. Empty: the table knows no way.
 */
export function pathsBetween(from: string, to: string): Step[][] {
  const found: Step[][] = [];
  const walk = (path: Step[], at: string, seen: ReadonlySet<string>) => {
    if (at === to) found.push(path);
    else if (path.length < LEGS_MAX)
      for (const step of stepsFrom(at)) {
        const next = endOf(step);
        if (!seen.has(next) && (next === to || HUBS.includes(next)))
          walk([...path, step], next, new Set([...seen, next]));
      }
  };
  walk([], from, new Set([from]));
  return found.sort((a, b) => a.length - b.length || depth(a) - depth(b));
}

/** The smaller, the deeper the markets on the way. */
function depth(path: readonly Step[]): number {
  return path.slice(0, -1).reduce((sum, step) => sum + HUBS.indexOf(endOf(step)), 0);
}
