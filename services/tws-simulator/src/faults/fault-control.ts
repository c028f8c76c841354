import type { Clock, Timer } from "@countersign/clock/clock";
import { z } from "zod";
import type { Broker } from "../broker/broker.ts";
import type { BrokerState } from "../broker/broker-state.ts";
import type { Instrument } from "../market/instrument.ts";
import type { Hub } from "../session/hub.ts";
import type { TwsServer } from "../session/tws-server.ts";
import { orderByHand } from "./by-hand.ts";
import { COMPETING_SESSION } from "./data-faults.ts";
import { type Fault, type FaultInput, type FaultOf, faultSchema } from "./fault-document.ts";
import type { FaultEngine, FaultStatus } from "./fault-engine.ts";
import type { SessionFaults } from "./session-faults.ts";

export interface FaultControlDeps {
  readonly clock: Clock;
  readonly engine: FaultEngine;
  readonly sessionFaults: SessionFaults;
  readonly hub: Hub;
  readonly server: TwsServer;
  readonly broker: Broker;
  readonly state: BrokerState;
  readonly book: ReadonlyMap<number, Instrument>;
}

export interface Posted {
  readonly id: number;
  /** Where clients have to go now; after a portReset only. */
  readonly port?: number;
  /** Of the order that was placed by hand. */
  readonly permId?: number;
}

const FAULTS_MAX = 100;
const listSchema = z.array(faultSchema).min(1).max(FAULTS_MAX);

/** The one door to all faults: what a test calls, and what the control port calls. */
export class FaultControl {
  readonly #deps: FaultControlDeps;
  #linkTimer: Timer | undefined;
  #restartTimer: Timer | undefined;

  constructor(deps: FaultControlDeps) {
    this.#deps = deps;
  }

  /** Puts faults in force, in this order, all or none; throws ZodError when one of them is not valid. */
  async post(faults: FaultInput | readonly FaultInput[]): Promise<Posted[]> {
    return this.postUnknown(faults);
  }

  /** The same for what came over the wire. */
  async postUnknown(faults: unknown): Promise<Posted[]> {
    const valid = Array.isArray(faults) ? listSchema.parse(faults) : [faultSchema.parse(faults)];
    const posted: Posted[] = [];
    for (const fault of valid) posted.push(await this.#put(fault));
    await this.#follow();
    return posted;
  }

  list(): FaultStatus[] {
    return this.#deps.engine.list();
  }

  /** False when there is none with this id. */
  async remove(id: number): Promise<boolean> {
    const found = this.#deps.engine.remove(id);
    await this.#follow();
    return found;
  }

  /** Takes all faults away; half-open connections are closed, a lost link is restored. */
  async clear(): Promise<void> {
    const { engine, hub } = this.#deps;
    engine.clear();
    hub.closeMuted();
    this.#restore("1102");
    this.#restartTimer?.cancel();
    this.#restartTimer = undefined;
    await this.#follow();
  }

  async #put(fault: Fault): Promise<Posted> {
    const { engine, hub, broker, state } = this.#deps;
    switch (fault.action) {
      case "notice":
        hub.announce(fault, fault.clientId);
        return { id: engine.takeId() };
      case "closeConnections":
        hub.end(fault.how, fault.clientId);
        return { id: engine.takeId() };
      case "serverLost":
        this.#lose(fault);
        return { id: engine.takeId() };
      case "serverRestored":
        this.#restore(fault.restored);
        return { id: engine.takeId() };
      case "restart":
        this.#restart(fault);
        return { id: engine.takeId() };
      case "portReset":
        return { id: engine.takeId(), port: await this.#resetPort(fault.port) };
      case "orderByHand":
        return { id: engine.takeId(), permId: this.#placeByHand(fault) };
      case "moveCash":
        if (!state.accountIds.includes(fault.account)) throw new RangeError(`no account ${fault.account}`);
        state.moveCash(fault.account, fault.amount);
        state.save();
        return { id: engine.takeId() };
      case "cancelByHand":
        if (!broker.cancelByHand(fault.permId)) throw new RangeError(`no open order ${fault.permId}`);
        return { id: engine.takeId() };
      case "rollBackOrderIds":
        state.rollBackOrderIds(fault.clientId, fault.highest);
        state.save();
        return { id: engine.takeId() };
      case "competingSession":
        hub.announceToStreams(COMPETING_SESSION);
        return { id: engine.add(fault) };
      default:
        return { id: engine.add(fault) };
    }
  }

  /** Brings listener and connections in line with the rules in force. */
  async #follow(): Promise<void> {
    const { server, sessionFaults, hub } = this.#deps;
    hub.mute((clientId) => sessionFaults.mutes(clientId));
    if (sessionFaults.refusesConnections() || this.#restartTimer !== undefined) server.close();
    else await server.open();
  }

  #placeByHand(fault: FaultOf<"orderByHand">): number {
    const { broker, hub, book } = this.#deps;
    const instrument = book.get(fault.conid);
    if (instrument === undefined) throw new RangeError(`no instrument ${fault.conid}`);
    const placed = broker.placeByHand(orderByHand(fault, instrument), hub.bindsManualOrders);
    if ("reject" in placed) throw new RangeError(placed.reject.text);
    return placed.order.permId;
  }

  #lose(fault: FaultOf<"serverLost">): void {
    this.#deps.hub.loseLink();
    this.#linkTimer?.cancel();
    if (fault.downMs === 0) return;
    this.#linkTimer = this.#deps.clock.setTimeout(() => this.#restore(fault.restored), fault.downMs);
  }

  #restore(how: "1101" | "1102"): void {
    this.#linkTimer?.cancel();
    this.#deps.hub.restoreLink(how);
  }

  #restart(fault: FaultOf<"restart">): void {
    const { hub, server, clock } = this.#deps;
    server.close();
    hub.end(fault.how);
    this.#restartTimer?.cancel();
    this.#restartTimer = clock.setTimeout(() => {
      this.#restartTimer = undefined;
      void this.#follow();
    }, fault.downMs);
  }

  async #resetPort(wanted: number): Promise<number> {
    const { hub, server } = this.#deps;
    server.close();
    const port = await server.start(wanted).catch(async (error: unknown) => {
      await server.open();
      throw new RangeError(`port ${wanted} cannot be listened on`, { cause: error });
    });
    const why = "TWS socket port has been reset and this connection is being dropped.";
    hub.announce({ code: 1300, text: `${why} Please reconnect on the new port - ${port}` });
    hub.end("fin");
    return port;
  }
}
