import type { Clock } from "@countersign/clock/clock";
import type { Broker } from "../broker/broker.ts";
import type { BrokerState } from "../broker/broker-state.ts";
import type { Order } from "../broker/model.ts";
import { orderView } from "../broker/order-views.ts";
import { encodeOrderStatus } from "../codec/encode-execution.ts";
import { encodeOpenOrder } from "../codec/encode-open-order.ts";
import { encodeError } from "../codec/encode-session.ts";
import type { Calendar } from "../market/calendar.ts";
import type { Instrument } from "../market/instrument.ts";
import type { Market } from "../market/market.ts";
import type { Rng } from "../market/rng.ts";
import type { DataHooks } from "./data-hooks.ts";
import type { Session } from "./session.ts";

/** The time zone of this TWS: connection time, execution times, order times. */
export const TWS_ZONE = "US/Eastern";

/** Everything that all sessions share. */
export interface World {
  readonly clock: Clock;
  readonly rng: Rng;
  readonly market: Market;
  readonly calendar: Calendar;
  readonly book: ReadonlyMap<number, Instrument>;
  readonly state: BrokerState;
  readonly broker: Broker;
  readonly data: DataHooks;
  /** Lines of market data that one client may have open. */
  readonly linesMax: number;
}

export function sendError(session: Session, id: number, code: number, text: string): void {
  session.send(encodeError({ id, code, text }));
}

/** An error in place of an answer; written as `return refuse(...)`, because nothing more comes of the request. */
export function refuse(session: Session, id: number, code: number, text: string): undefined {
  sendError(session, id, code, text);
}

/** The refusal of a request that can be read and is not valid. */
export function refuseInvalid(session: Session, id: number, cause: string): undefined {
  return refuse(session, id, 321, `Error validating request.-'bW' : cause - ${cause}`);
}

/** openOrder and orderStatus of one order; a client that has seen an order id must not use it again. */
export function sendOrder(world: World, session: Session, order: Order, fresh = false): void {
  const view = orderView(order, world.broker.instrumentOf(order.terms), TWS_ZONE, fresh);
  world.state.raiseHighestOrderId(session.clientId, order.orderId);
  session.send(encodeOpenOrder(view, session.serverVersion));
  session.send(encodeOrderStatus(view));
}
