import { type Bus, connectBus } from "@countersign/bus/bus";
import { withManager } from "@countersign/bus/provision";
import { STREAM_CONFIGS } from "@countersign/bus/streams";
import { createSystemClock } from "@countersign/clock/clock";
import { FACTS } from "@countersign/contracts/subjects";
import { startTestNats, type TestNats } from "@countersign/testing/nats";
import { PATIENCE_MS } from "@countersign/testing/patience";
import type { Copy, LogSide } from "./log-side.ts";

const USERS = ["broker-gateway-core", "approval-core", "admin-core"] as const;
const clock = createSystemClock();
const nothing = () => undefined;

async function until(holds: () => boolean, what: string): Promise<void> {
  const endMs = clock.monotonicMs() + PATIENCE_MS;
  while (!holds()) {
    if (clock.monotonicMs() > endMs) throw new Error(`it did not happen in time: ${what}`);
    await clock.sleep(2);
  }
}

/** A real nats-server with two processes' worth of real connections. */
export async function realLogSide(): Promise<LogSide> {
  const nats = await startTestNats();
  const log = { debug: nothing, info: nothing, warn: nothing, error: nothing };
  const { url, keysDir } = nats;
  const connectOne = () => connectBus({ url, keysDir, users: USERS, service: "fidelity", clock, log });
  const buses = [await connectOne(), await connectOne()] as const;
  const copies = { orders: [] as Copy[], control: [] as Copy[] };
  let onCopy: () => void = nothing;
  const take = (of: "orders" | "control") => (message: Copy) => {
    copies[of].push(message);
    onCopy();
  };
  buses[1].follow(FACTS.exec, take("orders"));
  buses[1].follow(FACTS.kill, take("control"));
  await buses[1].ping();
  return {
    ...{ buses, copies },
    drive: (promise) => promise,
    heard: (of, sequence) =>
      new Promise((resolve, reject) => {
        const late = clock.setTimeout(() => reject(new Error(`copy ${sequence} has not come`)), PATIENCE_MS);
        onCopy = () => {
          if ((copies[of].at(-1)?.sequence ?? 0) < sequence) return;
          late.cancel();
          onCopy = nothing;
          resolve();
        };
        onCopy();
      }),
    full: (stream, is) => makeFull(nats, stream, is),
    restart: (hard, whileAway) => restart(nats, buses, { hard, whileAway }),
    stop: async () => {
      await Promise.all(buses.map((bus) => bus.drain()));
      await nats.stop();
    },
  };
}

/** The stream may be as large as it is now, or as it was. */
async function makeFull(nats: TestNats, stream: "ORDERS" | "KV_CONTROL", is: boolean): Promise<void> {
  const { config, provisioner } = STREAM_CONFIGS[stream];
  const { url, keysDir } = nats;
  await withManager({ url, keysDir, log: nothing }, provisioner, async (manager) => {
    const { state } = await manager.streams.info(stream);
    // 0 would mean no limit.
    const bytes = is ? Math.max(1, state.bytes) : config.max_bytes;
    await manager.streams.update(stream, { ...config, ...(bytes !== undefined && { max_bytes: bytes }) });
  });
}

async function restart(
  nats: TestNats,
  buses: readonly [Bus, Bus],
  how: { readonly hard: boolean; readonly whileAway: () => Promise<void> },
): Promise<void> {
  await nats.kill(how.hard ? "SIGKILL" : "SIGTERM");
  const down = (bus: Bus) => USERS.every((user) => !bus.connection([user], user).up);
  await until(() => buses.every(down), "the end is noticed");
  await how.whileAway();
  await nats.restart();
  await until(() => buses.every((bus) => bus.connected()), "connected again");
  await Promise.all(buses.map((bus) => bus.ping()));
}
