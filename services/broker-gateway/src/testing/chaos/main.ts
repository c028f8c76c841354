import { createSystemClock } from "@countersign/clock/clock";
import { runChaos } from "./chaos-run.ts";

// npm run chaos:gateway -- --cycles 10000 --seed 1
const clock = createSystemClock();

function numberOf(name: string, otherwise: number): number {
  const at = process.argv.indexOf(`--${name}`);
  if (at < 0) return otherwise;
  const value = Number(process.argv[at + 1]);
  if (Number.isSafeInteger(value) && value > 0) return value;
  process.stderr.write(`--${name} needs a whole number above 0\n`);
  return process.exit(64);
}

const cycles = numberOf("cycles", 10_000);
const seed = numberOf("seed", 1);
const startedAtMs = clock.monotonicMs();
const onProgress = (done: number, found: number) => {
  if (done % 100 !== 0) return;
  const seconds = Math.round((clock.monotonicMs() - startedAtMs) / 1_000);
  process.stderr.write(`${done} of ${cycles} orders, ${found} findings, ${seconds} s\n`);
};
const report = await runChaos({ seed, cycles, perWorld: 250, perComparison: 25, onProgress });
const { verdicts, ...figures } = report;
const counts = { duplicate: 0, lost: 0, wrong: 0 };
for (const { kind } of verdicts) counts[kind] += 1;
const seconds = Math.round((clock.monotonicMs() - startedAtMs) / 1_000);
process.stdout.write(`${JSON.stringify({ seed, seconds, ...figures, ...counts })}\n`);
for (const { orderRef, kind, text } of verdicts.slice(0, 50)) process.stdout.write(`${kind} ${orderRef} ${text}\n`);
process.exit(verdicts.length === 0 ? 0 : 1);
