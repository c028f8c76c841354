import type { Cost } from "./cost.ts";

/** Runs a question to the broker when the turn has come of those for whom it is asked. Throws PacingRefused when that would be too late. */
export type Paced = <T>(cost: Cost, task: () => Promise<T>) => Promise<T>;
