import { parseArgs } from "node:util";
import { tempDir } from "@countersign/testing/temp-dir";
import { configWith } from "../end-to-end/config-with.ts";
import { startSystem } from "../end-to-end/system.ts";
import { drilledIn, drillOnce, Pending, POINTS, type Round } from "./drill.ts";

/**
 * Drills of the kill switch, against a system of its own or the one of `--data-dir`. Exit code 1: an order reached the
 * broker after the latch, or a bound was not held.
 */
const REFUSED_P99_MS = 100;
const CANCELLED_P99_MS = 3_000;
const CANCEL_EVERY = 25;
const WORKING = 5;
const FAST = "{ perSecond: 1000, burst: 1000 }";
/** Of a system with the rates of every day. */
const PAUSE_MS = 700;

const { values } = parseArgs({ options: { rounds: { type: "string" }, "data-dir": { type: "string" } } });
const rounds = Number(values.rounds ?? "20");
const folder = tempDir("countersign-drill-");
/** A drill tries to send far more often than an agent may. */
const config = () => configWith(folder.path, { "mcp-edge.yaml": { reads: FAST, proposes: FAST } });
const own = values["data-dir"] === undefined ? await startSystem({ args: ["--config-dir", config()] }) : undefined;
const system = own ?? drilledIn(values["data-dir"] ?? "");
const say = (text: string) => void process.stdout.write(`${text}\n`);
try {
  if (system.ready.mode !== "simulator" && system.ready.mode !== "paper") throw new Error("no drill in live mode");
  const done: Round[] = [];
  const pending = new Pending(system);
  for (let number = 1; number <= rounds; number += 1) {
    done.push(await drillOnce(system, pending, number % CANCEL_EVERY === 1 ? WORKING : 0));
    if (own === undefined) await new Promise((paused) => setTimeout(paused, PAUSE_MS));
  }
  process.exitCode = report(done) ? 0 : 1;
} finally {
  await own?.stop();
  folder.remove();
}

function report(done: readonly Round[]): boolean {
  say(`${done.length} drills in mode ${system.ready.mode}`);
  say("ms from the request to set HALTED until refused    p50     p99     max");
  const lines = POINTS.map((point) =>
    row(
      point,
      done.map(({ refusedMs }) => refusedMs[point]),
    ),
  );
  const cancelled = done.flatMap(({ cancelledMs }) => cancelledMs ?? []);
  const cancelP99 = row(`all ${WORKING} orders cancelled (${cancelled.length} times)`, cancelled);
  const after = done.reduce((sum, { framesAfter }) => sum + framesAfter, 0);
  say(`placeOrder frames at the broker after the latch: ${after}`);
  return after === 0 && lines.every((p99) => p99 <= REFUSED_P99_MS) && cancelP99 <= CANCELLED_P99_MS;
}

function row(name: string, times: readonly number[]): number {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (part: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
  const cell = (ms: number) => ms.toFixed(1).padStart(8);
  say(`  ${name.padEnd(46)}${cell(at(0.5))}${cell(at(0.99))}${cell(sorted.at(-1) ?? 0)}`);
  return at(0.99);
}
