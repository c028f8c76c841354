import type { Socket } from "node:net";
import type { WireTap } from "@countersign/wire-record/wire-tap";
import type { BrokerEvent } from "../broker/events.ts";
import { orderView } from "../broker/order-views.ts";
import { encodeCommission, encodeOrderStatus } from "../codec/encode-execution.ts";
import { encodeOpenOrder, encodeOrderBound } from "../codec/encode-open-order.ts";
import { encodeError } from "../codec/encode-session.ts";
import type { Traffic } from "../control/traffic.ts";
import { pushAccount, refreshAccount } from "./account-handlers.ts";
import { Connection } from "./connection.ts";
import { FARMS_OK, type Notice, sendNotice } from "./greeting.ts";
import type { CloseHow, SessionHooks } from "./hooks.ts";
import { pushQuotes } from "./market-handlers.ts";
import { pushBulletin } from "./news-handlers.ts";
import { sendExecution } from "./order-handlers.ts";
import { refreshPnl } from "./pnl-handlers.ts";
import { sendError, TWS_ZONE, type World } from "./world.ts";

const CLIENTS_MAX = 32;

const LINK_LOST: readonly Notice[] = [
  { code: 1100, text: "Connectivity between IBKR and Trader Workstation has been lost." },
  { code: 2103, text: "Market data farm connection is broken:usfarm" },
  { code: 2105, text: "HMDS data farm connection is broken:ushmds" },
  { code: 2157, text: "Sec-def data farm connection is broken:secdefnj" },
];
const ALL_FARMS = "All data farms are connected: usfarm; ushmds; secdefnj.";
const BACK = "Connectivity between IBKR and Trader Workstation has been restored";
const LINK_BACK = {
  "1101": { code: 1101, text: `${BACK} - data lost. ${ALL_FARMS}` },
  "1102": { code: 1102, text: `${BACK} - data maintained. ${ALL_FARMS}` },
} as const;

export interface HubDeps {
  readonly world: () => World;
  readonly hooks: SessionHooks;
  readonly traffic: Traffic;
  /** The client that hears of every client's orders; undefined = none. */
  readonly masterClientId: number | undefined;
  /** Listens to one more connection; undefined = nothing is recorded. */
  readonly tap: () => WireTap | undefined;
}

/** All connections, and who of them hears what. */
export class Hub {
  readonly #deps: HubDeps;
  readonly #connections = new Set<Connection>();
  readonly #byClientId = new Map<number, Connection>();
  #linkUp = true;
  /** What the broker told while the link was down. */
  readonly #missed: (() => void)[] = [];

  constructor(deps: HubDeps) {
    this.#deps = deps;
  }

  accept(socket: Socket): void {
    const { traffic, hooks } = this.#deps;
    traffic.connectionsOpened += 1;
    traffic.connectionsOpen += 1;
    const connection = new Connection(socket, {
      world: this.#deps.world(),
      hooks,
      traffic,
      linkUp: () => this.#linkUp,
      register: (candidate, kick) => this.#register(candidate, kick),
      closed: (ended) => this.#forget(ended),
      tap: this.#deps.tap(),
    });
    this.#connections.add(connection);
    connection.accepted(hooks.atAccept());
  }

  /** Half-open from now on: the connections of one client, or all. */
  mute(meant: (clientId: number | undefined) => boolean): void {
    for (const connection of this.#connections) {
      if (meant(connection.ready ? connection.clientId : undefined)) connection.mute();
    }
  }

  /** A half-open connection cannot be revived. */
  closeMuted(): void {
    for (const connection of this.#connections) if (connection.muted) connection.destroy();
  }

  /** Ends all connections, or those of one client. */
  end(how: CloseHow, clientId?: number): void {
    for (const connection of this.#connections) {
      if (clientId === undefined || (connection.ready && connection.clientId === clientId)) connection.end(how);
    }
  }

  /** Writes an error to all ready clients, or to one. */
  announce(notice: Notice & { readonly id?: number }, clientId?: number): void {
    for (const session of this.#byClientId.values()) {
      if (clientId !== undefined && session.clientId !== clientId) continue;
      if (notice.id === undefined) sendNotice(session, notice);
      else sendError(session, notice.id, notice.code, notice.text);
    }
  }

  /** Writes an error to every open stream of market data, under its own id. */
  announceToStreams({ code, text }: Notice): void {
    for (const session of this.#byClientId.values()) {
      const { quotes, streams } = session.subscriptions;
      for (const reqId of [...quotes.keys(), ...streams.marketDataIds()]) sendError(session, reqId, code, text);
    }
  }

  /** True when client 0 takes over orders that are placed by hand. */
  get bindsManualOrders(): boolean {
    return this.#byClientId.get(0)?.subscriptions.autoBind === true;
  }

  get linkUp(): boolean {
    return this.#linkUp;
  }

  /** TWS has no link to the broker's servers: connections stay, what the broker tells waits. */
  loseLink(): void {
    if (!this.#linkUp) return;
    this.#linkUp = false;
    for (const notice of LINK_LOST) this.announce(notice);
  }

  /** The link is back: the notice, what was missed in one burst, then the requests that waited. */
  restoreLink(how: "1101" | "1102"): void {
    if (this.#linkUp) return;
    this.#linkUp = true;
    for (const notice of [LINK_BACK[how], ...FARMS_OK]) this.announce(notice);
    if (how === "1101") for (const session of this.#byClientId.values()) session.subscriptions.loseMarketData();
    for (const tell of this.#missed.splice(0)) tell();
    for (const session of this.#byClientId.values()) session.resume();
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
        this.#to(ownerOf(event), (session) => session.send(encodeError({ ...event, id: event.orderId })));
        return;
      case "execution": {
        const row = { reqId: -1, execution: event.execution };
        this.#to(ownerOf(event.execution), (session) => sendExecution(this.#deps.world(), session, row));
        return;
      }
      case "commission": {
        const reply = encodeCommission({ ...event.execution, currency: event.execution.commissionCurrency });
        this.#to(ownerOf(event.execution), (session) => session.send(reply));
        return;
      }
      case "accountChanged":
        this.#whenUp(() => {
          for (const session of this.#byClientId.values()) pushAccount(this.#deps.world(), session, event);
        });
    }
  }

  pushQuotes(): void {
    if (!this.#linkUp) return;
    for (const session of this.#byClientId.values()) {
      if (session.subscriptions.quotes.size > 0) pushQuotes(this.#deps.world(), session);
      session.subscriptions.streams.push("step");
    }
  }

  pushEverySecond(): void {
    if (!this.#linkUp) return;
    for (const session of this.#byClientId.values()) {
      refreshPnl(this.#deps.world(), session);
      pushBulletin(this.#deps.world(), session);
    }
  }

  pushHistory(): void {
    if (!this.#linkUp) return;
    for (const session of this.#byClientId.values()) {
      for (const stream of session.subscriptions.history.values()) {
        const reply = stream.push();
        if (reply !== undefined) session.send(reply);
      }
      session.subscriptions.streams.push("fiveSeconds");
    }
  }

  pushScans(): void {
    if (!this.#linkUp) return;
    for (const session of this.#byClientId.values()) session.subscriptions.streams.push("halfMinute");
  }

  refreshAccounts(): void {
    if (!this.#linkUp) return;
    for (const session of this.#byClientId.values()) refreshAccount(this.#deps.world(), session);
  }

  #tellOrder(event: Extract<BrokerEvent, { kind: "openOrder" | "orderStatus" }>): void {
    const { order } = event;
    const instrument = this.#deps.world().broker.instrumentOf(order.terms);
    const view = orderView(order, instrument, TWS_ZONE, event.kind === "openOrder" && event.fresh === true);
    if (event.kind === "orderStatus" && event.canceller !== undefined) {
      const clientId = event.canceller;
      const reply = encodeOrderStatus({ ...view, clientId });
      this.#whenUp(() => this.#byClientId.get(clientId)?.send(reply));
    }
    this.#to(ownerOf(order), (session) => {
      if (order.orderId < 0 && event.kind === "openOrder" && event.fresh === true)
        session.send(encodeOrderBound(order));
      session.send(event.kind === "openOrder" ? encodeOpenOrder(view, session.serverVersion) : encodeOrderStatus(view));
    });
  }

  #whenUp(tell: () => void): void {
    if (this.#linkUp) tell();
    else this.#missed.push(tell);
  }

  #to(clientId: number | undefined, send: (session: Connection) => void): void {
    this.#whenUp(() => this.#toNow(clientId, send));
  }

  #toNow(clientId: number | undefined, send: (session: Connection) => void): void {
    const owner = clientId === undefined ? undefined : this.#byClientId.get(clientId);
    if (owner !== undefined) send(owner);
    const master = this.#deps.masterClientId;
    if (master === undefined || master === clientId) return;
    const listener = this.#byClientId.get(master);
    if (listener !== undefined) send(listener);
  }

  #register(connection: Connection, kick: boolean): boolean {
    const { clientId } = connection;
    const older = this.#byClientId.get(clientId);
    if (older !== undefined && !kick) return false;
    older?.end("fin");
    if (this.#byClientId.size >= CLIENTS_MAX) return false;
    this.#byClientId.set(clientId, connection);
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

/** Nobody hears of an order placed by hand until client 0 is bound to it. */
function ownerOf(subject: { readonly clientId: number; readonly orderId: number }): number | undefined {
  return subject.orderId === 0 ? undefined : subject.clientId;
}
