import { inWorker } from "./in-workers.ts";
import { MUTANTS, type Mutant } from "./mutants.ts";
import { SUBSTITUTES } from "./substitutes.ts";

/** A mutant that has not been caught by then has got away. */
const SCHEDULES_MAX = 20_000;

/** Runs each mutant until it is caught. True: all were. */
export async function runMutants(options: {
  readonly only: readonly string[] | undefined;
  readonly threads: number;
  readonly say: (text: string) => void;
}): Promise<boolean> {
  const { only, threads, say } = options;
  const unknown = only?.filter((name) => !MUTANTS.some((mutant) => mutant.name === name)) ?? [];
  if (unknown.length > 0) {
    say(`no mutant has the name ${unknown.join(", ")}`);
    return false;
  }
  const wanted = MUTANTS.filter(({ name }) => only === undefined || only.includes(name));
  let left = wanted.map((mutant): Hunt => ({ mutant, from: 1 }));
  let caught = 0;
  while (left.length > 0) {
    const trails = await inTurn(left, threads, async (hunt) => {
      const trail = await follow(hunt);
      const { seed, text } = trail;
      say(`${seed === undefined ? "ESCAPED" : "caught"}  ${hunt.mutant.name.padEnd(44)} ${text}`);
      return { hunt, seed };
    });
    const seeds = trails.flatMap(({ seed }) => seed ?? []);
    const guilty = await failingAnyway(seeds);
    caught += seeds.filter((seed) => !guilty.has(seed)).length;
    left = trails.flatMap(({ hunt, seed }) =>
      seed !== undefined && guilty.has(seed) ? [{ ...hunt, from: seed + 1 }] : [],
    );
    for (const { mutant, from } of left) say(`not yet  ${mutant.name}: seed ${from - 1} fails without the mistake too`);
  }
  say(`${caught} of ${wanted.length} mutants caught`);
  return caught === wanted.length;
}

interface Hunt {
  readonly mutant: Mutant;
  /** The seeds before it do not count. */
  readonly from: number;
}

/** Each item once, so many at a time. */
async function inTurn<T, R>(items: readonly T[], threads: number, run: (item: T) => Promise<R>): Promise<R[]> {
  const waiting = [...items];
  const results: R[] = [];
  const next = async (): Promise<void> => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) results.push(await run(item));
  };
  await Promise.all(Array.from({ length: threads }, next));
  return results;
}

const JOB = { stride: 1, trace: false } as const;

/** Those of the seeds that fail in the code as it is: they have caught nothing. */
async function failingAnyway(seeds: readonly number[]): Promise<Set<number>> {
  const done = await inWorker({
    ...JOB,
    from: 0,
    to: 0,
    only: [...new Set(seeds)],
    untilFirst: false,
    patches: SUBSTITUTES,
  });
  if (done.error !== undefined) throw new Error(done.error);
  return new Set(done.findings.map(({ seed }) => seed));
}

/** The first schedule that catches it; no seed: it got away. */
async function follow({ mutant, from }: Hunt): Promise<{ seed: number | undefined; text: string }> {
  const patches = [...SUBSTITUTES, ...mutant.patches];
  const done = await inWorker({ ...JOB, from, to: SCHEDULES_MAX, untilFirst: true, patches });
  if (done.error !== undefined) return { seed: undefined, text: done.error };
  if (done.unused.length > 0) return { seed: undefined, text: done.unused.join("; ") };
  const first = done.findings[0];
  const violation = first?.violations[0];
  if (first === undefined || violation === undefined) return { seed: undefined, text: `${SCHEDULES_MAX} schedules` };
  const what = violation.what.split("\n")[0]?.slice(0, 100) ?? "";
  return {
    seed: first.seed,
    text: `seed ${String(first.seed).padStart(6)}  ${violation.invariant.padEnd(3)}  ${what}`,
  };
}
