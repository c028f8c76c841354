import type { OrderBus } from "@countersign/bus/bus";
import { FACTS } from "@countersign/contracts/subjects";
import { Prng } from "../engine/prng.ts";
import { Scheduler } from "../engine/scheduler.ts";
import { SimProcess } from "../engine/sim-process.ts";
import { FakeNats } from "../fakes/nats.ts";
import { simBus } from "../fakes/sim-bus.ts";
import type { Copy, LogSide } from "./log-side.ts";

/** Every message takes equally long: what one connection sends arrives in its order. */
class Evenly extends Prng {
  override next(): number {
    return 0;
  }
}

const nothing = () => undefined;
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** The fake server, without any of the faults of its network. */
export function fakeLogSide(): LogSide {
  const scheduler = new Scheduler();
  const weather = { lost: 0, slow: 0, slowMs: 5, inDoubt: 0, copyLost: 0 };
  const onBug = (_: SimProcess, error: unknown) => {
    throw error;
  };
  const sending = { onSending: nothing, onApproveAnswered: nothing };
  const observer = { onStored: nothing, onHeard: nothing, onAudited: nothing, ...sending, onBug };
  const nats = new FakeNats({ scheduler, random: new Evenly(1), weather, sharing: "apart", observer });
  const log = { debug: nothing, info: nothing, warn: nothing, error: nothing };
  const processes = [new SimProcess("one", scheduler), new SimProcess("two", scheduler)] as const;
  const [one, two] = processes;
  const busOf = (process: SimProcess): OrderBus => simBus({ nats, process, log, strict: true });
  const buses = [busOf(one), busOf(two)] as const;
  const copies = { orders: [] as Copy[], control: [] as Copy[] };
  buses[1].follow(FACTS.exec, (message) => void copies.orders.push(message));
  buses[1].follow(FACTS.kill, (message) => void copies.control.push(message));
  const drive = async <T>(promise: Promise<T>): Promise<T> => {
    let settled = false;
    const done = () => {
      settled = true;
    };
    promise.then(done, done);
    await turn();
    while (!settled) {
      if (await scheduler.step(Number.POSITIVE_INFINITY)) continue;
      await turn();
      if (!settled && !(await scheduler.step(Number.POSITIVE_INFINITY))) throw new Error("nothing goes on any more");
    }
    return promise;
  };
  const heard: LogSide["heard"] = async () => {
    while (await scheduler.step(scheduler.nowMs + 100));
  };
  return {
    ...{ buses, copies, drive, heard },
    full: async (stream, is) => void nats.streams[stream].apply({ do: "full", is }),
    restart: async (hard, whileAway) => {
      for (const process of processes) nats.connect(process, false);
      if (hard) nats.powerCut();
      await whileAway();
      for (const process of processes) nats.connect(process, true);
      await heard("orders", 0);
    },
    stop: async () => undefined,
  };
}
