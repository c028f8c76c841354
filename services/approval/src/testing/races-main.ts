import { parseArgs } from "node:util";
import { createSystemClock } from "@countersign/clock/clock";
import { AT_ONCE, race } from "./races.ts";

/** npm run races [-- --rounds 10000]. Ends with 1 when a round had not exactly one winner. */
const { values } = parseArgs({ options: { rounds: { type: "string", default: "1000" } } });
const clock = createSystemClock();
const startMs = clock.monotonicMs();
const EVERY = 1_000;
const { rounds, wrong } = await race(Number(values.rounds), (done) => {
  if (done % EVERY === 0) process.stdout.write(`${done} rounds\n`);
});
const seconds = ((clock.monotonicMs() - startMs) / 1_000).toFixed(1);
process.stdout.write(
  `${rounds} rounds of ${AT_ONCE} at once in ${seconds} s: ${wrong.length} without exactly one winner\n`,
);
for (const line of wrong.slice(0, 20)) process.stdout.write(`${line}\n`);
process.exitCode = wrong.length === 0 ? 0 : 1;
