import type { OrderView } from "../codec/order-view.ts";
import type { Execution, Order } from "./model.ts";

/** What the broker tells, in the order in which TWS writes it to the socket. */
export type BrokerEvent =
  | { readonly kind: "openOrder"; readonly order: Order; readonly fresh?: boolean }
  /** `canceller` is another client that cancelled the order: it sees the status under its own id. */
  | { readonly kind: "orderStatus"; readonly order: Order; readonly canceller?: number }
  | { readonly kind: "whatIf"; readonly view: OrderView }
  | { readonly kind: "execution"; readonly execution: Execution }
  | { readonly kind: "commission"; readonly execution: Execution }
  | {
      readonly kind: "orderError";
      readonly clientId: number;
      readonly orderId: number;
      readonly code: number;
      readonly text: string;
      /** Empty or one JSON object; absent = empty. */
      readonly rejectJson?: string;
    }
  | { readonly kind: "accountChanged"; readonly account: string; readonly conId: number };

export type BrokerListener = (event: BrokerEvent) => void;
