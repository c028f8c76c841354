import type { Bus } from "@countersign/bus/bus";
import type { Clock } from "@countersign/clock/clock";
import type { ApprovalRules } from "@countersign/contracts/demand";
import type { Mode } from "@countersign/contracts/mode";
import { systemRandom } from "@countersign/ids/random";
import type { Logger } from "@countersign/log/logger";
import type { Roster } from "@countersign/roster/roster";
import { SpillFile } from "./audit/spill-file.ts";
import { ConditionWatch } from "./condition-watch.ts";
import type { BrokerGatewayConfig } from "./config.ts";
import type { Base } from "./connect-orders.ts";
import { connectParts, type Parts } from "./connect-parts.ts";
import { serveGateway } from "./handlers.ts";
import type { WriterLease } from "./lease/writer-lease.ts";
import type { LiveConfig } from "./live/live-config.ts";
import { LiveGates } from "./live/live-gates.ts";
import { openWriter, type WriterPorts } from "./open-writer.ts";
import { floorInFile } from "./order-id-floor.ts";
import { HoldingsWatch } from "./reconcile/holdings-watch.ts";
import { connectTws } from "./session/connection.ts";
import { openRecording, type Recording } from "./session/wire-recording.ts";
import { statusOf } from "./status.ts";
import { openStops, type Stops } from "./stop/open-stops.ts";
import { serveStops } from "./stop/serve-stops.ts";
import type { StandingPolicy } from "./submit/verify-policy.ts";

export interface GatewayOptions {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly log: Logger;
  readonly config: BrokerGatewayConfig;
  readonly mode: Mode;
  readonly roster: Roster;
  readonly approvalRules: ApprovalRules;
  /** `monitorUrl` of nats-server; undefined: nobody can prove that its writes are durable. */
  readonly live: { readonly config: LiveConfig; readonly monitorUrl: string | undefined };
  /** Absent: nothing is sent that a policy approved. */
  readonly standing?: StandingPolicy;
  /** Of this service alone. */
  readonly dataDir: string;
  readonly tws: { readonly host: string; readonly port: number };
  /** Ends the wait for another gateway's lease. */
  readonly signal?: AbortSignal;
  /** This process must not write any more; it should die at once. */
  readonly onFatal: (reason: string) => void;
}

export interface Gateway extends Omit<Parts, "bus"> {
  readonly bus: Bus;
  readonly instance: string;
  readonly lease: WriterLease;
  readonly stops: Stops;
  stop(): Promise<void>;
}

const CONDITIONS_EVERY_MS = 1_000;

/** The one writer with its files, its connection to TWS, and everything that it serves. */
export async function openGateway(options: GatewayOptions): Promise<Gateway> {
  const { bus, clock, log, mode } = options;
  const connect = (base: Base) => {
    const parts = connectParts(base);
    return { ...parts, stops: openStops(parts, { dataDir: options.dataDir, random: systemRandom }) };
  };
  const serve = (parts: Parts & { stops: Stops }) => {
    serveGateway(bus, parts);
    serveStops(bus, parts, parts.stops);
  };
  const live = new LiveGates({ bus, clock, mode, ...options.live });
  live.start();
  const ports = { ...portsOf(options), live };
  const { shutdown, ...opened } = await openWriter(ports, { connect, serve });
  shutdown.defer("live gates", () => live.stop());
  shutdown.defer("stops", () => opened.stops.close());
  const conditions = new ConditionWatch({ log, audit: opened.audit });
  const watch = clock.setInterval(() => conditions.look(statusOf(opened).conditions), CONDITIONS_EVERY_MS);
  shutdown.defer("conditions", () => watch.cancel());
  const holdings = new HoldingsWatch({ ...opened, mode });
  holdings.start();
  shutdown.defer("holdings", () => holdings.stop());
  return { ...opened, bus, stop: () => shutdown.run() };
}

function portsOf(options: GatewayOptions): Omit<WriterPorts, "live"> {
  const { dataDir, config, tws } = options;
  return {
    ...options,
    random: systemRandom,
    spill: new SpillFile(dataDir),
    floor: floorInFile({ directory: dataDir, clientId: config.clientIds.orders }),
    connect: connectTws(tws),
    recording: () => recordingOf(options),
  };
}

function recordingOf({ clock, log, config, dataDir }: GatewayOptions): Recording | undefined {
  if (config.record === null) return undefined;
  return openRecording({ clock, log }, { directory: dataDir, file: config.record });
}
