import { utcText } from "@countersign/clock/clock";
import { ibCode } from "@countersign/contracts/ib-codes";
import type { BrokerStatus } from "@countersign/contracts/messages/broker.v1";
import type * as z from "zod";
import { type Circumstances, conditionsOf } from "./conditions.ts";
import type { OrderParts } from "./connect-orders.ts";
import { isHalf } from "./fold/protection.ts";
import type { OrderActor } from "./orders/order-actor.ts";
import { mayBeStaged } from "./reconcile/staged-orders.ts";
import { UNREADABLE } from "./session/link-types.ts";
import { nextRestarts, windowsOf } from "./session/windows.ts";

/** All that this gateway knows of its way to the broker, with what a person can do about what is wrong. */
export function statusOf(parts: OrderParts): z.input<typeof BrokerStatus> {
  const { mode, link, writerEpoch, reconciler, clock } = parts;
  const now = circumstancesOf(parts);
  const hold = now.hold ?? null;
  return {
    mode,
    link: link.state,
    since: utcText(link.record.sinceMs),
    serverVersion: link.serverVersion,
    accounts: [...link.accounts],
    clientId: link.clientId,
    connectedAs: link.connectedAs,
    writerEpoch,
    lastReconciliation: reconciler.lastAt,
    unknownOrders: now.orders.unknown.length + now.orders.disputed.length,
    hold: hold === null ? null : { code: hold.code, reason: hold.reason.slice(0, 500) },
    conditions: conditionsOf(now),
    nextRestarts: now.nextRestarts.map(({ kind, atMs }) => ({ kind, at: utcText(atMs) })),
    farms: [...now.farms],
    faults: link.faults.list(),
    detail: link.detail === "" ? `asked at ${utcText(clock.nowMs())}` : link.detail.slice(0, 500),
  };
}

function circumstancesOf(parts: OrderParts): Circumstances {
  const { link, clock, table, config, mode, reconciler, summaries } = parts;
  const nowMs = clock.nowMs();
  const actors = table.list();
  const named = (fits: (actor: OrderActor) => boolean) => actors.filter(fits).map(({ order }) => order.proposalId);
  const faults = link.faults.list();
  const { state, sinceMs, lastUpMs, detail, failures, lastEnd, frozen } = link.record;
  return {
    nowMs,
    link: { state, sinceMs, lastUpMs, detail, failures, lastEnd, frozen },
    clientIdStuck: link.turns.stuck?.reason,
    apiReadOnly: link.facts.readOnly,
    hold: link.hold(),
    farms: link.facts.farms.list(),
    competing: link.facts.competing,
    unreadable: faults.find(({ code }) => code === UNREADABLE)?.count ?? 0,
    unlistedCodes: faults.flatMap(({ code }) => (code === null || ibCode(code) !== undefined ? [] : [code])),
    nextRestarts: nextRestarts(windowsOf(config.windows, mode), nowMs),
    orders: {
      unknown: named(({ order }) => order.state === "UNKNOWN"),
      disputed: named(({ order }) => order.state === "DISPUTED"),
      cancelPending: named(({ order }) => order.state === "CANCEL_REQUESTED"),
      untransmitted: named(mayBeStaged),
      halfBracket: named(({ order, exits }) => {
        return isHalf(
          order,
          exits.map((exit) => exit.order),
        );
      }),
      otherClient: named(({ order }) => OPEN.has(order.state) && order.clientId !== link.clientId),
    },
    foreignOrders: reconciler.foreignOrders,
    orderIdsBehind: parts.orderIdsBehind(),
    orderIdsLeft: parts.orderIds.left,
    accountsUnread: state === "up" ? link.accounts.filter((account) => !summaries.knows(account)) : [],
  };
}

const OPEN: ReadonlySet<string> = new Set(["WORKING", "PARTIAL", "CANCEL_REQUESTED", "UNKNOWN"]);
