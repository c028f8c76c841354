import { exposureStaysWithinLimits } from "./exposure/property.ts";
import { noSplitPassesMore } from "./exposure/split.ts";

/** Something that must hold for every run. `check` throws with the counterexample; the same runs and seed are the same cases. */
export interface LongProperty {
  readonly name: string;
  readonly check: (options: { runs: number; seed: number }) => void;
}

/** All of them: a slice of each is in `npm test`, a million runs of each in `npm run test:long`. */
export const LONG_PROPERTIES: readonly LongProperty[] = [exposureStaysWithinLimits, noSplitPassesMore];
