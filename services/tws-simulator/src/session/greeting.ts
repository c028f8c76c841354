import { encodeError, encodeManagedAccounts, encodeNextValidId } from "../codec/encode-session.ts";
import { sendOpenOrders } from "./order-handlers.ts";
import type { Session } from "./session.ts";
import type { World } from "./world.ts";

/** A notice of TWS about itself: an error with id -1. */
export interface Notice {
  readonly code: number;
  readonly text: string;
}

export const CLIENT_ID_IN_USE: Notice = {
  code: 326,
  text: "Unable to connect as the client id is already in use. Retry with a unique client id.",
};
export const FARMS_OK: readonly Notice[] = [
  { code: 2104, text: "Market data farm connection is OK:usfarm" },
  { code: 2106, text: "HMDS data farm connection is OK:ushmds" },
  { code: 2158, text: "Sec-def data farm connection is OK:secdefnj" },
];
export const NO_SERVER: Notice = {
  code: 2110,
  text: "Connectivity between Trader Workstation and server is broken. It will be restored automatically.",
};

export function sendNotice(session: Session, notice: Notice): void {
  session.send(encodeError({ id: -1, ...notice }));
}

/** What TWS says to START_API: the client's own open orders if it has any, accounts, the first order id, farms. */
export function greet(world: World, session: Session, linkUp: boolean): void {
  const { state } = world;
  const own = state.openOrders().some((order) => order.clientId === session.clientId && order.orderId !== 0);
  if (own) sendOpenOrders(world, session, session.clientId);
  session.send(encodeManagedAccounts(state.accountIds));
  session.send(encodeNextValidId(state.highestOrderId(session.clientId) + 1));
  for (const notice of linkUp ? FARMS_OK : [NO_SERVER]) sendNotice(session, notice);
}
