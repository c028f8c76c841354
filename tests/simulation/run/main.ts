import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import { MEASURES, type Tallies } from "../world/tally.ts";
import { distributionOf } from "./distribution.ts";
import { inWorker, inWorkers } from "./in-workers.ts";
import type { Done, Finding } from "./job.ts";
import { runMutants } from "./run-mutants.ts";
import { SUBSTITUTES } from "./substitutes.ts";

const { values } = parseArgs({
  options: {
    schedules: { type: "string", default: "10000" },
    from: { type: "string", default: "1" },
    seed: { type: "string" },
    trace: { type: "boolean", default: false },
    mutants: { type: "boolean", default: false },
    only: { type: "string" },
    fidelity: { type: "boolean", default: false },
    scripts: { type: "string", default: "10000" },
    threads: { type: "string", default: String(availableParallelism()) },
  },
});

const say = (text: string) => process.stdout.write(`${text}\n`);

function show({ seed, violations }: Finding): void {
  say(`seed ${seed}:`);
  for (const { invariant, what, atMs } of violations) say(`  ${invariant} at ${atMs.toFixed(1)} ms: ${what}`);
}

/** One schedule, with its trace where it is asked for or where it fails. */
async function replay(seed: number, trace: boolean): Promise<boolean> {
  const job = { patches: SUBSTITUTES, from: seed, to: seed + 1, stride: 1, untilFirst: true, trace: true };
  const done = await inWorker({ ...job, trace });
  say(`seed ${seed}: trace hash ${done.hash.toString(16).padStart(8, "0")}, ${done.tallies.steps[0] ?? 0} steps`);
  if (done.error !== undefined) say(done.error);
  for (const finding of done.findings) show(finding);
  for (const line of done.trace) say(line);
  return done.findings.length === 0 && done.error === undefined;
}

async function sweep(): Promise<boolean> {
  const from = Number(values.from);
  const threads = Number(values.threads);
  const startedMs = performance.now();
  const to = from + Number(values.schedules);
  const all = await inWorkers({ patches: SUBSTITUTES, from, to, untilFirst: false, trace: false }, threads);
  const seconds = (performance.now() - startedMs) / 1_000;
  const sum = (of: (done: Done) => number) => all.reduce((total, done) => total + of(done), 0);
  const schedules = sum((done) => done.schedules);
  const hash = (sum((done) => done.hash) >>> 0).toString(16).padStart(8, "0");
  say(`${schedules} schedules from seed ${from} in ${seconds.toFixed(1)} s on ${threads} threads, trace hash ${hash}`);
  const tallies = Object.fromEntries(MEASURES.map((one) => [one, all.flatMap((done) => done.tallies[one])]));
  for (const line of distributionOf(tallies as Tallies)) say(line);
  const findings = all.flatMap((done) => done.findings).sort((a, b) => a.seed - b.seed);
  for (const error of all.flatMap((done) => done.error ?? [])) say(error);
  say(`${findings.length} schedules with violations`);
  for (const finding of findings.slice(0, 20)) show(finding);
  const first = findings[0];
  if (first !== undefined) {
    say(`the first one again, with its trace (npm run simulate -- --seed ${first.seed} --trace):`);
    await replay(first.seed, true);
  }
  return findings.length === 0 && all.every((done) => done.error === undefined);
}

/** Loaded only when it is asked for: it brings real clients with it, which no schedule needs. */
async function fidelity(): Promise<boolean> {
  const { runFidelity } = await import("../fidelity/run-fidelity.ts");
  return runFidelity({ from: Number(values.from), scripts: Number(values.scripts), say });
}

const good = values.fidelity
  ? await fidelity()
  : values.mutants
    ? await runMutants({ only: values.only?.split(";"), threads: Number(values.threads), say })
    : values.seed === undefined
      ? await sweep()
      : await replay(Number(values.seed), values.trace);
process.exitCode = good ? 0 : 1;
