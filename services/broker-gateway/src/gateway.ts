import type { Bus } from "@countersign/bus/bus";
import { ControlView } from "@countersign/bus/control-view";
import { OrderFeed } from "@countersign/bus/order-feed";
import type { Clock } from "@countersign/clock/clock";
import type { Mode } from "@countersign/contracts/mode";
import { newNonce } from "@countersign/ids/ids";
import type { Logger } from "@countersign/log/logger";
import { OrderProjection } from "@countersign/orders/projection";
import type { Roster } from "@countersign/roster/roster";
import { Shutdown } from "@countersign/service/shutdown";
import { AuditTrail } from "./audit/audit-trail.ts";
import { SpillFile } from "./audit/spill-file.ts";
import { ConditionWatch } from "./condition-watch.ts";
import type { BrokerGatewayConfig } from "./config.ts";
import { connectParts, type Parts } from "./connect-parts.ts";
import { serveGateway } from "./handlers.ts";
import { WriterLease } from "./lease/writer-lease.ts";
import { OrderIds } from "./order-ids.ts";
import { ExecLog } from "./orders/exec-log.ts";
import { OrderTable } from "./orders/order-table.ts";
import { settleIntents } from "./reconcile/settle-intents.ts";
import { Serial } from "./serial.ts";
import { Link } from "./session/link.ts";
import { RateLimiter } from "./session/rate-limiter.ts";
import { Requests } from "./session/requests.ts";
import { windowsOf } from "./session/windows.ts";
import { openRecording, type Recording } from "./session/wire-recording.ts";
import { statusOf } from "./status.ts";
import { isPaperAccount } from "./submit/verify-approval.ts";
import { takeWriterEpoch } from "./writer-epoch.ts";

export interface GatewayOptions {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly log: Logger;
  readonly config: BrokerGatewayConfig;
  readonly mode: Mode;
  readonly roster: Roster;
  /** Of this service alone. */
  readonly dataDir: string;
  readonly tws: { readonly host: string; readonly port: number };
  /** Ends the wait for another gateway's lease. */
  readonly signal?: AbortSignal;
  /** This process must not write any more; it should die at once. */
  readonly onFatal: (reason: string) => void;
}

export interface Gateway extends Parts {
  readonly instance: string;
  readonly writerEpoch: number;
  readonly lease: WriterLease;
  stop(): Promise<void>;
}

/** Waits for the lease, rebuilds what the logs know, becomes the one writer, settles what was left behind, and then opens the link. */
export async function openGateway(options: GatewayOptions): Promise<Gateway> {
  const { bus, clock, log, config, mode } = options;
  const shutdown = new Shutdown(log);
  const instance = newNonce();
  const leaseOf = { bus, clock, log, instance, leaseMs: config.leaseMs, onLost: options.onFatal };
  const lease = await WriterLease.acquire(leaseOf, options.signal);
  shutdown.defer("lease", () => lease.release());
  const view = await ControlView.open(bus, clock);
  shutdown.defer("control view", () => view.close());
  const spill = new SpillFile(options.dataDir);
  const audit = new AuditTrail({ clock, log, spill, audit: (entry) => bus.audit(entry) });
  shutdown.defer("audit", () => audit.stop());
  const execLog = new ExecLog({ bus, clock, log, onForeignWriter: options.onFatal });
  // From here on the writer before us can claim nothing, so what its log says is final.
  const writerEpoch = await takeWriterEpoch(bus, clock, instance);
  await view.refresh();
  const table = await loadOrders(bus, clock, new OrderTable({ clock, log, execLog, audit }));
  const clientId = config.clientIds.orders;
  const highestUsed = table.highestOrderId(clientId);
  const orderIds = new OrderIds({ directory: options.dataDir, clientId, highestUsed });
  const limiter = new RateLimiter(clock, {
    perSecond: config.messagesPerSecond,
    reservedForOrders: config.messagesReservedForOrders,
  });
  const acceptsAccount = (account: string) => mode === "live" || isPaperAccount(account);
  const windows = windowsOf(config.windows, mode);
  const writer = { leaseHeld: () => lease.held, orderIdsLeft: () => orderIds.left };
  const recording = recordingOf(options);
  shutdown.defer("recording", () => recording?.close());
  const settings = { ...config, ...options.tws, windows, acceptsAccount, recording };
  const link = new Link({ clock, log, limiter, writer }, settings);
  const requests = new Requests({ clock, link, limiter });
  const base = { bus, clock, log, config, mode, view, audit, execLog, table, orderIds, limiter, link, requests };
  const parts = connectParts({ ...base, roster: options.roster, writerEpoch, sendLane: new Serial() });
  view.onChange(() => {
    const writer = view.writerEpoch();
    if (writer !== undefined && writer.epoch > writerEpoch) options.onFatal(`epoch ${writer.epoch} writes to TWS now`);
  });
  await settleIntents({ bus, view, clock, log, table, writerEpoch }, { all: true });
  serveGateway(bus, parts);
  shutdown.defer("orders", () => finishOrders(parts));
  shutdown.defer("link", () => parts.stop());
  const conditions = new ConditionWatch({ log, audit });
  const watch = clock.setInterval(() => conditions.look(statusOf(parts).conditions), CONDITIONS_EVERY_MS);
  shutdown.defer("conditions", () => watch.cancel());
  parts.start();
  return { ...parts, instance, writerEpoch, lease, stop: () => shutdown.run() };
}

function recordingOf({ clock, log, config, dataDir }: GatewayOptions): Recording | undefined {
  if (config.record === null) return undefined;
  return openRecording({ clock, log }, { directory: dataDir, file: config.record });
}

const FINISH_WITHIN_MS = 1_500;
const CONDITIONS_EVERY_MS = 1_000;

/** What is under way ends, and what the broker has said is written down. */
async function finishOrders(parts: Parts): Promise<void> {
  const finished = parts.sendLane.idle().then(() => Promise.all(parts.table.list().map((actor) => actor.idle())));
  await Promise.race([finished, parts.clock.sleep(FINISH_WITHIN_MS)]);
}

/** Orders as their logs tell them. The feed is closed afterwards: from here on this process is the only author. */
async function loadOrders(bus: Bus, clock: Clock, table: OrderTable): Promise<OrderTable> {
  const feed = await OrderFeed.open(bus, clock);
  const projection = new OrderProjection();
  projection.attach(feed);
  feed.close();
  for (const record of projection.list()) table.restore(record, record.view.account);
  return table;
}
