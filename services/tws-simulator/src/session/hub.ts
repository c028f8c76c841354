import type { Socket } from "node:net";
import type { WireTap } from "@countersign/wire-record/wire-tap";
import type { BrokerEvent } from "../broker/events.ts";
import type { Traffic } from "../control/traffic.ts";
import { refreshAccount } from "./account-handlers.ts";
import { Connection } from "./connection.ts";
import { EventRouter } from "./event-router.ts";
import { FARMS_OK, type Notice, sendNotice } from "./greeting.ts";
import type { CloseHow, SessionHooks } from "./hooks.ts";
import { pushQuotes } from "./market-handlers.ts";
import { pushBulletin } from "./news-handlers.ts";
import { refreshPnl } from "./pnl-handlers.ts";
import { LINK_BACK, LINK_LOST, ServerLink } from "./server-link.ts";
import { sendError, type World } from "./world.ts";

const CLIENTS_MAX = 32;

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
  readonly #link = new ServerLink();
  readonly #router: EventRouter;

  constructor(deps: HubDeps) {
    this.#deps = deps;
    const { world, masterClientId } = deps;
    this.#router = new EventRouter({ world, link: this.#link, sessions: this.#byClientId, masterClientId });
  }

  accept(socket: Socket): void {
    const { traffic, hooks } = this.#deps;
    traffic.connectionsOpened += 1;
    traffic.connectionsOpen += 1;
    const connection = new Connection(socket, {
      world: this.#deps.world(),
      hooks,
      traffic,
      linkUp: () => this.#link.isUp,
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

  /** TWS has no link to the broker's servers: connections stay, what the broker tells waits. */
  loseLink(): void {
    if (!this.#link.lose()) return;
    for (const notice of LINK_LOST) this.announce(notice);
  }

  /** The link is back: the notice, what was missed in one burst, then the requests that waited. */
  restoreLink(how: "1101" | "1102"): void {
    if (!this.#link.restore()) return;
    for (const notice of [LINK_BACK[how], ...FARMS_OK]) this.announce(notice);
    if (how === "1101") for (const session of this.#byClientId.values()) session.subscriptions.loseMarketData();
    this.#link.catchUp();
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
    this.#router.tell(event);
  }

  pushQuotes(): void {
    if (!this.#link.isUp) return;
    for (const session of this.#byClientId.values()) {
      if (session.subscriptions.quotes.size > 0) pushQuotes(this.#deps.world(), session);
      session.subscriptions.streams.push("step");
    }
  }

  pushEverySecond(): void {
    if (!this.#link.isUp) return;
    for (const session of this.#byClientId.values()) {
      refreshPnl(this.#deps.world(), session);
      pushBulletin(this.#deps.world(), session);
    }
  }

  pushHistory(): void {
    if (!this.#link.isUp) return;
    for (const session of this.#byClientId.values()) {
      for (const stream of session.subscriptions.history.values()) {
        const reply = stream.push();
        if (reply !== undefined) session.send(reply);
      }
      session.subscriptions.streams.push("fiveSeconds");
    }
  }

  pushScans(): void {
    if (!this.#link.isUp) return;
    for (const session of this.#byClientId.values()) session.subscriptions.streams.push("halfMinute");
  }

  refreshAccounts(): void {
    if (!this.#link.isUp) return;
    for (const session of this.#byClientId.values()) refreshAccount(this.#deps.world(), session);
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
