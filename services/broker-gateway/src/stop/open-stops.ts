import { join } from "node:path";
import { Tripwire } from "@countersign/bus/tripwire";
import type { Random } from "@countersign/ids/random";
import type { Parts } from "../connect-parts.ts";
import { CancelRuns } from "./cancel-runs.ts";
import { Latch } from "./latch.ts";
import { ReportStore } from "./report-store.ts";
import { Triggers } from "./triggers.ts";

export interface Stops {
  readonly latch: Latch;
  readonly reports: ReportStore;
  readonly runs: CancelRuns;
  close(): Promise<void>;
}

const LOOK_EVERY_MS = 200;

/** The gateway's own stops. From the return on, they bear on every look at the kill switch that this process takes. */
export function openStops(parts: Parts, { dataDir, random }: { dataDir: string; random: Random }): Stops {
  const { bus, clock, log, view, audit, table, config, lists, reconciler, lostOrders } = parts;
  const record = (entry: Parameters<typeof audit.record>[0]) => audit.record(entry);
  const wire = new Tripwire({ bus, view, clock, log, service: "broker-gateway", record });
  const killFile = config.stops.killFile ?? undefined;
  const latch = new Latch({ clock, log, random, view, wire, file: join(dataDir, "kill-latch.json"), killFile });
  view.alsoStop((scopes) => latch.stands() ?? wire.unwritten(scopes));
  const timer = clock.setInterval(() => latch.look(), LOOK_EVERY_MS);
  const triggers = new Triggers({ clock, table, audit, reconciler, lostOrders, view, wire, config: config.stops });
  reconciler.onRead(() => triggers.look());
  const reports = new ReportStore(dataDir);
  const { pollMs, deadlineMs, retryMs } = config.stops.cancelOrders;
  const runs = new CancelRuns({ ...parts, lists, reports, latch, pollMs, deadlineMs, retryMs });
  const close = async () => {
    timer.cancel();
    triggers.stop();
    wire.close();
    await runs.stop();
  };
  return { latch, reports, runs, close };
}
