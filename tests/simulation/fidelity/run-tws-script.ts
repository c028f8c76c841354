import type { BrokerEvent, OrderToSend } from "../gateway-types.ts";
import type { Client, TwsStep } from "./tws-script.ts";
import type { Fate, TwsSide } from "./tws-side.ts";

/** Which of them the id of a cancelled order gets depends on how long ago that was; the fake has no time. */
const REUSED = [103, 201];
const NOTICES = [326, 1100, 1101, 1102];

/** Runs scripts against one TWS and writes down after each step what its clients know. */
export class TwsRunner {
  readonly #side: TwsSide;
  readonly #sessions = new Map<Client, number>();
  readonly #sent = new Map<Client, { readonly order: OrderToSend; readonly fate: Fate | "inGroup" }[]>([
    [17, []],
    [18, []],
  ]);
  readonly #nextIds = new Map<Client, number>();
  readonly #names = new Map<string, string>();
  #lastSession = 0;
  #seed = 0;
  #reuses = false;

  constructor(side: TwsSide) {
    this.#side = side;
  }

  async run(seed: number, steps: readonly TwsStep[]): Promise<string[]> {
    this.#seed = seed;
    const lines: string[] = [];
    for (const step of steps) {
      this.#reuses = step.do === "again" || step.do === "oddId";
      await this.#step(step);
      lines.push(`${step.do}: ${this.#told().join(" | ")}`);
    }
    for (const client of [...this.#sessions.keys()]) await this.#disconnect(client);
    this.#told();
    return lines;
  }

  async #step(step: TwsStep): Promise<void> {
    if (step.do === "lost") return this.#side.lost(step.restored);
    if (step.do === "restart") {
      this.#sessions.clear();
      return this.#side.restart();
    }
    if (step.do === "rise") return this.#side.rise();
    const { client } = step;
    const session = this.#sessions.get(client);
    if (step.do === "connect") return session === undefined ? this.#connect(client) : undefined;
    if (session === undefined) return undefined;
    switch (step.do) {
      case "disconnect":
        return this.#disconnect(client);
      case "connectTwice":
        this.#lastSession += 1;
        return this.#side.connect(this.#lastSession, client);
      case "place":
        return this.#place(client, session, step.how);
      case "bracket":
        return this.#bracket(client, session, step.how);
      case "again":
        return this.#again(client, session, step);
      case "oddId": {
        const next = this.#nextIds.get(client) ?? 1;
        const orderId = step.below ? next - 1 : next + 5;
        // The id just below is used unless an order with it was ignored; what then happens is as for one that was never seen.
        return orderId < 1
          ? undefined
          : this.#side.place(session, this.#order(orderId, "rest"), "rest").then(() => this.#use(client, orderId));
      }
      case "cancel": {
        const sent = this.#sent.get(client)?.at(-1 - step.back);
        return sent === undefined ? undefined : this.#side.cancel(session, sent.order.orderId);
      }
      case "cancelOther":
        return this.#cancelOther(client, session);
      case "cancelUnknown":
        return this.#side.cancel(session, 1_000_000);
      default:
        return this.#side.ask(session, step.do);
    }
  }

  async #connect(client: Client): Promise<void> {
    this.#lastSession += 1;
    this.#sessions.set(client, this.#lastSession);
    await this.#side.connect(this.#lastSession, client);
  }

  async #disconnect(client: Client): Promise<void> {
    const session = this.#sessions.get(client);
    this.#sessions.delete(client);
    if (session !== undefined) await this.#side.disconnect(session);
  }

  async #place(client: Client, session: number, fate: Fate): Promise<void> {
    const orderId = this.#nextIds.get(client) ?? 1;
    const order = this.#order(orderId, fate);
    this.#use(client, orderId);
    this.#sent.get(client)?.push({ order, fate });
    await this.#side.place(session, order, fate);
  }

  async #bracket(client: Client, session: number, how: Extract<TwsStep, { do: "bracket" }>["how"]): Promise<void> {
    const orderId = this.#nextIds.get(client) ?? 1;
    const entry = this.#order(orderId, how === "market" ? "market" : "rest");
    const exit = { ...this.#order(orderId + 1, "rest"), side: "SELL" as const, limitPrice: "250" };
    const stop = { ...exit, orderId: orderId + 2, orderRef: `f${this.#seed}.${orderId + 2}` };
    const all = [entry, exit, { ...stop, orderType: "STP", limitPrice: null, auxPrice: "100" }];
    const parentId = how === "orphan" ? orderId + 1_000 : orderId;
    const grouped = all.map((order, index): OrderToSend => {
      const of = index === 0 ? { parentId: null, ocaGroup: "" } : { parentId, ocaGroup: entry.orderRef };
      return { ...order, group: { ...of, transmit: index === 2 } };
    });
    const sent = how === "cut" ? grouped.slice(0, 2) : how === "orphan" ? grouped.slice(1, 2) : grouped;
    for (const order of sent) {
      this.#use(client, order.orderId);
      this.#sent.get(client)?.push({ order, fate: "inGroup" });
    }
    await this.#side.placeGroup(session, sent);
  }

  async #again(client: Client, session: number, step: Extract<TwsStep, { do: "again" }>): Promise<void> {
    const sent = this.#sent.get(client)?.at(-1 - step.back);
    // Sent anew after it was ignored or refused it would be an order of its own, whose fate is another step's.
    if (sent === undefined || sent.fate === "ignored" || sent.fate === "reject" || sent.fate === "inGroup") return;
    const { order } = sent;
    const changes = {
      quantity: { quantity: String(Number(order.quantity) + 1) },
      side: { side: order.side === "BUY" ? ("SELL" as const) : ("BUY" as const) },
      type: { orderType: "STP", auxPrice: "300", limitPrice: null },
    };
    await this.#side.place(session, { ...order, ...changes[step.change] }, "rest");
  }

  /** An order of the other client, by its number, which is none of one's own. */
  async #cancelOther(client: Client, session: number): Promise<void> {
    const other = this.#sent.get(client === 17 ? 18 : 17)?.at(-1)?.order.orderId;
    const own = this.#nextIds.get(client) ?? 1;
    if (other !== undefined && other >= own) await this.#side.cancel(session, other);
  }

  #use(client: Client, orderId: number): void {
    this.#nextIds.set(client, Math.max(orderId + 1, this.#nextIds.get(client) ?? 1));
  }

  #order(orderId: number, fate: Fate): OrderToSend {
    const rests = fate !== "market" && fate !== "parts";
    return {
      ...{ side: "BUY", quantity: "10", legs: [], orderType: rests ? "LMT" : "MKT", timeInForce: "GTC" },
      ...{ goodTillDate: "", outsideRth: false, limitPrice: rests ? "150" : null, auxPrice: null },
      ...{ trailStopPrice: null, trailingPercent: null, limitPriceOffset: null, orderId, whatIf: false, group: null },
      ...{
        contract: { conid: 265598, exchange: "SMART" },
        account: "DU1234567",
        orderRef: `f${this.#seed}.${orderId}`,
      },
    };
  }

  /** The newest of everything that was told, in no order: a status on the way to another and a repetition are left out. */
  #told(): string[] {
    const newest = new Map<string, string>();
    // What two clients are told at once comes in any order.
    for (const { session, event } of [...this.#side.heard()].sort((a, b) => a.session - b.session)) {
      const said = this.#said(event);
      if (said !== undefined) newest.set(`${session} ${said[0]}`, `${session} ${said.join(" ")}`);
    }
    return [...newest.values()].sort();
  }

  /** What it is about, and what it says. Undefined: not compared. */
  #said(event: BrokerEvent): readonly [string, string] | undefined {
    switch (event.kind) {
      case "openOrder":
      case "completedOrder": {
        const { orderId, clientId, orderRef, quantity, filledQuantity, status, completedStatus, ...rest } = event.order;
        const { account, side, orderType, limitPrice, auxPrice, timeInForce } = rest;
        const terms = [account, side, orderType, limitPrice, auxPrice, timeInForce, quantity, filledQuantity];
        const perm = this.#named("perm", event.order.permId);
        return [
          `${event.kind} ${perm}`,
          JSON.stringify([orderId, clientId, orderRef, ...terms, status, completedStatus]),
        ];
      }
      case "orderStatus": {
        const { orderId, clientId, status, filled, whyHeld } = event;
        return [
          `status ${this.#named("perm", event.permId)}`,
          JSON.stringify([orderId, clientId, status, filled, whyHeld]),
        ];
      }
      case "execution": {
        const { execId, side, quantity, cumulativeQuantity, orderId, clientId, orderRef, permId } = event.execution;
        const of = [side, quantity, cumulativeQuantity, orderId, clientId, orderRef, this.#named("perm", permId)];
        return [`execution ${event.reqId} ${this.#named("exec", execId)}`, JSON.stringify(of)];
      }
      case "commission":
        return [`commission ${this.#named("exec", event.execId)}`, event.currency];
      case "error":
        return [
          `error ${event.id} ${this.#reuses && REUSED.includes(event.code) ? REUSED.join(" or ") : event.code}`,
          "",
        ];
      case "notice":
        return NOTICES.includes(event.code) ? [`notice ${event.code}`, ""] : undefined;
      case "accounts":
        return ["accounts", event.accounts.join()];
      case "nextOrderId":
        return ["nextOrderId", String(event.orderId)];
      case "openOrdersEnd":
      case "completedOrdersEnd":
      case "executionsEnd":
        return [event.kind, ""];
      default:
        return undefined;
    }
  }

  /** Numbers of the broker by the order in which they were first seen. */
  #named(kind: "perm" | "exec", id: string | null): string {
    if (id === null) return `${kind}-none`;
    const known = this.#names.get(`${kind} ${id}`);
    if (known !== undefined) return known;
    const count = [...this.#names.keys()].filter((key) => key.startsWith(kind)).length;
    this.#names.set(`${kind} ${id}`, `${kind}-${count + 1}`);
    return `${kind}-${count + 1}`;
  }
}
