import type { BrokerEvent, OrderToSend } from "../gateway-types.ts";
import { commissionOf, executionOf, isCompleted, isOpen, shownBy, statusOf, type TwsOrder } from "./tws-orders.ts";

type OfSession = { readonly session: number };

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

const ACCOUNT = "DU1234567";

/** A TWS in memory: commands in, messages out; nothing happens by itself, and nothing takes time. */
export class FakeTws {
  readonly orders: TwsOrder[] = [];
  readonly sessions = new Map<number, number>();
  #nextId = 1;
  #permIds = 1_000;

  apply(command: TwsCommand): Outgoing[] {
    switch (command.do) {
      case "connect":
        return this.#connect(command.session, command.clientId);
      case "disconnect":
        this.sessions.delete(command.session);
        return [];
      case "restart":
        this.sessions.clear();
        this.#nextId = Math.max(1, this.#nextId - command.rollback);
        return [];
      case "notice":
        return [...this.sessions.keys()].map((session) => {
          return { session, event: { kind: "notice", code: command.code, text: command.text } };
        });
      case "accept":
      case "tell":
      case "drop":
      case "cancelNow":
      case "reject":
      case "fill":
      case "charge":
        return this.#happen(command);
      default:
        return this.sessions.has(command.session) ? this.#answer(command) : [];
    }
  }

  #connect(session: number, clientId: number): Outgoing[] {
    if ([...this.sessions.values()].includes(clientId)) {
      return [{ session, event: { kind: "notice", code: 326, text: "client id in use" } }];
    }
    this.sessions.set(session, clientId);
    const greeting: BrokerEvent[] = [
      { kind: "accounts", accounts: [ACCOUNT] },
      { kind: "nextOrderId", orderId: this.#nextId },
    ];
    return greeting.map((event) => ({ session, event }));
  }

  #answer(command: Extract<TwsCommand, OfSession>): Outgoing[] {
    const { session } = command;
    const clientId = this.sessions.get(session) ?? 0;
    const to = (events: readonly BrokerEvent[]) => events.map((event) => ({ session, event }));
    switch (command.do) {
      case "place":
        return this.#place(session, clientId, command.order);
      case "cancel":
        return this.#cancel(session, clientId, command.orderId);
      case "openOrders": {
        const open = this.orders.filter(isOpen);
        const rows = open.flatMap((order): BrokerEvent[] => [
          { kind: "openOrder", order: shownBy(order) },
          statusOf(order),
        ]);
        return to([...rows, { kind: "openOrdersEnd" }]);
      }
      case "completedOrders": {
        const rows = this.orders.filter(isCompleted).filter(({ permId }) => permId !== null);
        return to([
          ...rows.map((order): BrokerEvent => ({ kind: "completedOrder", order: shownBy(order) })),
          { kind: "completedOrdersEnd" },
        ]);
      }
      case "executions":
        return to([...this.#executions(command.reqId), { kind: "executionsEnd", reqId: command.reqId }]);
      case "positions":
        return to([{ kind: "positionsEnd" }]);
      case "summary":
        return to([...this.#summary(command.reqId), { kind: "summaryEnd", reqId: command.reqId }]);
      case "nextId":
        return to([{ kind: "nextOrderId", orderId: this.#nextId }]);
      case "time":
        return to([{ kind: "currentTime", epochSeconds: 0 }]);
      default:
        return [];
    }
  }

  #executions(reqId: number): BrokerEvent[] {
    return this.orders.flatMap((order) =>
      order.executions.flatMap((_, index): BrokerEvent[] => {
        return [{ kind: "execution", reqId, execution: executionOf(order, index) }, commissionOf(order, index)];
      }),
    );
  }

  /** Positions are not what is looked at: none, and worth nothing. */
  #summary(reqId: number): BrokerEvent[] {
    const row = (tag: string, value: string): BrokerEvent => {
      return { kind: "summaryRow", reqId, account: ACCOUNT, tag, value, currency: "USD" };
    };
    return [row("NetLiquidation", "100000"), row("GrossPositionValue", "0")];
  }

  /** An id that is not above all before it is refused, and so is one that is used again. */
  #place(session: number, clientId: number, sent: OrderToSend): Outgoing[] {
    if (sent.orderId < this.#nextId) {
      return [{ session, event: { kind: "error", id: sent.orderId, code: 103, text: "Duplicate order id" } }];
    }
    this.#nextId = sent.orderId + 1;
    const key = this.orders.length;
    this.orders.push({ key, sent, clientId, permId: null, status: "arrived", filled: 0, executions: [] });
    return [];
  }

  #cancel(session: number, clientId: number, orderId: number): Outgoing[] {
    const order = this.orders.findLast((one) => one.clientId === clientId && one.sent.orderId === orderId);
    const error = (code: number, text: string): Outgoing => ({
      session,
      event: { kind: "error", id: orderId, code, text },
    });
    if (order === undefined || order.status === "dropped")
      return [error(10147, "OrderId that needs to be cancelled is not found")];
    if (isCompleted(order))
      return [error(10148, "OrderId that needs to be cancelled cannot be cancelled, state: Filled")];
    order.status = "Cancelled";
    return [{ session, event: statusOf(order) }, error(202, "Order Canceled - reason:")];
  }

  #happen(command: Extract<TwsCommand, { key: number }>): Outgoing[] {
    const order = this.orders[command.key];
    if (order === undefined) return [];
    switch (command.do) {
      case "drop":
        if (order.status === "arrived") order.status = "dropped";
        return [];
      case "accept":
        if (order.status !== "arrived") return [];
        this.#permIds += 1;
        order.permId = String(this.#permIds);
        order.status = order.sent.orderType === "LMT" ? "Submitted" : "PreSubmitted";
        return [];
      case "tell":
        return isOpen(order) || order.permId !== null
          ? this.#toOwner(order, [
              { kind: "openOrder", order: shownBy({ ...order, status: order.status }) },
              statusOf(order),
            ])
          : [];
      case "reject":
        if (order.status !== "arrived") return [];
        order.status = "Inactive";
        if (command.silent) return [];
        return this.#toOwner(order, [
          { kind: "error", id: order.sent.orderId, code: command.code, text: command.text },
        ]);
      case "fill":
        return this.#fill(order, command.quantity, command.tell);
      case "charge":
        return this.#toOwner(
          order,
          order.executions.map((_, index) => commissionOf(order, index)),
        );
      case "cancelNow":
        if (!isOpen(order)) return [];
        order.status = "Cancelled";
        return this.#toOwner(order, [statusOf(order)]);
    }
  }

  #fill(order: TwsOrder, quantity: number, tell: boolean): Outgoing[] {
    const left = Number(order.sent.quantity) - order.filled;
    if (!isOpen(order) || left <= 0) return [];
    const filled = Math.min(quantity, left);
    order.filled += filled;
    const execId = `0000e0d5.${order.key}.${order.executions.length}.01`;
    order.executions.push({ execId, quantity: filled, total: order.filled, reported: tell });
    if (order.filled === Number(order.sent.quantity)) order.status = "Filled";
    if (!tell) return [];
    const execution = executionOf(order, order.executions.length - 1);
    return this.#toOwner(order, [{ kind: "execution", reqId: -1, execution }, statusOf(order)]);
  }

  #toOwner(order: TwsOrder, events: readonly BrokerEvent[]): Outgoing[] {
    const owner = [...this.sessions].find(([, clientId]) => clientId === order.clientId);
    return owner === undefined ? [] : events.map((event) => ({ session: owner[0], event }));
  }
}
