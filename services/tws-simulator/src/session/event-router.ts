import type { BrokerEvent } from "../broker/events.ts";
import { orderView } from "../broker/order-views.ts";
import { encodeCommission, encodeOrderStatus } from "../codec/encode-execution.ts";
import { encodeOpenOrder, encodeOrderBound } from "../codec/encode-open-order.ts";
import { encodeError } from "../codec/encode-session.ts";
import { pushAccount } from "./account-handlers.ts";
import { sendExecution } from "./order-handlers.ts";
import type { ServerLink } from "./server-link.ts";
import type { Session } from "./session.ts";
import { TWS_ZONE, type World } from "./world.ts";

export interface EventRouterDeps {
  readonly world: () => World;
  readonly link: ServerLink;
  readonly sessions: ReadonlyMap<number, Session>;
  /** The client that hears of every client's orders; undefined = none. */
  readonly masterClientId: number | undefined;
}

/** Takes what the broker tells to the owner of the order, and to the master client. */
export class EventRouter {
  readonly #deps: EventRouterDeps;

  constructor(deps: EventRouterDeps) {
    this.#deps = deps;
  }

  tell(event: BrokerEvent): void {
    const { world, link, sessions } = this.#deps;
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
        this.#to(ownerOf(event.execution), (session) => sendExecution(world(), session, row));
        return;
      }
      case "commission": {
        const reply = encodeCommission({ ...event.execution, currency: event.execution.commissionCurrency });
        this.#to(ownerOf(event.execution), (session) => session.send(reply));
        return;
      }
      case "accountChanged":
        link.whenUp(() => {
          for (const session of sessions.values()) pushAccount(world(), session, event);
        });
    }
  }

  #tellOrder(event: Extract<BrokerEvent, { kind: "openOrder" | "orderStatus" }>): void {
    const { world, link, sessions } = this.#deps;
    const { order } = event;
    const fresh = event.kind === "openOrder" && event.fresh === true;
    const view = orderView(order, world().broker.instrumentOf(order.terms), TWS_ZONE, fresh);
    if (event.kind === "orderStatus" && event.canceller !== undefined) {
      const clientId = event.canceller;
      const reply = encodeOrderStatus({ ...view, clientId });
      link.whenUp(() => sessions.get(clientId)?.send(reply));
    }
    this.#to(ownerOf(order), (session) => {
      if (order.orderId < 0 && fresh) session.send(encodeOrderBound(order));
      session.send(event.kind === "openOrder" ? encodeOpenOrder(view, session.serverVersion) : encodeOrderStatus(view));
    });
  }

  #to(clientId: number | undefined, send: (session: Session) => void): void {
    const { link, sessions, masterClientId } = this.#deps;
    link.whenUp(() => {
      const hearers = new Set([clientId, masterClientId]);
      for (const id of hearers) {
        const session = id === undefined ? undefined : sessions.get(id);
        if (session !== undefined) send(session);
      }
    });
  }
}

/** Nobody hears of an order placed by hand until client 0 is bound to it. */
function ownerOf(subject: { readonly clientId: number; readonly orderId: number }): number | undefined {
  return subject.orderId === 0 ? undefined : subject.clientId;
}
