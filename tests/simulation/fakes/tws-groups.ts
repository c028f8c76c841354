import type { OrderToSend } from "../gateway-types.ts";
import { isOpen, type TwsOrder, workingStatus } from "./tws-orders.ts";

/** The exits of an entry. */
export function childrenOf(orders: readonly TwsOrder[], { clientId, sent }: TwsOrder): TwsOrder[] {
  return orders.filter((one) => one.clientId === clientId && one.sent.group?.parentId === sent.orderId);
}

export function siblingsOf(orders: readonly TwsOrder[], order: TwsOrder): TwsOrder[] {
  const parentId = order.sent.group?.parentId ?? null;
  if (parentId === null) return [];
  return orders.filter(
    (one) => one !== order && one.clientId === order.clientId && one.sent.group?.parentId === parentId,
  );
}

export function waitsForEntry(orders: readonly TwsOrder[], { clientId, sent }: TwsOrder): boolean {
  const parentId = sent.group?.parentId ?? null;
  const entry = orders.find((one) => one.clientId === clientId && one.sent.orderId === parentId);
  return entry !== undefined && entry.status !== "Filled";
}

/** An exit whose entry TWS does not hold is refused. */
export function lacksParent(orders: readonly TwsOrder[], clientId: number, { group }: OrderToSend): boolean {
  const parentId = group?.parentId ?? null;
  if (parentId === null) return false;
  const held = ({ status }: TwsOrder) => status === "staged" || status === "arrived";
  return !orders.some(
    (one) => one.clientId === clientId && one.sent.orderId === parentId && (held(one) || isOpen(one)),
  );
}

/** The last message of a group sends what was held back with it: the entry, or the order itself. */
export function released(orders: readonly TwsOrder[], last: TwsOrder): TwsOrder {
  const parentId = last.sent.group?.parentId ?? null;
  const own = orders.filter(({ clientId, status }) => clientId === last.clientId && status === "staged");
  for (const one of own) {
    const { group, orderId } = one.sent;
    if (parentId !== null && (orderId === parentId || group?.parentId === parentId)) one.status = "arrived";
  }
  return orders.find((one) => one.clientId === last.clientId && one.sent.orderId === parentId) ?? last;
}

/** What ends with an order that ended: of an entry that never filled its exits, of an exit that filled its sibling. */
export function endedWith(orders: readonly TwsOrder[], order: TwsOrder): TwsOrder[] {
  const ended = order.status === "Filled" ? siblingsOf(orders, order) : childrenOf(orders, order);
  return ended.filter(isOpen);
}

/** The exits of a filled entry work. */
export function freedBy(orders: readonly TwsOrder[], entry: TwsOrder): TwsOrder[] {
  const freed = childrenOf(orders, entry).filter((one) => isOpen(one) && one.waits);
  for (const one of freed) {
    one.waits = false;
    one.status = workingStatus(one);
  }
  return freed;
}

/** Of an exit that is filled in part the other one becomes smaller. */
export function madeSmaller(orders: readonly TwsOrder[], exit: TwsOrder, filled: number): TwsOrder[] {
  const smaller = siblingsOf(orders, exit).filter(isOpen);
  for (const one of smaller) one.sent = { ...one.sent, quantity: String(Number(one.sent.quantity) - filled) };
  return smaller;
}

/** Of an entry that ended with a part of it filled the exits are there for that part, and work. */
export function protectedBy(orders: readonly TwsOrder[], entry: TwsOrder): TwsOrder[] {
  if (entry.status === "Filled" || entry.filled === 0) return [];
  const exits = childrenOf(orders, entry).filter(isOpen);
  for (const one of exits) {
    one.sent = { ...one.sent, quantity: String(Math.min(entry.filled, Number(one.sent.quantity))) };
    one.waits = false;
    one.status = workingStatus(one);
  }
  return exits;
}

/** An untransmitted order that is cancelled is gone, with its exits. */
export function takenBack(orders: readonly TwsOrder[], order: TwsOrder): TwsOrder[] {
  if (order.status !== "staged") return [];
  const gone = [order, ...childrenOf(orders, order)].filter(({ status }) => status === "staged");
  for (const one of gone) one.status = "Cancelled";
  return gone;
}
