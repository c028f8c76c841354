import type { OrderBus } from "@countersign/bus/bus";
import type { AuditEntry } from "@countersign/contracts/audit";
import type { Random } from "@countersign/ids/random";
import { logEvents } from "../../../services/approval/src/log-events.ts";
import { openApproval } from "../../../services/approval/src/open.ts";
import { connectOrders } from "../../../services/broker-gateway/src/connect-orders.ts";
import { serveExec } from "../../../services/broker-gateway/src/handlers.ts";
import { openWriter } from "../../../services/broker-gateway/src/open-writer.ts";
import { SimProcess } from "../engine/sim-process.ts";
import { simBus } from "../fakes/sim-bus.ts";
import type { Beside, WriterPorts } from "../gateway-types.ts";
import { APPROVAL_CONFIG, APPROVAL_RULES, GATEWAY_CONFIG } from "./config.ts";
import type { Host } from "./host.ts";
import { ROSTER } from "./people.ts";
import { policySettings, standingOf } from "./standing-policy.ts";

/** What survives the death of a process: its place, its disk, and who starts it again. */
export interface Slot {
  readonly name: string;
  process: SimProcess;
  starts: number;
}

/** Nothing here is done with real money. */
const SIMULATED: WriterPorts["live"] = {
  refusal: async () => undefined,
  status: async () => {
    throw new Error("nobody asks for the gates of live trading here");
  },
};

const BESIDE: Beside = {
  take: () => undefined,
  onReconcile: () => undefined,
  onLost: () => undefined,
  onFarm: () => undefined,
};

/** Starts a process in its slot, and again after every death. */
export function supervise(
  host: Host,
  name: string,
  run: (process: SimProcess, bus: OrderBus) => Promise<unknown>,
): Slot {
  const start = (): SimProcess => {
    const process = new SimProcess(name, host.scheduler);
    const log = host.logger(() => name);
    const bus = simBus({ nats: host.nats, process, log, strict: host.swarm.strict });
    process.onDeath(() => {
      host.tally.deaths += 1;
      host.note(name, "dies");
      host.scheduler.after(host.random.between(20, 400), undefined, () => {
        slot.process = start();
      });
    });
    host.scheduler.after(1, process, () => {
      slot.starts += 1;
      host.note(name, "starts");
      run(process, bus).catch((error: unknown) => {
        if (error instanceof TypeError || error instanceof RangeError) host.bug(name, error);
        host.note(name, `cannot start: ${String(error).slice(0, 200)}`);
        process.kill();
      });
    });
    return process;
  };
  const slot: Slot = { name, starts: 0, process: start() };
  return slot;
}

export function approvalSlot(host: Host): Slot {
  return supervise(host, "approval", (process, bus) => {
    const log = logEvents(host.logger(() => "approval"));
    const { clock } = process;
    return openApproval({
      bus,
      clock,
      config: APPROVAL_CONFIG,
      mode: "simulator",
      policy: policySettings(host),
      roster: ROSTER,
      log,
      approvalRules: APPROVAL_RULES,
    });
  });
}

export function gatewaySlot(host: Host, name: string): Slot {
  const disk = diskOf();
  const random: Random = { nonce: () => host.random.nonce(), below: (limit) => host.random.below(limit) };
  return supervise(host, name, (process, bus) => {
    const ports: WriterPorts = {
      ...{ bus, clock: process.clock, random, log: host.logger(() => name), config: GATEWAY_CONFIG },
      ...{
        mode: "simulator" as const,
        roster: ROSTER,
        approvalRules: APPROVAL_RULES,
        live: SIMULATED,
        standing: standingOf(host),
        ...disk,
        recording: () => undefined,
      },
      connect: (readOnly, handlers) => host.net.open(process, readOnly, handlers),
      onFatal: (reason) => {
        host.note(name, `fatal: ${reason}`);
        process.kill();
      },
    };
    return openWriter(ports, {
      connect: (base) => connectOrders(base, BESIDE),
      serve: (parts) => serveExec(bus, parts),
    });
  });
}

/** The two files that a gateway writes; both are on the disk when the call returns. */
function diskOf(): Pick<WriterPorts, "floor" | "spill"> {
  let reservedUpTo = 0;
  const spilled: AuditEntry[] = [];
  let replaying: AuditEntry[] = [];
  return {
    floor: {
      read: () => reservedUpTo,
      reserve: (upTo) => {
        reservedUpTo = upTo;
      },
    },
    spill: {
      append: (entry) => void spilled.push(JSON.parse(JSON.stringify(entry))),
      replay: async (send) => {
        let count = 0;
        for (;;) {
          if (replaying.length === 0) replaying = spilled.splice(0);
          if (replaying.length === 0) return count;
          for (const entry of replaying) await send(entry);
          count += replaying.length;
          replaying = [];
        }
      },
    },
  };
}
