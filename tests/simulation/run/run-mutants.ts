import { inWorker } from "./in-workers.ts";
import { MUTANTS, type Mutant } from "./mutants.ts";
import { SEALS } from "./substitutes.ts";

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
  const left = MUTANTS.filter(({ name }) => only === undefined || only.includes(name));
  const total = left.length;
  let caught = 0;
  const next = async (): Promise<void> => {
    for (let mutant = left.shift(); mutant !== undefined; mutant = left.shift()) {
      const line = await hunt(mutant);
      if (line.caught) caught += 1;
      say(`${line.caught ? "caught" : "ESCAPED"}  ${mutant.name.padEnd(34)} ${line.text}`);
    }
  };
  await Promise.all(Array.from({ length: threads }, next));
  say(`${caught} of ${total} mutants caught`);
  return caught === total;
}

/** The first schedule that catches it, and that the code without the mistake passes. */
async function hunt({ patches }: Mutant): Promise<{ caught: boolean; text: string }> {
  const job = { to: SCHEDULES_MAX, stride: 1, untilFirst: true, trace: false };
  for (let from = 1; ; ) {
    const done = await inWorker({ ...job, from, patches: [SEALS, ...patches] });
    if (done.error !== undefined) return { caught: false, text: done.error };
    if (done.unused.length > 0) return { caught: false, text: done.unused.join("; ") };
    const first = done.findings[0];
    const violation = first?.violations[0];
    if (first === undefined || violation === undefined) return { caught: false, text: `${SCHEDULES_MAX} schedules` };
    const { seed } = first;
    const unchanged = await inWorker({ ...job, from: seed, to: seed + 1, patches: [SEALS] });
    const what = violation.what.split("\n")[0]?.slice(0, 100) ?? "";
    if (unchanged.findings.length === 0)
      return { caught: true, text: `seed ${String(seed).padStart(6)}  ${violation.invariant.padEnd(3)}  ${what}` };
    from = seed + 1;
  }
}
