import { measureGateway } from "./measure-gateway.ts";
import { TABLE_HEAD, tableLine } from "./statistics.ts";

/** The broker side alone: `node deploy/local/bootstrap.mjs --nats bench/gateway.ts [rounds] [seconds of quotes]`. */
const [rounds = "120", seconds = "60"] = process.argv.slice(2);
const { series, lines } = await measureGateway({ rounds: Number(rounds), quoteSeconds: Number(seconds) });
process.stdout.write(`${[...TABLE_HEAD, ...series.map((one) => tableLine(one, 1)), "", ...lines].join("\n")}\n`);
process.exit(0);
