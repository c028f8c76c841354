import { resolve } from "node:path";
import { defineConfig } from "vitest/config";

/** npm run test:long: what takes minutes. Of each a slice runs with the other tests. */
export default defineConfig({
  root: resolve(import.meta.dirname, "../.."),
  test: { include: ["tests/long/**/*.long.ts"], testTimeout: 3_600_000, hookTimeout: 120_000 },
});
