import { parentPort, workerData } from "node:worker_threads";
import { inCallback } from "../engine/drain.ts";
import { emptyTallies, MEASURES } from "../world/tally.ts";
import type { Done, Finding, Job } from "./job.ts";
import { loadPatched } from "./load-patched.ts";

const FINDINGS_MAX = 20;

async function run(job: Job): Promise<Done> {
  // Most failures here are wanted; where they came from is told when one schedule is run again.
  if (!job.trace) Error.stackTraceLimit = 0;
  const unused = loadPatched(job.patches);
  const total = { schedules: 0, tallies: emptyTallies(), hash: 0 };
  const findings: Finding[] = [];
  let trace: readonly string[] = [];
  let unhandled: unknown;
  process.on("unhandledRejection", (error) => {
    unhandled = error;
  });
  try {
    const { runSchedule } = await import("./schedule.ts");
    for (const seed of seedsOf(job)) {
      if (findings.length >= FINDINGS_MAX) break;
      const out = await inCallback(() => runSchedule(seed, { trace: job.trace }));
      total.schedules += 1;
      for (const measure of MEASURES) total.tallies[measure].push(out.tally[measure]);
      total.hash = (total.hash + Number.parseInt(out.hash, 16)) >>> 0;
      const { violations } = out;
      trace = out.trace;
      const loose =
        unhandled === undefined ? [] : [{ invariant: "BUG", what: `unhandled: ${String(unhandled)}`, atMs: 0 }];
      unhandled = undefined;
      if (violations.length + loose.length === 0) continue;
      findings.push({ seed, violations: [...violations, ...loose] });
      if (job.untilFirst) break;
    }
    return { ...total, findings, trace, unused: unused(), error: undefined };
  } catch (error) {
    return {
      ...total,
      findings,
      trace,
      unused: [],
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    };
  }
}

function* seedsOf({ only, from, to, stride }: Job): Iterable<number> {
  if (only !== undefined) yield* only;
  else for (let seed = from; seed < to; seed += stride) yield seed;
}

parentPort?.postMessage(await run(workerData as Job));
