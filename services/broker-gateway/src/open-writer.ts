import type { OrderBus } from "@countersign/bus/bus";
import { ControlView } from "@countersign/bus/control-view";
import type { Clock } from "@countersign/clock/clock";
import type { ApprovalRules } from "@countersign/contracts/demand";
import type { Mode } from "@countersign/contracts/mode";
import type { Random } from "@countersign/ids/random";
import type { Logger } from "@countersign/log/logger";
import type { Roster } from "@countersign/roster/roster";
import { Shutdown } from "@countersign/service/shutdown";
import { AuditTrail } from "./audit/audit-trail.ts";
import type { Spill } from "./audit/spill-file.ts";
import type { BrokerGatewayConfig } from "./config.ts";
import type { Base, OrderParts } from "./connect-orders.ts";
import { WriterLease } from "./lease/writer-lease.ts";
import type { Live } from "./live/live-gates.ts";
import { loadOrders } from "./load-orders.ts";
import type { OrderIdFloor } from "./order-id-floor.ts";
import { OrderIds } from "./order-ids.ts";
import { ExecLog } from "./orders/exec-log.ts";
import { OrderTable } from "./orders/order-table.ts";
import { lostClaims } from "./reconcile/lost-claim.ts";
import { settleIntents } from "./reconcile/settle-intents.ts";
import { Serial } from "./serial.ts";
import type { Connect } from "./session/connection.ts";
import { Link } from "./session/link.ts";
import { RateLimiter } from "./session/rate-limiter.ts";
import { Requests } from "./session/requests.ts";
import { windowsOf } from "./session/windows.ts";
import type { Recording } from "./session/wire-recording.ts";
import { isPaperAccount } from "./submit/verify-approval.ts";
import type { StandingPolicy } from "./submit/verify-policy.ts";
import { takeWriterEpoch } from "./writer-epoch.ts";

/** Everything outside this process that the one writer works with. */
export interface WriterPorts {
  readonly bus: OrderBus;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: Logger;
  readonly config: BrokerGatewayConfig;
  readonly mode: Mode;
  readonly roster: Roster;
  readonly approvalRules: ApprovalRules;
  readonly live: Live;
  /** Absent: nothing is sent that a policy approved. */
  readonly standing?: StandingPolicy;
  readonly spill: Spill;
  /** Of the client id for orders. */
  readonly floor: OrderIdFloor;
  readonly connect: Connect;
  /** Called when it is this process's turn; undefined: nothing is recorded. */
  readonly recording: () => Recording | undefined;
  /** Ends the wait for another gateway's lease. */
  readonly signal?: AbortSignal;
  /** This process must not write any more; it should die at once. */
  readonly onFatal: (reason: string) => void;
}

export interface Writing {
  readonly instance: string;
  readonly lease: WriterLease;
  readonly shutdown: Shutdown;
}

/**
 * Waits for the lease, rebuilds what the logs know, becomes the one writer, settles what was left behind, and then opens
 * the link. `connect` builds on what orders need; `serve` is called when nothing is left behind any more.
 */
export async function openWriter<P extends OrderParts>(
  ports: WriterPorts,
  wiring: { readonly connect: (base: Base) => P; readonly serve: (parts: P) => void },
): Promise<P & Writing> {
  const { bus, clock, log, config, onFatal } = ports;
  const shutdown = new Shutdown(log);
  const instance = ports.random.nonce();
  const leaseOf = { bus, clock, log, instance, leaseMs: config.leaseMs, onLost: onFatal };
  const lease = await WriterLease.acquire(leaseOf, ports.signal);
  shutdown.defer("lease", () => lease.release());
  const view = await ControlView.open(bus, clock);
  shutdown.defer("control view", () => view.close());
  const audit = new AuditTrail({ clock, log, spill: ports.spill, audit: (entry) => bus.audit(entry) });
  shutdown.defer("audit", () => audit.stop());
  const execLog = new ExecLog({ bus, clock, log, onForeignWriter: onFatal });
  // From here on the writer before us can claim nothing, so what its log says is final.
  const writerEpoch = await takeWriterEpoch(bus, clock, instance);
  await view.refresh();
  const table = new OrderTable({ clock, log, execLog, audit });
  const stopFollowing = await loadOrders(ports, { table, audit, execLog, writerEpoch });
  shutdown.defer("order feed", stopFollowing);
  const lostOrders = await lostClaims(view, table);
  const { session, recording } = openSession(ports, lease, table);
  shutdown.defer("recording", () => recording?.close());
  const parts = wiring.connect({
    ...ports,
    ...session,
    view,
    audit,
    execLog,
    table,
    writerEpoch,
    lostOrders,
    reserving: new Serial(),
    sendLane: new Serial(),
  });
  view.onChange(() => {
    const writer = view.writerEpoch();
    if (writer !== undefined && writer.epoch > writerEpoch) onFatal(`epoch ${writer.epoch} writes to TWS now`);
  });
  await settleIntents({ bus, view, clock, log, table, writerEpoch }, { all: true });
  wiring.serve(parts);
  shutdown.defer("orders", () => finishOrders(parts));
  shutdown.defer("link", () => parts.stop());
  parts.start();
  return { ...parts, instance, lease, shutdown };
}

/** The session with TWS; it is opened last. */
function openSession(ports: WriterPorts, lease: WriterLease, table: OrderTable) {
  const { clock, log, random, connect, config, mode } = ports;
  const highestUsed = table.highestOrderId(config.clientIds.orders);
  const orderIds = new OrderIds({ floor: ports.floor, highestUsed });
  const limiter = new RateLimiter(clock, {
    perSecond: config.messagesPerSecond,
    reservedForOrders: config.messagesReservedForOrders,
  });
  const acceptsAccount = (account: string) => mode === "live" || isPaperAccount(account);
  const writer = { leaseHeld: () => lease.held, orderIdsLeft: () => orderIds.left };
  const recording = ports.recording();
  const settings = { ...config, windows: windowsOf(config.windows, mode), acceptsAccount, recording };
  const link = new Link({ clock, log, limiter, writer, random, connect }, settings);
  return { session: { orderIds, limiter, link, requests: new Requests({ clock, link, limiter }) }, recording };
}

const FINISH_WITHIN_MS = 1_500;

/** What is under way ends, and what the broker has said is written down. */
async function finishOrders(parts: OrderParts): Promise<void> {
  const sent = parts.reserving.idle().then(() => parts.sendLane.idle());
  const finished = sent.then(() => Promise.all(parts.table.list().map((actor) => actor.idle())));
  await Promise.race([finished, parts.clock.sleep(FINISH_WITHIN_MS)]);
}
