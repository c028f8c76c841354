import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Dice } from "../../../services/broker-gateway/src/testing/chaos/dice.ts";
import { freeze } from "../../end-to-end/processes.ts";
import type { ChaosSystem } from "../system/chaos-system.ts";
import { powerCut, setDiskFull, whyNoFullDisk } from "../system/nats-disk.ts";
import type { Witness } from "./witness.ts";

/** One thing that goes wrong; it is over when the promise settles, and everything is being started again. */
export interface Fault {
  readonly name: string;
  strike(): Promise<void>;
}

const PAUSES_MS = [150, 700, 1_700, 2_600] as const;
const DOWN_MS = [0, 200, 900] as const;
const SIMULATOR = "tws-simulator";

/** What the dice choose for this cycle. Faults that this machine cannot have are not among them. */
export function chooseFault(system: ChaosSystem, witness: Witness, dice: Dice): Fault {
  const all = [...ofServices(system, witness, dice), ...ofNats(system, dice), ...ofTheLink(system, dice)];
  return all[dice.roll(all.length)] ?? { name: "nothing", strike: async () => undefined };
}

function ofServices(system: ChaosSystem, witness: Witness, dice: Dice): Fault[] {
  const service = system.services()[dice.roll(system.services().length)] ?? "broker-gateway";
  const pauseMs = dice.pick(PAUSES_MS);
  const stop = async () => {
    await system.freeze(service);
    await sleep(pauseMs);
    system.thaw(service);
  };
  const kill = async () => {
    if (service === SIMULATOR) await witness.beforeItForgets();
    system.kill(service);
    system.tws.open = true;
  };
  const cut = async () => system.buses.get(service)?.cut();
  return [
    { name: `kill ${service}`, strike: kill },
    { name: "kill broker-gateway", strike: async () => system.kill("broker-gateway") },
    { name: `stop ${service}`, strike: stop },
    ...(service === SIMULATOR ? [] : [{ name: `cut the bus of ${service}`, strike: cut }]),
  ];
}

function ofNats(system: ChaosSystem, dice: Dice): Fault[] {
  const [downMs, pauseMs] = [dice.pick(DOWN_MS), dice.pick(PAUSES_MS)];
  const { nats } = system;
  const kill = async () => {
    await nats.kill();
    await sleep(downMs);
    await nats.start();
  };
  const stop = async () => {
    await freeze(nats.pid);
    await sleep(pauseMs);
    process.kill(nats.pid, "SIGCONT");
  };
  const full = async () => {
    setDiskFull(nats, true);
    await sleep(pauseMs);
    setDiskFull(nats, false);
    // A server that has closed a stream for good opens it again when it starts.
    await kill();
  };
  return [
    { name: "kill nats-server", strike: kill },
    { name: "stop nats-server", strike: stop },
    { name: "power cut of nats-server", strike: () => powerCut(nats, join(system.dataDir, "image"), downMs) },
    ...(whyNoFullDisk() === undefined ? [{ name: "disk full for nats-server", strike: full }] : []),
  ];
}

function ofTheLink(system: ChaosSystem, dice: Dice): Fault[] {
  const how = dice.pick(["fin", "rst"] as const);
  const bytes = dice.roll(40);
  const [nth, from] = [1 + dice.roll(12), dice.pick(["client", "server"] as const)];
  const inside = async () => {
    let seen = 0;
    await new Promise<void>((resolve) => {
      const done = () => {
        remove();
        resolve();
      };
      const remove = system.tws.addRule((frame) => {
        if (frame.from !== from) return undefined;
        seen += 1;
        if (seen < nth) return undefined;
        setImmediate(() => system.tws.cutBehind());
        done();
        return [frame.bytes.subarray(0, bytes)];
      });
      setTimeout(done, 2_000);
    });
  };
  const down = async () => {
    system.tws.open = false;
    system.tws.cut(how);
    await sleep(500);
    system.tws.open = true;
  };
  return [
    { name: "TWS link cut inside a frame", strike: inside },
    { name: "TWS link cut inside a frame", strike: inside },
    { name: "TWS link down", strike: down },
  ];
}
