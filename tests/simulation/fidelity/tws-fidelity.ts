import { fakeTwsSide } from "./fake-tws-side.ts";
import { type Divergence, type Fidelity, firstDifference } from "./log-fidelity.ts";
import { realTwsSide } from "./real-tws-side.ts";
import { TwsRunner } from "./run-tws-script.ts";
import { twsScript } from "./tws-script.ts";

const DIVERGENCES_MAX = 5;
/** With every script there are more orders to be listed. */
const SCRIPTS_PER_SIMULATOR = 40;

/** The same scripts on the fake TWS and on the simulator, result by result. After a difference both begin anew. */
export async function compareTws(range: { readonly from: number; readonly scripts: number }): Promise<Fidelity> {
  const divergences: Divergence[] = [];
  let [results, scripts] = [0, 0];
  while (scripts < range.scripts && divergences.length < DIVERGENCES_MAX) {
    const sides = [fakeTwsSide(), await realTwsSide()] as const;
    const [fake, real] = [new TwsRunner(sides[0]), new TwsRunner(sides[1])];
    try {
      for (let count = 0; count < SCRIPTS_PER_SIMULATOR && scripts < range.scripts; count += 1) {
        const seed = range.from + scripts;
        const steps = twsScript(seed);
        const [ofFake, ofReal] = [await fake.run(seed, steps), await real.run(seed, steps)];
        scripts += 1;
        results += ofReal.length;
        const found = firstDifference(seed, ofFake, ofReal);
        if (found === undefined) continue;
        divergences.push(found);
        break;
      }
    } finally {
      await sides[1].stop();
    }
  }
  return { scripts, results, divergences };
}
