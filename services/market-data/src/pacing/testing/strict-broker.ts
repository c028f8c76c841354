import type { Cost } from "../cost.ts";
import { LIMITS } from "../limits.ts";

/** What reached the broker, by the broker's own clock. */
export interface Arrival {
  readonly atMs: number;
  readonly cost: Cost;
}

/** The strict rules of the broker, told by what arrived: a sum over each window that ends with an arrival. */
export function violations(arrivals: readonly Arrival[]): string[] {
  const inOrder = [...arrivals].sort((a, b) => a.atMs - b.atMs);
  return inOrder.flatMap(({ atMs, cost }, index) => {
    const within = (ms: number) => inOrder.slice(0, index + 1).filter((one) => atMs - one.atMs < ms);
    const hard = (ms: number) => within(ms).filter((one) => one.cost.hard);
    const weight = hard(LIMITS.historical.windowMs).reduce((sum, one) => sum + one.cost.weight, 0);
    const same = hard(LIMITS.identical.windowMs).filter((one) => one.cost.identity === cost.identity);
    const burst = hard(LIMITS.burst.windowMs).filter((one) => one.cost.burstKey === cost.burstKey);
    const found: string[] = [];
    if (within(1_000).length > LIMITS.messages.max) found.push("50 messages in a second");
    if (cost.hard && weight > LIMITS.historical.max) found.push("60 in ten minutes");
    if (cost.hard && cost.identity !== undefined && same.length > 1) found.push("identical within 15 s");
    if (cost.hard && cost.burstKey !== undefined && burst.length > LIMITS.burst.max) found.push("six within 2 s");
    return found;
  });
}
