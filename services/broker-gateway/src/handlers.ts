import type { OrderBus } from "@countersign/bus/bus";
import { BROKER_READS } from "@countersign/contracts/broker-reads";
import { ok } from "@countersign/contracts/denial";
import { RPCS } from "@countersign/contracts/subjects";
import { cancelAtBroker } from "./cancel/cancel.ts";
import { closeAtBroker } from "./close/close.ts";
import type { OrderParts } from "./connect-orders.ts";
import type { Parts } from "./connect-parts.ts";
import { serveReads } from "./read-handlers.ts";
import { accountsOf, executionsOf, openOrdersOf, positionsOf, summaryOf } from "./reads/accounts.ts";
import { bars } from "./reads/bars.ts";
import { brokerFacts, whatIfOf } from "./reads/broker-facts.ts";
import { search } from "./reads/search.ts";
import { statusOf } from "./status.ts";
import { submit } from "./submit/submit.ts";

/** What this service answers. */
export const SERVED = [
  RPCS.submit,
  RPCS.cancelAtBroker,
  RPCS.closeAtBroker,
  RPCS.brokerStatus,
  RPCS.liveStatus,
  RPCS.accounts,
  RPCS.summary,
  RPCS.positions,
  RPCS.openOrders,
  RPCS.executions,
  RPCS.whatIf,
  RPCS.brokerFacts,
  RPCS.brokerQuote,
  RPCS.brokerBars,
  RPCS.brokerContract,
  RPCS.brokerSearch,
  RPCS.killReports,
  RPCS.reconcileNow,
  ...Object.values(BROKER_READS),
] as const;

export function serveGateway(bus: OrderBus, parts: Parts): void {
  serveExec(bus, parts);
  serveAccounts(bus, parts);
  serveMarket(bus, parts);
  serveReads(bus, parts);
}

/** What writes to TWS. */
export function serveExec(bus: OrderBus, parts: OrderParts): void {
  const { config, reconciler, mode } = parts;
  const { acknowledgeWithinMs } = config;
  const readingIsClean = () => reconciler.isClean;
  const deps = { ...parts, acknowledgeWithinMs, readingIsClean, reconcileSoon: (why: string) => reconciler.soon(why) };
  bus.serve(RPCS.submit, (request, { params }) => submit(deps, request, params.account ?? ""));
  bus.serve(RPCS.cancelAtBroker, (request, { params }) => cancelAtBroker(parts, request, params.account ?? ""));
  const closing = { ...parts, closers: mode === "live" ? 2 : config.closers } as const;
  bus.serve(RPCS.closeAtBroker, (request, { params }) => closeAtBroker(closing, request, params.account ?? ""));
}

function serveAccounts(bus: OrderBus, parts: Parts): void {
  bus.serve(RPCS.brokerStatus, async () => ok(statusOf(parts)));
  bus.serve(RPCS.liveStatus, async () => ok(await parts.live.status(parts.view.level({}))));
  bus.serve(RPCS.accounts, async () => accountsOf(parts));
  bus.serve(RPCS.summary, ({ account }) => summaryOf(parts, account));
  bus.serve(RPCS.positions, ({ account }) => positionsOf(parts, account));
  bus.serve(RPCS.openOrders, ({ account }) => openOrdersOf(parts, account));
  bus.serve(RPCS.executions, ({ account }) => executionsOf(parts, account));
}

function serveMarket(bus: OrderBus, parts: Parts): void {
  bus.serve(RPCS.whatIf, ({ terms }) => whatIfOf(parts, terms));
  bus.serve(RPCS.brokerFacts, async (request) => ok(await brokerFacts(parts, request)));
  bus.serve(RPCS.brokerQuote, ({ conid }) => parts.lines.read(conid));
  bus.serve(RPCS.brokerBars, (request) => bars(parts, request));
  bus.serve(RPCS.brokerContract, ({ conid }) => parts.contracts.byConid(conid));
  bus.serve(RPCS.brokerSearch, (request) => search(parts, request));
}
