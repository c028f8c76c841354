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

async function hunt({ patches }: Mutant): Promise<{ caught: boolean; text: string }> {
  const job = { from: 1, to: SCHEDULES_MAX, stride: 1, untilFirst: true, trace: false };
  const done = await inWorker({ ...job, patches: [SEALS, ...patches] });
  if (done.error !== undefined) return { caught: false, text: done.error };
  if (done.unused.length > 0) return { caught: false, text: done.unused.join("; ") };
  const first = done.findings[0];
  const violation = first?.violations[0];
  if (first === undefined || violation === undefined) return { caught: false, text: `${done.schedules} schedules` };
  const what = violation.what.split("\n")[0]?.slice(0, 100) ?? "";
  return { caught: true, text: `seed ${String(first.seed).padStart(6)}  ${violation.invariant}  ${what}` };
}
