import { defineConfig } from "vitest/config";
import { PATIENCE_MS } from "./libs/testing/src/patience.ts";
import { SlowFirst } from "./tests/slow-first.ts";

/**
 * Unit tests lie beside the code; what crosses services lies in tests/. Four workers for two cores, because many tests wait for
 * real processes; a worker keeps what it imported for its next file, which is a fifth of the time.
 */
export default defineConfig({
  test: {
    include: [
      "contracts/**/*.test.ts",
      "libs/**/*.test.ts",
      "services/**/*.test.ts",
      "tests/**/*.test.ts",
      "deploy/**/*.test.ts",
    ],
    pool: "forks",
    maxWorkers: 4,
    isolate: false,
    sequence: { sequencer: SlowFirst },
    // They end a test that hangs; a machine that is ten times slower must not reach them.
    testTimeout: 2 * PATIENCE_MS,
    hookTimeout: 3 * PATIENCE_MS,
    expect: { poll: { timeout: PATIENCE_MS } },
  },
});
