import { join } from "node:path";
import { startVitest } from "vitest/node";
import { PlainSummary } from "../plain-summary.ts";

/** Every crash point as a named test against real processes; `filters` are parts of file names. True when all hold. */
export async function runPoints(filters: readonly string[], name: string | undefined): Promise<boolean> {
  const vitest = await startVitest("test", [...filters], {
    config: false,
    root: join(import.meta.dirname, "../.."),
    include: ["tests/chaos/**/*.points.ts"],
    pool: "forks",
    // Each file has a whole system of its own.
    maxWorkers: 1,
    testTimeout: 90_000,
    hookTimeout: 60_000,
    watch: false,
    run: true,
    ...(name === undefined ? {} : { testNamePattern: name }),
    reporters: ["verbose", new PlainSummary()],
  });
  const failed = vitest.state.getCountOfFailedTests();
  await vitest.close();
  return failed === 0 && process.exitCode !== 1;
}
