import { parseArgs } from "node:util";
import { runPoints } from "./run-points.ts";

const USAGE = "usage: npm run chaos -- --points [--only TEXT] [FILE...]\n";

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { points: { type: "boolean", default: false }, only: { type: "string" } },
});
if (!values.points) {
  process.stderr.write(USAGE);
  process.exit(64);
}
if (!(await runPoints(positionals, values.only))) process.exitCode = 1;
