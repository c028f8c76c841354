import { eventually } from "../services/broker-gateway/src/testing/eventually.ts";
import { type Reader, StreamWorld } from "../tests/streams/stream-world.ts";
import { STREAM_LINES, STREAMED } from "../tests/streams/streamed-conids.ts";

/** From the broker's return until the last of the streams is back. */
const BUDGET_MS = 5_000;
const DOWN_MS = 1_500;
const WITHIN_MS = 60_000;

interface Case {
  readonly name: string;
  readonly fault: object;
  /** From the fault to the broker's return. */
  readonly downMs: number;
}

const CASES: readonly Case[] = [
  { name: "connection cut", fault: { action: "closeConnections" }, downMs: 0 },
  { name: "daily restart", fault: { action: "restart", downMs: DOWN_MS }, downMs: DOWN_MS },
  {
    name: "nightly reset, streams lost",
    fault: { action: "serverLost", downMs: DOWN_MS, restored: "1101" },
    downMs: DOWN_MS,
  },
  {
    name: "nightly reset, streams kept",
    fault: { action: "serverLost", downMs: DOWN_MS, restored: "1102" },
    downMs: DOWN_MS,
  },
];

/** How long 200 streams take to come back; the reader also checks that nothing stale came without its flag. */
export async function measureRecovery(): Promise<string[]> {
  const streams = { linesPerAskerMax: STREAMED.length };
  const world = await StreamWorld.open({ lines: STREAM_LINES, streams });
  await world.fault({ action: "messagePacing", perSecond: STREAM_LINES / 2 });
  const reader = world.reader("admin", "operator");
  await reader.watch?.watch(STREAMED);
  await allAre(reader, ["live"]);
  const lines: string[] = [];
  for (const { name, fault, downMs } of CASES) {
    const startedAt = performance.now();
    await world.fault(fault);
    await eventually(() => (reader.count("reconnecting") === STREAMED.length ? true : undefined), WITHIN_MS);
    const toldMs = performance.now() - startedAt;
    await allAre(reader, ["live"]);
    const backMs = performance.now() - startedAt - downMs;
    const verdict = backMs <= BUDGET_MS && reader.broken.length === 0 ? "met" : "MISSED";
    lines.push(
      `${STREAMED.length} streams, ${name}: told after ${toldMs.toFixed(0)} ms, all back ${backMs.toFixed(0)} ms after the broker (budget ${BUDGET_MS}): ${verdict}`,
    );
  }
  await world.close();
  return lines;
}

async function allAre(reader: Reader, statuses: readonly ["live"]): Promise<void> {
  await eventually(() => (reader.count(statuses[0]) === STREAMED.length ? true : undefined), WITHIN_MS);
}
