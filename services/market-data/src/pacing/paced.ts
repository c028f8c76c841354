import type { Asker, Cost } from "./cost.ts";

/** Runs a question to the broker when its turn has come. Throws PacingRefused when that would be too late. */
export type Paced = <T>(cost: Cost, asker: Asker, task: () => Promise<T>) => Promise<T>;
