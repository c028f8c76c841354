import type { Socket } from "node:net";
import type { BrokerEvent } from "../broker/events.ts";
import { orderView } from "../broker/order-views.ts";
import { encodeCommission, encodeOrderStatus } from "../codec/encode-execution.ts";
import { encodeOpenOrder } from "../codec/encode-open-order.ts";
import type { Traffic } from "../control/traffic.ts";
import type { FaultRules } from "../faults/fault-rules.ts";
import { pushAccount, refreshAccount, refreshPnl } from "./account-handlers.ts";
import { Connection } from "./connection.ts";
import { pushQuotes } from "./market-handlers.ts";
import { sendExecution } from "./order-handlers.ts";
import { sendError, TWS_ZONE, type World } from "./world.ts";

const CLIENTS_MAX = 32;

export interface HubDeps {
  readonly world: () => World;
  readonly faults: FaultRules;
  readonly traffic: Traffic;
  /** The client that hears of every client's orders; undefined = none. */
  readonly masterClientId: number | undefined;
}

/** All connections, and who of them hears what. */
export class Hub {
  readonly #deps: HubDeps;
  readonly #connections = new Set<Connection>();
  readonly #byClientId = new Map<number, Connection>();

  constructor(deps: HubDeps) {
    this.#deps = deps;
  }

  accept(socket: Socket): void {
    const { traffic, faults } = this.#deps;
    traffic.connectionsOpened += 1;
    traffic.connectionsOpen += 1;
    const connection = new Connection(socket, {
      world: this.#deps.world(),
      faults,
      traffic,
      register: (candidate) => this.#register(candidate),
      closed: (ended) => this.#forget(ended),
    });
    this.#connections.add(connection);
    if (faults.mutesAll) connection.mute();
  }

  /** Brings the connections in line with the fault rules; a muted one cannot be revived and is closed. */
  applyFaults(): void {
    const mutesAll = this.#deps.faults.mutesAll;
    for (const connection of this.#connections) {
      if (mutesAll) connection.mute();
      else if (connection.muted && this.#deps.faults.list().length === 0) connection.destroy();
    }
  }

  clientIds(): number[] {
    return [...this.#byClientId.keys()];
  }

  closeAll(): void {
    for (const connection of this.#connections) connection.destroy();
  }

  /** Routes what the broker tells: to the owner of the order, and to the master client. */
  tell(event: BrokerEvent): void {
    switch (event.kind) {
      case "openOrder":
      case "orderStatus":
        this.#tellOrder(event);
        return;
      case "whatIf":
        this.#to(event.view.clientId, (session) => session.send(encodeOpenOrder(event.view, session.serverVersion)));
        return;
      case "orderError":
        this.#to(event.clientId, (session) => sendError(session, event.orderId, event.code, event.text));
        return;
      case "execution": {
        const row = { reqId: -1, execution: event.execution };
        this.#to(event.execution.clientId, (session) => sendExecution(this.#deps.world(), session, row));
        return;
      }
      case "commission": {
        const reply = encodeCommission({ ...event.execution, currency: event.execution.commissionCurrency });
        this.#to(event.execution.clientId, (session) => session.send(reply));
        return;
      }
      case "accountChanged":
        for (const session of this.#byClientId.values()) pushAccount(this.#deps.world(), session, event);
    }
  }

  pushQuotes(): void {
    for (const session of this.#byClientId.values()) {
      if (session.subscriptions.quotes.size > 0) pushQuotes(this.#deps.world(), session);
    }
  }

  pushEverySecond(): void {
    for (const session of this.#byClientId.values()) {
      refreshPnl(this.#deps.world(), session);
    }
  }

  pushHistory(): void {
    for (const session of this.#byClientId.values()) {
      for (const stream of session.subscriptions.history.values()) {
        const reply = stream.push();
        if (reply !== undefined) session.send(reply);
      }
    }
  }

  refreshAccounts(): void {
    for (const session of this.#byClientId.values()) refreshAccount(this.#deps.world(), session);
  }

  #tellOrder(event: Extract<BrokerEvent, { kind: "openOrder" | "orderStatus" }>): void {
    const { order } = event;
    const instrument = this.#deps.world().broker.valuer.instrument(order.terms.conId);
    const view = orderView(order, instrument, TWS_ZONE, event.kind === "openOrder" && event.fresh === true);
    if (event.kind === "orderStatus" && event.canceller !== undefined) {
      const clientId = event.canceller;
      this.#byClientId.get(clientId)?.send(encodeOrderStatus({ ...view, clientId }));
    }
    this.#to(order.clientId, (session) => {
      session.send(event.kind === "openOrder" ? encodeOpenOrder(view, session.serverVersion) : encodeOrderStatus(view));
    });
  }

  #to(clientId: number, send: (session: Connection) => void): void {
    const owner = this.#byClientId.get(clientId);
    if (owner !== undefined) send(owner);
    const master = this.#deps.masterClientId;
    if (master === undefined || master === clientId) return;
    const listener = this.#byClientId.get(master);
    if (listener !== undefined) send(listener);
  }

  #register(connection: Connection): boolean {
    if (this.#byClientId.has(connection.clientId) || this.#byClientId.size >= CLIENTS_MAX) return false;
    this.#byClientId.set(connection.clientId, connection);
    return true;
  }

  #forget(connection: Connection): void {
    if (!this.#connections.delete(connection)) return;
    this.#deps.traffic.connectionsOpen -= 1;
    if (connection.ready && this.#byClientId.get(connection.clientId) === connection) {
      this.#byClientId.delete(connection.clientId);
    }
  }
}
