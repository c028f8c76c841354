import type { Execution, Order } from "../broker/model.ts";
import { isOpen } from "../broker/model.ts";
import { executionView, orderView } from "../broker/order-views.ts";
import { encodeCompletedOrder, encodeCompletedOrdersEnd } from "../codec/encode-completed-order.ts";
import { encodeCommission, encodeExecution, encodeExecutionEnd } from "../codec/encode-execution.ts";
import { encodeOpenOrderEnd, encodeOrderBound } from "../codec/encode-open-order.ts";
import type { ExecutionsRequest, RequestOf } from "../codec/requests.ts";
import { parseTwsTime, zonedInstantMs, zonedTime } from "../market/zoned-time.ts";
import type { Session } from "./session.ts";
import { sendError, sendOrder, TWS_ZONE, type World } from "./world.ts";

function byPermId(left: Order, right: Order): number {
  return left.permId - right.permId;
}

/** What reqOpenOrders of client 0 does before it answers: orders placed by hand become its own. */
export function bindManualOrders(world: World, session: Session): void {
  if (session.clientId !== 0) return;
  for (const order of world.state.openOrders()) {
    if (order.orderId !== 0) continue;
    world.state.bind(order);
    session.send(encodeOrderBound(order));
  }
}

/** The open orders of one client, or of all when `clientId` is undefined, ended by openOrderEnd. */
export function sendOpenOrders(world: World, session: Session, clientId: number | undefined): void {
  const orders = world.state
    .openOrders()
    .filter((order) => clientId === undefined || (order.clientId === clientId && order.orderId !== 0));
  for (const order of orders.sort(byPermId)) sendOrder(world, session, order);
  session.send(encodeOpenOrderEnd());
  world.state.save();
}

export function sendAutoOpenOrders(session: Session, autoBind: boolean): void {
  if (session.clientId === 0) session.subscriptions.autoBind = autoBind;
  if (session.clientId === 0 || !autoBind) return;
  const text = "Only API connections with clientId set to 0 can set the auto bind TWS orders property.";
  sendError(session, -1, 327, text);
}

/** Orders that are over; with `apiOnly` those placed by hand are left out. */
export function sendCompletedOrders(world: World, session: Session, request: RequestOf<"reqCompletedOrders">): void {
  for (const order of world.state.orders().sort(byPermId)) {
    const byHand = order.orderId <= 0;
    if (isOpen(order) || (request.apiOnly && byHand)) continue;
    const view = orderView(order, world.broker.instrumentOf(order.terms), TWS_ZONE);
    session.send(encodeCompletedOrder(view, session.serverVersion));
  }
  session.send(encodeCompletedOrdersEnd());
}

function sideOf(text: string): "BOT" | "SLD" | undefined {
  const side = text.toUpperCase();
  if (side === "BUY" || side === "BOT") return "BOT";
  return side === "SELL" || side === "SLD" ? "SLD" : undefined;
}

function passes(world: World, request: ExecutionsRequest, execution: Execution): boolean {
  const instrument = world.broker.instrumentOf(execution);
  const side = sideOf(request.side);
  return (
    (request.clientId === 0 || request.clientId === execution.clientId) &&
    (request.account === "" || request.account === execution.account) &&
    (request.symbol === "" || request.symbol.toUpperCase() === instrument.symbol) &&
    (request.secType === "" || request.secType.toUpperCase() === instrument.secType) &&
    (request.exchange === "" || request.exchange.toUpperCase() === execution.exchange) &&
    (side === undefined || side === execution.side)
  );
}

/** Executions since midnight that pass the filter, each followed by its commission. */
export function sendExecutions(world: World, session: Session, request: ExecutionsRequest): void {
  const midnightMs = zonedInstantMs(zonedTime(world.clock.nowMs(), TWS_ZONE).date, 0, TWS_ZONE);
  const fromMs = request.time === "" ? midnightMs : parseTwsTime(request.time, TWS_ZONE);
  if (fromMs === undefined) {
    const text = `Error validating request.-'bW' : cause - Invalid time format: ${request.time}`;
    sendError(session, request.reqId, 321, text);
    return;
  }
  for (const execution of world.state.executions()) {
    if (execution.timeMs < Math.max(fromMs, midnightMs) || !passes(world, request, execution)) continue;
    sendExecution(world, session, { reqId: request.reqId, execution });
    if (execution.combo === undefined)
      session.send(encodeCommission({ ...execution, currency: execution.commissionCurrency }));
  }
  session.send(encodeExecutionEnd(request.reqId));
}

/** One execution; `reqId` is -1 for one that nobody asked for. */
export function sendExecution(world: World, session: Session, row: { reqId: number; execution: Execution }): void {
  const instrument = world.broker.instrumentOf(row.execution);
  session.send(encodeExecution(row.reqId, executionView(row.execution, instrument, TWS_ZONE), session.serverVersion));
}
