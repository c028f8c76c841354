import { parseArgs } from "node:util";
import { LONG_PROPERTIES, type LongProperty } from "./properties.ts";

/** npm run test:long [-- --runs 1000000 --seed 6 --only PART-OF-A-NAME]. Ends with 1 when something did not hold. */

/** A batch has a seed of its own, so that a counterexample is found again without the batches before it. */
const BATCH = 10_000;

const { values } = parseArgs({
  options: {
    runs: { type: "string", default: "1000000" },
    seed: { type: "string", default: "6" },
    only: { type: "string", default: "" },
  },
});
const runs = Number(values.runs);
const seed = Number(values.seed);
if (!Number.isSafeInteger(runs) || runs < 1 || !Number.isSafeInteger(seed))
  throw new RangeError("--runs and --seed are numbers");

function holds({ name, check }: LongProperty): boolean {
  const startMs = performance.now();
  for (let done = 0; done < runs; done += BATCH) {
    const size = Math.min(BATCH, runs - done);
    const batchSeed = seed + done / BATCH;
    try {
      check({ runs: size, seed: batchSeed });
    } catch (error) {
      process.stdout.write(`${name}: DOES NOT HOLD, found with --seed ${batchSeed} --runs ${size}\n${String(error)}\n`);
      return false;
    }
  }
  process.stdout.write(`${name}: ${runs} runs in ${((performance.now() - startMs) / 1_000).toFixed(1)} s\n`);
  return true;
}

const chosen = LONG_PROPERTIES.filter(({ name }) => name.includes(values.only));
if (chosen.length === 0) throw new RangeError(`no property has ${values.only} in its name`);
process.exitCode = chosen.map(holds).every(Boolean) ? 0 : 1;
