import { FakeTws } from "../fakes/tws.ts";
import type { Outgoing } from "../fakes/tws-command.ts";
import { isOpen, type TwsOrder } from "../fakes/tws-orders.ts";
import { PARTS, REJECTED, type TwsSide } from "./tws-side.ts";

/** The fake TWS, whose orders come to what the real simulator makes of them. */
export function fakeTwsSide(): TwsSide {
  const tws = new FakeTws();
  let heard: Outgoing[] = [];
  const apply = (...commands: Parameters<FakeTws["apply"]>[0][]) => {
    for (const command of commands) heard.push(...tws.apply(command));
  };
  return {
    connect: async (session, clientId) => apply({ do: "connect", session, clientId }),
    disconnect: async (session) => apply({ do: "disconnect", session }),
    place: async (session, order, fate) => {
      if (fate === "ignored") return;
      apply({ do: "place", session, order });
      const key = tws.orders.findIndex(({ status, sent }) => status === "arrived" && sent === order);
      if (key < 0) return;
      if (fate === "reject") return apply({ do: "reject", key, code: 201, text: REJECTED, silent: false });
      apply({ do: "accept", key }, { do: "tell", key });
      const sizes = fate === "market" ? [Number(order.quantity)] : fate === "parts" ? PARTS.map(Number) : [];
      for (const quantity of sizes) apply({ do: "fill", key, quantity, tell: true }, { do: "charge", key });
    },
    placeGroup: async (session, orders) => {
      const from = tws.orders.length;
      apply(...orders.map((order) => ({ do: "place" as const, session, order })));
      const taken = tws.orders.slice(from).filter(({ status }) => status === "arrived");
      for (const { key } of taken) apply({ do: "accept", key }, { do: "tell", key });
      for (const { key, sent } of taken)
        if (sent.orderType === "MKT")
          apply({ do: "fill", key, quantity: Number(sent.quantity), tell: true }, { do: "charge", key });
    },
    rise: async () => {
      for (const order of tws.orders) {
        const { key, sent } = order;
        if (!isOpen(order) || sent.side !== "SELL" || sent.orderType !== "LMT" || !isActive(tws.orders, order))
          continue;
        apply({ do: "fill", key, quantity: Number(sent.quantity), tell: true }, { do: "charge", key });
      }
    },
    cancel: async (session, orderId) => apply({ do: "cancel", session, orderId }),
    ask: async (session, what) => {
      apply(what === "executions" ? { do: what, session, reqId: 1 } : { do: what, session });
    },
    lost: async (restored) => {
      apply({ do: "notice", code: 1100, text: "" }, { do: "notice", code: Number(restored), text: "" });
    },
    restart: async () => apply({ do: "restart", rollback: 0 }),
    heard: () => {
      const all = heard;
      heard = [];
      return all;
    },
    stop: async () => undefined,
  };
}

/** An exit works once its entry is filled. */
function isActive(orders: readonly TwsOrder[], { clientId, sent }: TwsOrder): boolean {
  const entry = orders.find((one) => one.clientId === clientId && one.sent.orderId === sent.group?.parentId);
  return entry?.status === "Filled";
}
