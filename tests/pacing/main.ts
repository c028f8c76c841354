import { parseArgs } from "node:util";
import { type Estimate, pacingRun } from "./run.ts";

/** `npm run pacing`: many agents ask for many instruments; what the broker counted, how right the estimates were, how fair it was. */
const { values } = parseArgs({
  options: {
    agents: { type: "string", default: "50" },
    instruments: { type: "string", default: "500" },
    bars: { type: "string", default: "short" },
    scale: { type: "string", default: "60" },
    /** How many of the worst estimates are shown. */
    worst: { type: "string", default: "5" },
  },
});
const ERROR_MAX = 0.2;
/** What a request takes on its way is no matter of the queue: an estimate is right as well when it is off by less. */
const OFF_MS_MAX = 1_000;
const SHARE_MAX = 2;

const say = (text: string) => process.stdout.write(`${text}\n`);
const percent = (share: number) => `${(100 * share).toFixed(1)} %`;

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

const spread = (values: readonly number[]) =>
  `p50 ${percent(quantile(values, 0.5))}, p95 ${percent(quantile(values, 0.95))}, max ${percent(Math.max(0, ...values))} of ${values.length}`;

const options = {
  agents: Number(values.agents),
  instruments: Number(values.instruments),
  timeScale: Number(values.scale),
  bars: values.bars === "daily" ? ("daily" as const) : ("short" as const),
};
say(
  `${options.bars} bars: ${options.agents} agents, ${options.instruments} instruments, windows of historical data / ${options.timeScale}`,
);
const run = await pacingRun(options);
say(
  `answered ${run.answered}, requests of bars at the socket ${run.requestsOfBars}, in ${Math.round(run.tookMs / 1000)} s`,
);
say(`violations: ${run.violations}`);
const errorsOf = (early: boolean) => run.estimates.filter((one) => one.early === early).map(({ error }) => error);
say(`error of the estimates: ${spread(errorsOf(false))}; told before everybody had asked: ${spread(errorsOf(true))}`);
const isWrong = ({ error, estimateMs, waitMs }: Estimate) =>
  error > ERROR_MAX && Math.abs(estimateMs - waitMs) > OFF_MS_MAX;
const wrong = run.estimates.filter(({ early }) => !early).filter(isWrong).length;
say(`off by more than ${percent(ERROR_MAX)} and by more than a second: ${wrong}`);
const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
const worstFirst = run.estimates
  .filter(({ early }) => !early)
  .toSorted((a, b) => Number(isWrong(b)) - Number(isWrong(a)) || b.error - a.error);
for (const { atMs, estimateMs, waitMs, error } of worstFirst.slice(0, Number(values.worst)))
  say(`  ${percent(error)}: told ${seconds(estimateMs)}, waited ${seconds(waitMs)}, asked after ${seconds(atMs)}`);
for (const { agent, lastMs, share } of run.perAgent)
  say(
    `  ${agent.padEnd(9)} last answer after ${(lastMs / 1000).toFixed(1).padStart(6)} s, at most ${share.toFixed(2)} of its fair share`,
  );
const worst = Math.max(...run.perAgent.map(({ share }) => share));
say(`wait over fair share: max ${worst.toFixed(2)}`);
const holds = run.violations === 0 && run.answered === options.instruments && wrong === 0 && worst <= SHARE_MAX;
say(holds ? "holds" : "DOES NOT HOLD");
process.exit(holds ? 0 : 1);
