import { test } from "vitest";
import { LONG_PROPERTIES } from "./properties.ts";

/** A million runs of each, in batches with a seed of their own: a counterexample is found again without the batches before it. */
const BATCHES = 100;
const BATCH = 10_000;
const SEED = 6;

test.each(LONG_PROPERTIES)("$name: a million runs", async ({ check }) => {
  for (let batch = 0; batch < BATCHES; batch += 1) {
    check({ runs: BATCH, seed: SEED + batch });
    // Lets the runner say that it lives.
    await new Promise(setImmediate);
  }
});
