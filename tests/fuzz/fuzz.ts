import { Random } from "./random.ts";
import { TARGETS } from "./targets.ts";

export interface Count {
  readonly target: string;
  inputs: number;
  accepted: number;
  refused: number;
  /** Of the slowest input. */
  slowestMs: number;
}

export interface Found {
  readonly target: string;
  /** `npm run fuzz -- --seed SEED --only INPUT` tries just this one. */
  readonly input: number;
  readonly what: string;
}

/** Reading any of them takes far less than a millisecond; so long is as good as a hang, and no busy machine. */
const SLOW_MS = 10_000;

/** Every target in turn, one input after the other. An input depends on the seed and its number alone. */
export function fuzz(run: { readonly seed: number; readonly from: number; readonly count: number }): {
  counts: Count[];
  found: Found[];
} {
  const counts = TARGETS.map(({ name }) => ({ target: name, inputs: 0, accepted: 0, refused: 0, slowestMs: 0 }));
  const found: Found[] = [];
  for (let input = run.from; input < run.from + run.count; input += 1) {
    const index = input % TARGETS.length;
    const target = TARGETS[index];
    const count = counts[index];
    if (target === undefined || count === undefined) throw new Error("no target");
    const startedAt = performance.now();
    try {
      count[target.try(new Random(Math.imul(run.seed, 0x9e3779b1) + input))] += 1;
    } catch (error) {
      found.push({
        target: target.name,
        input,
        what: error instanceof Error ? `${error.name}: ${error.message}` : String(error),
      });
    }
    const tookMs = performance.now() - startedAt;
    count.inputs += 1;
    count.slowestMs = Math.max(count.slowestMs, tookMs);
    if (tookMs > SLOW_MS) found.push({ target: target.name, input, what: `took ${tookMs.toFixed(0)} ms` });
  }
  return { counts, found };
}
