import type { BrokerEvent, OrderToSend } from "../gateway-types.ts";

/** What becomes of the next order, once it has arrived. */
export type Fate = "rest" | "market" | "parts" | "reject" | "ignored";

export const PARTS = ["4", "6"] as const;
export const REJECTED = "Order rejected - reason:Margin";

/** A TWS, real or fake. Every command returns when all that it leads to has happened and been told. */
export interface TwsSide {
  connect(session: number, clientId: number): Promise<void>;
  disconnect(session: number): Promise<void>;
  place(session: number, order: OrderToSend, fate: Fate): Promise<void>;
  /** All messages of a bracket that are sent, one right after the other; transmitted, its orders are taken. */
  placeGroup(session: number, orders: readonly OrderToSend[]): Promise<void>;
  /** Every exit whose price is above the market and whose entry is filled fills. */
  rise(): Promise<void>;
  cancel(session: number, orderId: number): Promise<void>;
  ask(session: number, what: "openOrders" | "completedOrders" | "executions" | "nextId"): Promise<void>;
  /** 1100, and back again with 1101 or 1102. */
  lost(restored: "1101" | "1102"): Promise<void>;
  /** All connections end; what was placed lives on. */
  restart(): Promise<void>;
  /** What was told since it was last asked, in order. */
  heard(): readonly { readonly session: number; readonly event: BrokerEvent }[];
  stop(): Promise<void>;
}
