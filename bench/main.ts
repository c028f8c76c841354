import { join } from "node:path";
import { connectBus } from "@countersign/bus/bus";
import { createSystemClock } from "@countersign/clock/clock";
import { createLogger } from "@countersign/log/logger";
import { tempDir } from "@countersign/testing/temp-dir";
import { configWith } from "../tests/end-to-end/config-with.ts";
import { type System, startSystem } from "../tests/end-to-end/system.ts";
import { closeClient, tool } from "./client.ts";
import { measureBarePath } from "./measure-bare-path.ts";
import { measureBars } from "./measure-bars.ts";
import { measureDecide } from "./measure-decide.ts";
import { measureGateway } from "./measure-gateway.ts";
import { measureNames, measureResolve } from "./measure-instruments.ts";
import { measureMarketData } from "./measure-market-data.ts";
import { measureKill, measureOrders } from "./measure-orders.ts";
import { measureRecovery } from "./measure-recovery.ts";
import { measureSimulator } from "./measure-simulator.ts";
import { measureStreams } from "./measure-streams.ts";
import { measureVerdict } from "./measure-verdict.ts";
import { memoryOfTree } from "./memory.ts";
import { percentile, type Series, series, TABLE_HEAD, tableLine } from "./statistics.ts";

const ROUNDS = Number(process.argv[2] ?? 120);
const QUOTE_SECONDS = 60;
const STREAM_SECONDS = 60;

async function timedStart(dataDir: string): Promise<{ system: System; ms: number }> {
  // One agent asks here as fast as it can, which its own limit is there to stop.
  const config = configWith(dataDir, { "market-data.yaml": { "  agentPerMinute": "60000" } });
  const startedAt = performance.now();
  const system = await startSystem({ dataDir, args: ["--config-dir", config] });
  return { system, ms: performance.now() - startedAt };
}

/** Without a pause, and at the pace of the orders: between two of them the processors fall asleep, and each hop wakes one. */
async function natsRoundTrips(system: System): Promise<Series[]> {
  const clock = createSystemClock();
  const log = createLogger({ service: "bench", level: "error" });
  const keysDir = join(system.dataDir, "keys");
  const bus = await connectBus({
    url: system.ready.nats,
    users: ["admin-core"],
    keysDir,
    service: "bench",
    clock,
    log,
  });
  const hot = await series("NATS round trip (PING), one after another", 1000, () => bus.ping());
  const paced = await series("NATS round trip (PING), one every 70 ms", 100, () => bus.ping(), { pauseMs: 70 });
  const resolving = await measureResolve(bus);
  await bus.drain();
  return [hot, paced, resolving, measureNames()];
}

const bare = await measureBarePath(ROUNDS);
const decide = measureDecide();
const verdict = await measureVerdict(ROUNDS * 5);
const simulator = await measureSimulator(20);
const bars = await measureBars(ROUNDS);
const streams = await measureStreams(STREAM_SECONDS);
const recovery = await measureRecovery();
const gateway = await measureGateway({ rounds: ROUNDS, quoteSeconds: QUOTE_SECONDS });
const marketData = await measureMarketData();
const folder = tempDir("countersign-bench-");
const cold = await timedStart(folder.path);
await cold.system.stop();
const warm = await timedStart(folder.path);
const { system } = warm;
try {
  const nats = await natsRoundTrips(system);
  const read = () => tool(system, "get_quote", { conid: 265598 });
  const reads = await series("tool read over MCP HTTP (get_quote)", 100, read, { pauseMs: 60 });
  const orders = await measureOrders(system, ROUNDS);
  const kill = await measureKill(system, 100);
  const calibrationMs = percentile(nats[0]?.samples ?? [], 0.5);
  const market = [...bars, ...gateway.series, ...streams.series, ...marketData.series];
  const measured = [...nats, ...bare, reads, ...decide.series, ...verdict, ...orders, ...kill, ...simulator, ...market];
  const table = measured.map((one) => tableLine(one, calibrationMs));
  const usage = memoryOfTree(system.process.pid ?? 0);
  const total = (key: "rssMb" | "pssMb") => usage.reduce((sum, one) => sum + one[key], 0).toFixed(0);
  const lines = [
    ...TABLE_HEAD,
    ...table,
    "",
    ...decide.lines,
    ...gateway.lines,
    ...streams.lines,
    ...recovery,
    ...marketData.lines,
    `cold start -> ready ${cold.ms.toFixed(0)} ms; warm start -> ready ${warm.ms.toFixed(0)} ms (budget 6000)`,
    `memory of ${usage.length} processes: ${total("rssMb")} MB resident, ${total("pssMb")} MB with shared pages counted once (budget 900)`,
    ...usage.map(
      (one) =>
        `  ${one.name.padEnd(16)} ${one.rssMb.toFixed(0).padStart(4)} MB resident, ${one.pssMb.toFixed(0).padStart(4)} MB proportional`,
    ),
  ];
  process.stdout.write(`${lines.join("\n")}\n`);
} finally {
  closeClient();
  await system.stop();
  folder.remove();
}
