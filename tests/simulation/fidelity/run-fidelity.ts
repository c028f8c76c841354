import { compareLogs, type Fidelity } from "./log-fidelity.ts";
import { compareTws } from "./tws-fidelity.ts";

const DISRUPTED_EVERY = 200;
/** The simulator takes about ten times as long for a script. */
const TWS_SHARE = 10;

/** The scripts on the fakes and on what they stand for, with what was found. False: they differ. */
export async function runFidelity(options: {
  readonly from: number;
  readonly scripts: number;
  readonly say: (text: string) => void;
}): Promise<boolean> {
  const { from, scripts, say } = options;
  const log = await told("log", say, () => compareLogs({ from, scripts, disruptedEvery: DISRUPTED_EVERY }));
  const ofTws = Math.ceil(scripts / TWS_SHARE);
  const tws = await told("TWS", say, () => compareTws({ from, scripts: ofTws }));
  return log && tws;
}

async function told(name: string, say: (text: string) => void, run: () => Promise<Fidelity>): Promise<boolean> {
  const startedMs = performance.now();
  const { scripts, results, divergences } = await run();
  const seconds = ((performance.now() - startedMs) / 1_000).toFixed(1);
  say(`${name}: ${scripts} scripts, ${results} results compared in ${seconds} s, ${divergences.length} differ`);
  for (const { seed, at, fake, real } of divergences) {
    say(`  script ${seed}, result ${at}:`);
    say(`    fake ${fake}`);
    say(`    real ${real}`);
  }
  return divergences.length === 0;
}
