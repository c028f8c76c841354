import { SimProcess } from "../engine/sim-process.ts";
import type { BrokerLife } from "./broker-life.ts";
import type { Host } from "./host.ts";
import type { Slot } from "./processes.ts";
import type { FaultKind } from "./swarm.ts";

export interface World {
  readonly host: Host;
  readonly approval: Slot;
  readonly gateways: readonly Slot[];
  readonly broker: BrokerLife;
}

type Make = (world: World) => void;

const actor = { kind: "operator" as const, id: "operator" };

function gatewayOf({ host, gateways }: World): Slot {
  return gateways.length === 1 || host.random.chance(0.7) ? (gateways[0] as Slot) : (gateways[1] as Slot);
}

function pause({ host }: World, { process }: Slot): void {
  const { random } = host;
  standStill(host, process, random.chance(0.3) ? random.between(100_000, 400_000) : random.between(300, 5_000));
}

function standStill(host: Host, process: SimProcess, forMs: number): void {
  process.pause();
  host.note(process.name, "stands still");
  host.scheduler.after(forMs, undefined, () => process.paused && process.resume());
}

/** Just shorter than what is known of the kill switch is good for, longer, and longer than a connection lasts. */
const MID_SEND_MS = [
  [1_100, 1_500],
  [1_550, 2_900],
  [3_000, 6_000],
] as const;

/** Between two steps of a send its process stands still, and meanwhile another may take over, or a person stop everything. */
function inMidSend(world: World, process: SimProcess): void {
  const { host } = world;
  const { random, scheduler } = host;
  const [fromMs, toMs] = random.pick(MID_SEND_MS);
  scheduler.after(random.below(48) / 8, undefined, () => {
    if (!process.alive || process.paused) return;
    standStill(host, process, random.between(fromMs, toMs));
    if (random.chance(0.6)) scheduler.after(random.below(1_000), undefined, () => move(world, "HALTED"));
  });
}

/** Cuts a process off at one of its next effects: between any two things that it does. */
function dieAtEffect(world: World, slot: Slot): void {
  slot.process.effectsLeft = world.host.random.below(14);
}

function move(world: World, level: "HALTED" | "REDUCE_ONLY"): void {
  const { host } = world;
  const scope = host.random.pick(["global", "global", "account.DU1234567", "agent.agent-0", "instrument.265598"]);
  const set = (to: string) => host.move(scope, { type: "kill/1", level: to, actor, reason: "test", at: host.now() });
  set(level);
  // Somebody moves something that has nothing to do with it, right after.
  if (host.random.chance(0.4))
    host.move("instrument.1", { type: "kill/1", level: "ACTIVE", actor, reason: "test", at: host.now() });
  if (host.random.chance(0.6)) host.scheduler.after(host.random.between(1, 800), undefined, () => set("ACTIVE"));
}

/** Each fault, made once; those that last end by themselves or with the faulty time. */
const FAULTS: Partial<Record<FaultKind, Make>> = {
  crashApproval: ({ approval }) => approval.process.kill(),
  crashGateway: (world) => gatewayOf(world).process.kill(),
  effectApproval: (world) => dieAtEffect(world, world.approval),
  effectGateway: (world) => dieAtEffect(world, gatewayOf(world)),
  pauseGateway: (world) => pause(world, gatewayOf(world)),
  pauseApproval: (world) => pause(world, world.approval),
  kill: (world) => move(world, "HALTED"),
  reduce: (world) => move(world, "REDUCE_ONLY"),
  busCut: (world) => {
    const { host } = world;
    const { process } = host.random.chance(0.5) ? world.approval : gatewayOf(world);
    host.note(process.name, "cut off from the bus");
    host.nats.connect(process, false);
    host.scheduler.after(host.random.between(50, 3_000), undefined, () => host.nats.connect(process, true));
  },
  natsFull: ({ host }) => {
    for (const name of ["ORDERS", "KV_CONTROL"] as const) {
      host.nats.streams[name].apply({ do: "full", is: true });
      host.scheduler.after(host.random.between(20, 1_500), undefined, () => {
        host.nats.streams[name].apply({ do: "full", is: false });
      });
    }
  },
  natsPower: ({ host }) => host.nats.powerCut(),
  auditDown: ({ host }) => {
    host.nats.auditUp = false;
    host.scheduler.after(host.random.between(20, 3_000), undefined, () => {
      host.nats.auditUp = true;
    });
  },
  twsCut: ({ host }) => {
    const live = [...host.net.lines.values()].at(-1);
    live?.cut(host.random.chance(0.6));
  },
  twsRestart: ({ host }) => {
    host.note("tws", "restarts");
    for (const line of host.net.lines.values()) line.cut(true);
    host.net.apply({ do: "restart", rollback: host.random.below(6) });
    for (const { key, status } of host.tws.orders) {
      if (status === "arrived" && host.random.chance(0.5)) host.net.apply({ do: "drop", key });
    }
    host.net.listening = false;
    host.scheduler.after(host.random.between(10, 1_200), undefined, () => {
      host.net.listening = true;
    });
  },
  twsFrozen: ({ host, broker }) => {
    broker.frozen = true;
    host.net.apply({ do: "notice", code: 1100, text: "Connectivity between IB and TWS has been lost." });
    host.scheduler.after(host.random.between(20, 1_500), undefined, () => thaw(host, broker));
  },
  twsSilent: ({ host }) => {
    host.net.standStill(true);
    host.scheduler.after(host.random.between(100, 4_000), undefined, () => host.net.standStill(false));
  },
  clockStep: (world) => {
    const { random } = world.host;
    const { process } = random.chance(0.5) ? world.approval : gatewayOf(world);
    process.wallOffsetMs = random.pick([-3_600_000, 3_600_000, -2_000, 2_000, -60_000, 60_000]);
    world.host.note(process.name, `its clock is off by ${process.wallOffsetMs} ms`);
  },
};

function thaw(host: Host, broker: BrokerLife): void {
  if (!broker.frozen) return;
  broker.frozen = false;
  const code = host.random.chance(0.5) ? 1101 : 1102;
  host.net.apply({ do: "notice", code, text: "Connectivity between IB and TWS has been restored." });
}

/** Puts the faults of this schedule at their moments. */
export function planFaults(world: World): void {
  const { host } = world;
  const onClaimed = () => {
    // The moment that matters most: between the claim and the send.
    if (host.scheduler.nowMs > host.swarm.faultyMs || !host.random.chance(host.swarm.counts.kill * 0.3)) return;
    host.scheduler.after(host.random.between(0, 8) / 8, undefined, () => move(world, "HALTED"));
  };
  const onSending: Host["onSending"] = (process, step) => {
    const { counts, faultyMs } = host.swarm;
    if (host.scheduler.nowMs > faultyMs) return;
    // Whoever is not told of a stop learns of it by what comes next, or not at all.
    if (step === "submit" && host.random.chance(host.swarm.bus.copyLost * 0.5))
      host.scheduler.after(host.random.below(80) / 8, undefined, () => move(world, "HALTED"));
    if (step !== "submit" && host.random.chance(counts.midSend * 0.4)) inMidSend(world, process);
    // A race with the claim for the place in the stream.
    if (step === "claim" && host.random.chance(counts.kill * 0.3))
      host.scheduler.after(host.random.between(0, 24) / 8, undefined, () => move(world, "HALTED"));
  };
  const onExit = () => {
    // Some of a bracket arrives, and the last message does not.
    if (host.swarm.counts.twsCut === 0 || !host.random.chance(0.4)) return;
    host.scheduler.after(host.random.below(24) / 8, undefined, () => [...host.net.lines.values()].at(-1)?.cut(true));
  };
  // Assigned by name: a function written in an assignment to a property is put among the old at once, and its world with it.
  Object.assign(host, { onClaimed, onSending, onExit });
  for (const [kind, make] of Object.entries(FAULTS) as [FaultKind, Make][]) {
    for (let count = 0; count < host.swarm.counts[kind]; count += 1) {
      host.scheduler.after(host.random.below(host.swarm.faultyMs), undefined, () => {
        host.tally.faults += 1;
        host.note("fault", kind);
        make(world);
      });
    }
  }
}

/** Everything that went wrong is over; what it has left behind is not. */
export function heal(world: World): void {
  const { host, broker } = world;
  host.note("fault", "none from here on");
  for (const weather of [host.nats.weather, host.net.weather]) {
    weather.lost = 0;
    weather.slow = 0;
    weather.inDoubt = 0;
    weather.copyLost = 0;
  }
  for (const { process } of [world.approval, ...world.gateways]) {
    process.effectsLeft = Number.POSITIVE_INFINITY;
    process.wallOffsetMs = 0;
    host.nats.connect(process, true);
    if (process instanceof SimProcess && process.paused) process.resume();
  }
  for (const name of ["ORDERS", "KV_CONTROL"] as const) host.nats.streams[name].apply({ do: "full", is: false });
  host.nats.auditUp = true;
  host.net.listening = true;
  host.net.standStill(false);
  broker.calm = true;
  thaw(host, broker);
}
