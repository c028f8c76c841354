import { spawn } from "node:child_process";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { CACHE_FOLDER } from "../deploy/local/repository.ts";
import { playDay } from "../services/tws-simulator/src/testing/simulated-day.ts";
import type { Series } from "./statistics.ts";

const MAIN = join(import.meta.dirname, "../services/tws-simulator/src/main.ts");
const START_BUDGET_MS = 300;
const DAY_BUDGET_MS = 60_000;
const REGULAR_HOURS = 6.5;

/** From the start of the process to its ready line, with compiled code in the cache as every start but the first has it. */
async function timedStart(): Promise<number> {
  const startedAt = performance.now();
  const child = spawn(process.execPath, [MAIN, "start", "--json", "--port", "0"], {
    stdio: ["ignore", "pipe", "ignore"],
    env: { PATH: process.env.PATH ?? "", NODE_COMPILE_CACHE: join(CACHE_FOLDER, "node-compile") },
  });
  const gone = new Promise((resolve) => child.once("exit", resolve));
  await new Promise((resolve) => createInterface({ input: child.stdout }).once("line", resolve));
  const ms = performance.now() - startedAt;
  child.kill("SIGTERM");
  await gone;
  return ms;
}

/** The simulator alone: its start, and a day of New York with two clients and quotes for all of the regular session. */
export async function measureSimulator(rounds: number): Promise<Series[]> {
  await timedStart();
  const starts: number[] = [];
  for (let round = 0; round < rounds; round += 1) starts.push(await timedStart());
  const startedAt = performance.now();
  const { simulator } = await playDay({ quoteHours: REGULAR_HOURS, pnlHours: 24 });
  const dayMs = performance.now() - startedAt;
  await simulator.stop();
  return [
    { name: "simulator: start -> ready", samples: starts, budget: { p50: START_BUDGET_MS } },
    { name: "simulator: a simulated day, clients at 178 and 193", samples: [dayMs], budget: { p50: DAY_BUDGET_MS } },
  ];
}
