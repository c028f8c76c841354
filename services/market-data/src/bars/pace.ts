import type { Cost } from "../pacing/cost.ts";
import type { PacingRefused } from "../pacing/refused.ts";

/** What spends the broker's allowance. Throws PacingRefused when the wait would be too long; nothing was asked then. */
export interface Pace {
  run<T>(cost: Cost, task: () => Promise<T>): Promise<T>;
}

/** Everything at once: where the pace is not what matters. */
export const UNPACED: Pace = { run: (_cost, task) => task() };

/** The estimate of a wait that was too long; null: there is none. */
export function waitMsOf(refused: PacingRefused): number | null {
  const estimate = refused.denial.detail?.estimatedWaitMs;
  return typeof estimate === "number" ? Math.ceil(estimate) : null;
}
