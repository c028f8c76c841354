import { resolve } from "node:path";
import { defineConfig } from "vitest/config";
import { TESTS_VARIABLE } from "./groups.ts";

const root = resolve(import.meta.dirname, "../..");

/**
 * Runs in Stryker's copy of the project. The packages of the workspace are looked up in that copy and not through
 * node_modules, whose links lead to the files that are not mutated.
 */
export default defineConfig({
  root,
  resolve: {
    alias: [
      { find: /^@countersign\/contracts\/(.+)$/, replacement: `${root}/contracts/src/$1.ts` },
      { find: /^@countersign\/([a-z-]+)\/(.+)$/, replacement: `${root}/libs/$1/src/$2.ts` },
    ],
  },
  test: {
    include: JSON.parse(process.env[TESTS_VARIABLE] ?? "[]") as string[],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    setupFiles: ["tests/mutation/fresh-modules.ts"],
    expect: { poll: { timeout: 8_000 } },
  },
});
