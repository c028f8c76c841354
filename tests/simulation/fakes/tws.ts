import type { BrokerEvent, OrderToSend } from "../gateway-types.ts";
import type { OfSession, Outgoing, TwsCommand } from "./tws-command.ts";
import {
  endedWith,
  freedBy,
  lacksParent,
  madeSmaller,
  protectedBy,
  released,
  takenBack,
  waitsForEntry,
} from "./tws-groups.ts";
import {
  cancelled,
  commissionOf,
  completedBy,
  executionOf,
  isCompleted,
  isOpen,
  isRejected,
  rowsOf,
  shownBy,
  statusOf,
  type TwsOrder,
  untransmitted,
  workingStatus,
} from "./tws-orders.ts";

const ACCOUNT = "DU1234567";

/** A TWS in memory: commands in, messages out; nothing happens by itself, and nothing takes time. */
export class FakeTws {
  readonly orders: TwsOrder[] = [];
  readonly sessions = new Map<number, number>();
  /** Keys of orders that have arrived and that nobody has looked at yet; of a bracket the entry's. */
  readonly arrivals: number[] = [];
  /** Every client has order ids of its own. */
  readonly #nextIds = new Map<number, number>();
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
        for (const [client, next] of this.#nextIds) this.#nextIds.set(client, Math.max(1, next - command.rollback));
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
      { kind: "nextOrderId", orderId: this.#nextIds.get(clientId) ?? 1 },
    ];
    const own = this.orders.filter((order) => isOpen(order) && order.clientId === clientId);
    // Nobody asked, and yet they are told, with their end.
    if (own.length > 0) greeting.push(...own.flatMap(rowsOf), { kind: "openOrdersEnd" });
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
      case "openOrders":
        this.#showIds(clientId);
        return to([...this.orders.filter(isOpen).flatMap(rowsOf), { kind: "openOrdersEnd" }]);
      case "completedOrders": {
        const rows = this.orders.filter(isCompleted).filter(({ permId }) => permId !== null);
        return to([
          ...rows.map((order): BrokerEvent => ({ kind: "completedOrder", order: completedBy(order) })),
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
        return to([{ kind: "nextOrderId", orderId: this.#nextIds.get(clientId) ?? 1 }]);
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

  /** Whoever was shown an order, whose ever it is, is given ids above its own. */
  #showIds(clientId: number): void {
    const ids = this.orders.filter(isOpen).map(({ sent }) => sent.orderId + 1);
    this.#nextIds.set(clientId, Math.max(this.#nextIds.get(clientId) ?? 1, ...ids));
  }

  /** Positions are not what is looked at: none, and worth nothing. */
  #summary(reqId: number): BrokerEvent[] {
    const row = (tag: string, value: string): BrokerEvent => {
      return { kind: "summaryRow", reqId, account: ACCOUNT, tag, value, currency: "USD" };
    };
    return [row("NetLiquidation", "100000"), row("GrossPositionValue", "0")];
  }

  /** The id of an order that works is a change of it; one that was used, or is not above all used ones, is refused. */
  #place(session: number, clientId: number, sent: OrderToSend): Outgoing[] {
    const { orderId } = sent;
    const refused = (code: number, text: string): Outgoing[] => {
      return [{ session, event: { kind: "error", id: orderId, code, text } }];
    };
    const old = this.orders.findLast((one) => one.clientId === clientId && one.sent.orderId === orderId);
    if (old !== undefined && (isOpen(old) || isRejected(old))) return this.#change(old, sent, refused);
    if (old?.status === "staged") return this.#sendStaged(old, sent);
    if (old?.status === "Filled") return refused(104, "Cannot modify a filled order.");
    const next = this.#nextIds.get(clientId) ?? 1;
    if (orderId < next) return refused(103, "Duplicate order id");
    if (lacksParent(this.orders, clientId, sent)) return refused(10006, "Missing parent order");
    this.#nextIds.set(clientId, orderId + 1);
    const held = sent.group?.transmit === false;
    const order: TwsOrder = {
      ...{ key: this.orders.length, sent, clientId, permId: null, status: held ? "staged" : "arrived" },
      ...{ filled: 0, waits: false, rejected: false, why: "", executions: [], changes: [] },
    };
    this.orders.push(order);
    if (!held) this.arrivals.push(released(this.orders, order).key);
    return [];
  }

  /** What was held back is sent by its own id too. */
  #sendStaged(order: TwsOrder, sent: OrderToSend): Outgoing[] {
    order.sent = sent;
    if (sent.group?.transmit === false) return [];
    order.status = "arrived";
    this.arrivals.push(released(this.orders, order).key);
    return [];
  }

  #change(order: TwsOrder, sent: OrderToSend, refused: (code: number, text: string) => Outgoing[]): Outgoing[] {
    const { side, orderRef, orderType, account } = order.sent;
    const same = side === sent.side && orderRef === sent.orderRef && account === sent.account;
    if (!same) return refused(105, "Order being modified does not match original order.");
    if (orderType !== sent.orderType) return refused(329, "Order modify failed. Cannot change to the new order type.");
    if (Number(sent.quantity) <= order.filled) return refused(201, "Order rejected - reason:The order size");
    order.sent = sent;
    order.changes.push(sent);
    if (isRejected(order)) {
      order.status = workingStatus(order);
      order.why = "";
    }
    return this.#toOwner(order, [{ kind: "openOrder", order: shownBy(order) }, statusOf(order)]);
  }

  /** Any client may cancel what is open; whose order it was is told too. */
  #cancel(session: number, clientId: number, orderId: number): Outgoing[] {
    const own = this.orders.findLast((one) => one.clientId === clientId && one.sent.orderId === orderId);
    const order = own ?? this.orders.findLast((one) => one.sent.orderId === orderId && isOpen(one));
    const error = (code: number, text: string): BrokerEvent => ({ kind: "error", id: orderId, code, text });
    const subject = `OrderId ${orderId} that needs to be cancelled`;
    const back = order === undefined ? [] : takenBack(this.orders, order);
    if (back.length > 0) return back.flatMap((one) => this.#toOwner(one, untransmitted(one)));
    if (order === undefined || order.status === "dropped" || (isCompleted(order) && order.permId === null))
      return [{ session, event: error(10147, `${subject} is not found.`) }];
    if (isCompleted(order) && !isRejected(order))
      return [{ session, event: error(10148, `${subject} can not be cancelled, state: ${order.status}.`) }];
    order.status = "Cancelled";
    order.why = "Cancelled by Trader";
    const told = [{ ...statusOf(order), clientId } as BrokerEvent, cancelled(orderId)];
    const toCaller = told.map((event) => ({ session, event }));
    const foreign = order.clientId === clientId ? [] : [statusOf(order), cancelled(orderId)];
    return [...toCaller, ...this.#toOwner(order, foreign), ...this.#endWith(order, true)];
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
        order.waits = waitsForEntry(this.orders, order);
        order.status = workingStatus(order);
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
        return this.#reject(order, command);
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
        order.why = "Cancelled by System:";
        return [...this.#toOwner(order, [statusOf(order)]), ...this.#endWith(order, true)];
    }
  }

  /** What ends because another order of its group did. */
  #endWith(order: TwsOrder, tell: boolean): Outgoing[] {
    const kept = protectedBy(this.orders, order);
    if (kept.length > 0) return tell ? kept.flatMap((one) => this.#toOwner(one, rowsOf(one))) : [];
    const ended = endedWith(this.orders, order);
    for (const one of ended) {
      one.status = "Cancelled";
      one.why = "Cancelled by System:";
    }
    return tell ? ended.flatMap((one) => this.#toOwner(one, [statusOf(one), cancelled(one.sent.orderId)])) : [];
  }

  /** Refused by the broker (201) it is an order that is over, with a number; refused for what it says it never was one. */
  #reject(order: TwsOrder, { code, text, silent }: Extract<TwsCommand, { do: "reject" }>): Outgoing[] {
    order.status = "Inactive";
    order.rejected = true;
    order.why = text;
    if (code === 201) {
      this.#permIds += 1;
      order.permId = String(this.#permIds);
    }
    if (silent) return [];
    const seen: BrokerEvent[] =
      order.permId === null ? [] : [{ kind: "openOrder", order: shownBy(order) }, statusOf(order)];
    return this.#toOwner(order, [...seen, { kind: "error", id: order.sent.orderId, code, text }]);
  }

  #fill(order: TwsOrder, quantity: number, tell: boolean): Outgoing[] {
    const left = Number(order.sent.quantity) - order.filled;
    if (!isOpen(order) || left <= 0) return [];
    const filled = Math.min(quantity, left);
    order.filled += filled;
    const execId = `0000e0d5.${order.key}.${order.executions.length}.01`;
    order.executions.push({ execId, quantity: filled, total: order.filled, reported: tell });
    if (order.filled === Number(order.sent.quantity)) order.status = "Filled";
    const ended = order.status === "Filled" && order.sent.group?.parentId != null ? this.#endWith(order, tell) : [];
    const others = order.status === "Filled" ? freedBy(this.orders, order) : madeSmaller(this.orders, order, filled);
    const freed = others.flatMap((one) => this.#toOwner(one, rowsOf(one)));
    if (!tell) return [];
    const execution = executionOf(order, order.executions.length - 1);
    const shown = { kind: "openOrder", order: shownBy(order) } as const;
    return [
      ...this.#toOwner(order, [{ kind: "execution", reqId: -1, execution }, shown, statusOf(order)]),
      ...ended,
      ...freed,
    ];
  }

  #toOwner(order: TwsOrder, events: readonly BrokerEvent[]): Outgoing[] {
    const owner = [...this.sessions].find(([, clientId]) => clientId === order.clientId);
    return owner === undefined ? [] : events.map((event) => ({ session: owner[0], event }));
  }
}
