import { fakeLogSide } from "./fake-log-side.ts";
import { logScript } from "./log-script.ts";
import { realLogSide } from "./real-log-side.ts";
import { LogRunner } from "./run-log-script.ts";

export interface Divergence {
  readonly seed: number;
  /** The step or line at which they part. */
  readonly at: number;
  readonly fake: string;
  readonly real: string;
}

export interface Fidelity {
  readonly scripts: number;
  /** Results that were compared. */
  readonly results: number;
  readonly divergences: readonly Divergence[];
}

const DIVERGENCES_MAX = 5;

/** Runs the same scripts on the fake and on the real server, and compares every result. Stops after a few differences. */
export async function compareLogs(range: {
  readonly from: number;
  readonly scripts: number;
  /** One in so many scripts has a restart or a full stream in it. */
  readonly disruptedEvery: number;
}): Promise<Fidelity> {
  const sides = [fakeLogSide(), await realLogSide()] as const;
  const [fake, real] = [new LogRunner(sides[0]), new LogRunner(sides[1])];
  const divergences: Divergence[] = [];
  let results = 0;
  let scripts = 0;
  try {
    for (; scripts < range.scripts && divergences.length < DIVERGENCES_MAX; scripts += 1) {
      const seed = range.from + scripts;
      const steps = logScript(seed, { disruptions: seed % range.disruptedEvery === 0 });
      const [ofFake, ofReal] = [await fake.run(seed, steps), await real.run(seed, steps)];
      results += ofReal.length;
      const found = firstDifference(seed, ofFake, ofReal);
      if (found !== undefined) divergences.push(found);
    }
  } finally {
    await sides[1].stop();
  }
  return { scripts, results, divergences };
}

export function firstDifference(
  seed: number,
  fake: readonly string[],
  real: readonly string[],
): Divergence | undefined {
  const length = Math.max(fake.length, real.length);
  for (let at = 0; at < length; at += 1) {
    const [a = "nothing", b = "nothing"] = [fake[at], real[at]];
    if (a !== b) return { seed, at, fake: a, real: b };
  }
  return undefined;
}
