import { parseArgs } from "node:util";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { type Count, type Found, fuzz } from "./fuzz.ts";

/** npm run fuzz [-- --seed 7 --inputs 1000000 | --seed 7 --only 123]. Ends with 1 when it found something, or hangs. */

const BATCH = 10_000;
/** A batch takes about half a second; one without an end after so long hangs. */
const HANG_MS = 60_000;
const SHOWN_MAX = 20;

interface Batch {
  readonly from: number;
  readonly counts: Count[];
  readonly found: Found[];
}

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "7" },
    inputs: { type: "string", default: "1000000" },
    only: { type: "string" },
  },
});
const seed = Number(values.seed);
const inputs = Number(values.inputs);

function work(): void {
  const run = workerData as { seed: number; inputs: number };
  for (let from = 0; from < run.inputs; from += BATCH) {
    const count = Math.min(BATCH, run.inputs - from);
    parentPort?.postMessage({ from, ...fuzz({ seed: run.seed, from, count }) } satisfies Batch);
  }
}

function add(totals: Count[], batch: readonly Count[]): void {
  for (const one of batch) {
    const total = totals.find(({ target }) => target === one.target);
    if (total === undefined) totals.push({ ...one });
    else {
      total.inputs += one.inputs;
      total.accepted += one.accepted;
      total.refused += one.refused;
      total.slowestMs = Math.max(total.slowestMs, one.slowestMs);
    }
  }
}

function report(totals: readonly Count[], found: readonly Found[], seconds: number): void {
  const lines = totals.map(
    ({ target, inputs: tried, accepted, refused, slowestMs }) =>
      `${target.padEnd(22)} ${String(tried).padStart(9)} inputs ${String(accepted).padStart(8)} accepted ${String(refused).padStart(8)} refused   slowest ${slowestMs.toFixed(1)} ms`,
  );
  const sum = totals.reduce((all, { inputs: tried }) => all + tried, 0);
  lines.push(`${sum} inputs with seed ${seed} in ${seconds.toFixed(1)} s: ${found.length} findings`);
  for (const { target, input, what } of found.slice(0, SHOWN_MAX)) lines.push(`  ${target}, input ${input}: ${what}`);
  process.stdout.write(`${lines.join("\n")}\n`);
}

async function run(): Promise<number> {
  const startedAt = performance.now();
  const totals: Count[] = [];
  const found: Found[] = [];
  const worker = new Worker(new URL(import.meta.url), { workerData: { seed, inputs } });
  let next = 0;
  let timer: NodeJS.Timeout | undefined;
  const code = await new Promise<number>((resolve, reject) => {
    const watch = () => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        found.push({ target: "all", input: next, what: `hangs somewhere from input ${next} on` });
        resolve(1);
      }, HANG_MS);
    };
    watch();
    worker.on("message", (batch: Batch) => {
      next = batch.from + BATCH;
      add(totals, batch.counts);
      found.push(...batch.found);
      watch();
    });
    worker.on("error", reject);
    worker.on("exit", () => resolve(0));
  });
  clearTimeout(timer);
  await worker.terminate();
  report(totals, found, (performance.now() - startedAt) / 1_000);
  return found.length > 0 ? 1 : code;
}

if (!isMainThread) work();
else if (values.only === undefined) process.exitCode = await run();
else {
  const { counts, found } = fuzz({ seed, from: Number(values.only), count: 1 });
  report(
    counts.filter(({ inputs: tried }) => tried > 0),
    found,
    0,
  );
  process.exitCode = found.length > 0 ? 1 : 0;
}
