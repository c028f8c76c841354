import { measureRecovery } from "./measure-recovery.ts";
import { measureStreams } from "./measure-streams.ts";
import { TABLE_HEAD, tableLine } from "./statistics.ts";

/** Streams alone: `node deploy/local/bootstrap.mjs --nats bench/streams.ts [seconds]`. */
const [seconds = "60"] = process.argv.slice(2);
const { series, lines } = await measureStreams(Number(seconds));
const recovery = await measureRecovery();
process.stdout.write(
  `${[...TABLE_HEAD, ...series.map((one) => tableLine(one, 1)), "", ...lines, ...recovery].join("\n")}\n`,
);
process.exit(0);
