import { parseArgs } from "node:util";
import { printReport } from "./cycles/print-report.ts";
import { runCycles } from "./cycles/run-cycles.ts";
import { runPoints } from "./run-points.ts";

const USAGE = `usage: npm run chaos -- --points [--only TEXT] [FILE...]   every crash point, one named test each
       npm run chaos -- --cycles N [--seed S]               random faults under random trading
`;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    points: { type: "boolean", default: false },
    only: { type: "string" },
    cycles: { type: "string" },
    seed: { type: "string", default: "1" },
  },
});
const [cycles, seed] = [Number(values.cycles), Number(values.seed)];
if (values.points) {
  if (!(await runPoints(positionals, values.only))) process.exitCode = 1;
} else if (cycles > 0 && Number.isSafeInteger(cycles) && Number.isSafeInteger(seed)) {
  const startedAt = performance.now();
  const onCycle = (cycle: number, text: string) => process.stderr.write(`${cycle} of ${cycles}: ${text}\n`);
  const report = await runCycles({ cycles, seed, onCycle });
  printReport(report, { seed, seconds: Math.round((performance.now() - startedAt) / 1_000) });
  process.exit(report.failure === undefined ? 0 : 1);
} else {
  process.stderr.write(USAGE);
  process.exitCode = 64;
}
