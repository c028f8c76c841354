import type { BrokerEvent, OrderToSend } from "../gateway-types.ts";

export type OfSession = { readonly session: number };

/** What a client asks of TWS, or what happens there. */
export type TwsCommand =
  | (OfSession & { readonly do: "connect"; readonly clientId: number })
  | (OfSession & { readonly do: "disconnect" })
  | (OfSession & { readonly do: "place"; readonly order: OrderToSend })
  | (OfSession & { readonly do: "cancel"; readonly orderId: number })
  | (OfSession & { readonly do: "openOrders" | "completedOrders" | "positions" | "nextId" | "time" })
  | (OfSession & { readonly do: "executions" | "summary"; readonly reqId: number })
  | { readonly do: "accept" | "tell" | "drop" | "cancelNow"; readonly key: number }
  | {
      readonly do: "reject";
      readonly key: number;
      readonly code: number;
      readonly text: string;
      readonly silent: boolean;
    }
  | { readonly do: "fill"; readonly key: number; readonly quantity: number; readonly tell: boolean }
  | { readonly do: "charge"; readonly key: number }
  | { readonly do: "notice"; readonly code: number; readonly text: string }
  | { readonly do: "restart"; readonly rollback: number };

export interface Outgoing {
  readonly session: number;
  readonly event: BrokerEvent;
}
