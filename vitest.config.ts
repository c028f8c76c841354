import { defineConfig } from "vitest/config";

/** Unit tests lie beside the code; what crosses services lies in tests/. Two cores: two workers. */
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
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
});
