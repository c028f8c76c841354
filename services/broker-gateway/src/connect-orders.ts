import type { OrderBus } from "@countersign/bus/bus";
import type { ControlView } from "@countersign/bus/control-view";
import type { Clock } from "@countersign/clock/clock";
import type { AuditKind } from "@countersign/contracts/audit";
import type { ApprovalRules } from "@countersign/contracts/demand";
import type { Mode } from "@countersign/contracts/mode";
import { newNonce } from "@countersign/ids/ids";
import type { Logger } from "@countersign/log/logger";
import { compare, decimal, ZERO } from "@countersign/money/decimal";
import type { Roster } from "@countersign/roster/roster";
import type { AuditTrail, Record } from "./audit/audit-trail.ts";
import type { BrokerGatewayConfig } from "./config.ts";
import type { Live } from "./live/live-gates.ts";
import type { OrderIds } from "./order-ids.ts";
import type { ExecLog } from "./orders/exec-log.ts";
import { Follow } from "./orders/follow.ts";
import type { OrderTable } from "./orders/order-table.ts";
import { PacingViolations } from "./pacing-violations.ts";
import { BrokerLists } from "./reads/broker-lists.ts";
import { PositionBook } from "./reads/position-book.ts";
import { SummaryBook } from "./reads/summary-book.ts";
import { Reconciler } from "./reconcile/reconciler.ts";
import { settleIntents } from "./reconcile/settle-intents.ts";
import { StagedOrders } from "./reconcile/staged-orders.ts";
import type { Serial } from "./serial.ts";
import type { Link } from "./session/link.ts";
import type { LinkListeners } from "./session/link-types.ts";
import type { RateLimiter } from "./session/rate-limiter.ts";
import type { Requests } from "./session/requests.ts";
import type { BrokerEvent } from "./session/wire.ts";
import type { StandingPolicy } from "./submit/verify-policy.ts";

export interface Base {
  readonly bus: OrderBus;
  readonly clock: Clock;
  readonly log: Logger;
  readonly config: BrokerGatewayConfig;
  readonly mode: Mode;
  readonly view: ControlView;
  readonly audit: AuditTrail;
  readonly execLog: ExecLog;
  readonly table: OrderTable;
  readonly orderIds: OrderIds;
  readonly limiter: RateLimiter;
  readonly link: Link;
  readonly requests: Requests;
  readonly roster: Roster;
  readonly approvalRules: ApprovalRules;
  readonly live: Live;
  /** Absent: nothing is sent that a policy approved. */
  readonly standing?: StandingPolicy;
  readonly reserving: Serial;
  readonly sendLane: Serial;
  readonly writerEpoch: number;
  /** References of orders that were sent, as the control stream has it, and that no log knows. */
  readonly lostOrders: readonly string[];
}

export interface OrderParts extends Base {
  readonly lists: BrokerLists;
  readonly positions: PositionBook;
  readonly summaries: SummaryBook;
  readonly reconciler: Reconciler;
  /** True: on this connection TWS named a next order id that one of our orders has had. */
  readonly orderIdsBehind: () => boolean;
  readonly start: () => void;
  readonly stop: () => void;
}

/** What else hears of the link: whatever is not about orders. */
export interface Beside extends Pick<LinkListeners, "onFarm"> {
  take(event: BrokerEvent): void;
  /** A new connection, or one of which something was lost, can be asked again. */
  onReconcile(): void;
  onLost(): void;
}

/** Everything about orders that listens to the link, and what the link sets off. */
export function connectOrders(base: Base, beside: Beside): OrderParts {
  const { clock, log, link, requests, table, audit, config } = base;
  const reads = { clock, log, link, requests };
  const lists = new BrokerLists(reads);
  const positions = new PositionBook(reads, newNonce());
  const summaries = new SummaryBook(reads);
  const staged = new StagedOrders(base);
  const reconciler = new Reconciler({
    ...{ clock, log, mode: base.mode, link, table, lists, positions, audit },
    everyMs: config.reconcileEveryMs,
    unprimed: () => unprimed(base, positions, summaries),
    settleIntents: async () => {
      await settleIntents(base, { all: false });
      await staged.cancel();
    },
  });
  const { listeners, orderIdsBehind } = listenersOf(base, { positions, summaries, reconciler, beside });
  const stop = () => {
    reconciler.stop();
    link.stop();
  };
  const start = () => link.start(listeners);
  return { ...base, lists, positions, summaries, reconciler, orderIdsBehind, start, stop };
}

/** Who hears what of the link: each event goes to everybody, and what was read on a connection is forgotten with it. */
function listenersOf(
  base: Base,
  given: Pick<OrderParts, "positions" | "summaries" | "reconciler"> & { beside: Beside },
): { listeners: LinkListeners; orderIdsBehind: () => boolean } {
  const { clock, log, link, requests, table, audit } = base;
  const { positions, summaries, reconciler, beside } = given;
  const books = [positions, summaries];
  const reconcileSoon = (why: string) => reconciler.soon(why);
  const record = (kind: AuditKind, body: Record["body"]) => audit.record({ kind, correlationId: "link", body });
  const onFault: LinkListeners["onFault"] = ({ code, text, first }) => {
    if (first) record("broker.fault", { code, untrusted: text.slice(0, 500) });
    reconcileSoon(code === null ? "a message could not be read" : `TWS ${code}`);
  };
  const follow = new Follow({
    ...{ table, log, connectedAs: () => link.connectedAs, reconcileSoon },
    resyncOrderIds: () => requests.tell((connection) => connection.requestNextOrderId()),
    onUnlisted: (code, text) => onFault({ code, text, first: link.faults.add(code, text) }),
  });
  const violations = new PacingViolations({ clock, audit, faults: link.faults });
  let behind = false;
  const listeners: LinkListeners = {
    onEvent: (event) => {
      learnOrderId(base, event);
      if (event.kind === "nextOrderId") behind = isBehind(base, event.orderId);
      requests.dispatch(event);
      for (const listener of [beside, ...books, follow, violations]) listener.take(event);
    },
    onReconcile: (epoch) => {
      for (const book of books) book.forget();
      beside.onReconcile();
      reconciler.connected(epoch);
    },
    onLost: (reason) => {
      requests.failAll(reason);
      follow.linkLost(reason);
      for (const book of books) book.forget();
      beside.onLost();
      record("broker.link", { state: link.state, reason });
    },
    onFault,
    onFarm: (farm, before) => {
      record("broker.link", { farm: farm.name, kind: farm.kind, state: farm.state, before });
      beside.onFarm(farm, before);
    },
  };
  return { listeners, orderIdsBehind: () => behind };
}

/** An empty list of positions beside a value of positions: the first answer after a login came too early. */
async function unprimed({ link }: Base, positions: PositionBook, summaries: SummaryBook): Promise<string | undefined> {
  await summaries.refresh();
  const account = link.accounts.find((one) => {
    const value = summaries.grossPositionValue(one);
    return positions.isEmpty(one) && (value === undefined || compare(decimal(value), ZERO) !== 0);
  });
  return account === undefined ? undefined : `${account} has no positions, and not a position value of 0`;
}

/** What TWS counts for another client than the one that sends orders is nothing to us. */
function isBehind({ link, table }: Base, nextOrderId: number): boolean {
  return link.ownsOrders && nextOrderId <= table.highestAcknowledged(link.clientId);
}

/** TWS refuses an id that is not above every id it has told us of, its own and those of other clients. */
function learnOrderId({ orderIds, link, log }: Base, event: BrokerEvent): void {
  if (event.kind === "nextOrderId" && link.ownsOrders && orderIds.atLeast(event.orderId)) {
    log.warn({ orderId: event.orderId }, "TWS counts order ids from a lower number than ours; ours holds");
  }
  const shown = event.kind === "openOrder" ? event.order.orderId : event.kind === "orderStatus" ? event.orderId : null;
  if (shown !== null && shown > 0) orderIds.atLeast(shown + 1);
}
