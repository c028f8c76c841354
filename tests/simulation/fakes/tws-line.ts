import { Fault } from "@countersign/contracts/denial";
import type { Prng } from "../engine/prng.ts";
import type { Scheduler } from "../engine/scheduler.ts";
import type { SimProcess } from "../engine/sim-process.ts";
import type { BrokerEvent, Connection, ConnectionHandlers, OrderToSend } from "../gateway-types.ts";
import { delayOf, type Weather } from "./network.ts";
import { Reading } from "./reading.ts";
import type { FakeTws } from "./tws.ts";
import type { Outgoing, TwsCommand } from "./tws-command.ts";

export interface BrokerObserver {
  /** An order's bytes were written to the socket. `unread`: what its process has not read since it last missed something. */
  onWritten(process: SimProcess, order: OrderToSend, unread: readonly string[]): void;
  /** They have reached TWS. */
  onArrived(key: number): void;
  onCancelWritten(process: SimProcess, orderId: number): void;
}

const QUESTIONS: ReadonlySet<TwsCommand["do"]> = new Set([
  ...(["openOrders", "completedOrders", "positions", "nextId", "time", "executions", "summary"] as const),
]);

/** The network before TWS: every connection keeps the order of its messages, in both directions. */
export class BrokerNet {
  readonly scheduler: Scheduler;
  readonly random: Prng;
  readonly tws: FakeTws;
  readonly weather: Weather;
  readonly observer: BrokerObserver;
  readonly lines = new Map<number, TwsLine>();
  /** False: nobody listens on the port. */
  listening = true;
  #silent = false;
  readonly #heldBack: Outgoing[] = [];
  #sessions = 0;
  /** Grows with everything that may have changed an order. */
  changes = 0;

  constructor(deps: { scheduler: Scheduler; random: Prng; tws: FakeTws; weather: Weather; observer: BrokerObserver }) {
    this.scheduler = deps.scheduler;
    this.random = deps.random;
    this.tws = deps.tws;
    this.weather = deps.weather;
    this.observer = deps.observer;
  }

  open(process: SimProcess, readOnly: string | undefined, handlers: ConnectionHandlers): Connection {
    this.#sessions += 1;
    const line = new TwsLine(this, { session: this.#sessions, process, readOnly, handlers });
    this.lines.set(line.session, line);
    process.onDeath(() => line.die());
    return line as unknown as Connection;
  }

  /** What TWS has to say goes to its sessions. */
  emit(outgoing: readonly Outgoing[]): void {
    for (const { session, event } of outgoing) this.lines.get(session)?.deliver(event);
  }

  /** Standing still, it takes everything, and says what it has to say when it goes on. */
  standStill(silent: boolean): void {
    this.#silent = silent;
    if (!silent) this.emit(this.#heldBack.splice(0));
  }

  apply(command: TwsCommand): void {
    if (!QUESTIONS.has(command.do)) this.changes += 1;
    const out = this.tws.apply(command);
    if (this.#silent) this.#heldBack.push(...out);
    else this.emit(out);
    for (const key of this.tws.arrivals.splice(0)) this.observer.onArrived(key);
  }
}

/** One connection, from both of its ends. */
export class TwsLine {
  readonly session: number;
  readonly process: SimProcess;
  readonly serverVersion = 192;
  wasReady = false;
  readonly #net: BrokerNet;
  readonly #readOnly: string | undefined;
  readonly #handlers: ConnectionHandlers;
  #state: "opening" | "ready" | "ended" = "opening";
  /** What was written after the network was cut reaches nobody. */
  #cut = false;
  #outAtMs = 0;
  #inAtMs = 0;
  readonly #reading = new Reading();

  constructor(
    net: BrokerNet,
    of: { session: number; process: SimProcess; readOnly: string | undefined; handlers: ConnectionHandlers },
  ) {
    this.#net = net;
    this.session = of.session;
    this.process = of.process;
    this.#readOnly = of.readOnly;
    this.#handlers = of.handlers;
  }

  get ready(): boolean {
    return this.#state === "ready";
  }

  open(clientId: number): void {
    if (!this.process.effect()) return;
    if (!this.#net.listening) {
      this.#net.scheduler.after(1, this.process, () => this.end("TWS 502: connection refused"));
      return;
    }
    this.#send({ do: "connect", session: this.session, clientId });
  }

  end(reason: string): void {
    if (this.#state === "ended") return;
    this.#state = "ended";
    if (this.process.effect()) this.#send({ do: "disconnect", session: this.session });
    this.#handlers.onEnd(reason);
  }

  /** Killed: what was written arrives or not, and TWS notices the end now or much later. */
  die(): void {
    const { random, scheduler, tws } = this.#net;
    if (this.#state === "ended") return;
    this.#state = "ended";
    if (random.chance(0.5)) this.#cut = true;
    const stuckMs = random.chance(0.2) ? random.between(200, 3_000) : 5;
    scheduler.after(stuckMs, undefined, () => tws.apply({ do: "disconnect", session: this.session }));
  }

  /** The network between them is gone; each side notices by itself. */
  cut(noticed: boolean): void {
    this.#cut = true;
    const { scheduler, tws, random } = this.#net;
    scheduler.after(random.between(1, 2_000), undefined, () => tws.apply({ do: "disconnect", session: this.session }));
    if (noticed) scheduler.after(random.between(1, 100), this.process, () => this.end("TWS closed the connection"));
  }

  deliver(event: BrokerEvent): void {
    if (this.#cut) return;
    const { scheduler, random, weather } = this.#net;
    this.#inAtMs = Math.max(this.#inAtMs, scheduler.nowMs + delayOf(random, weather));
    scheduler.after(this.#inAtMs - scheduler.nowMs, this.process, () => {
      if (this.#cut || this.#state === "ended") return;
      if (event.kind === "nextOrderId") {
        if (!this.wasReady) this.#reading.restart();
        this.#state = "ready";
        this.wasReady = true;
      }
      this.#reading.take(event);
      this.#handlers.onEvent(event);
      if (event.kind === "notice" && event.code === 326) this.end("TWS closed the connection");
    });
  }

  placeOrder(order: OrderToSend): void {
    this.#write();
    if (!this.process.effect()) return;
    this.#net.observer.onWritten(this.process, order, [...this.#reading.missing]);
    this.#send({ do: "place", session: this.session, order });
  }

  cancelOrder(orderId: number): void {
    this.#write();
    if (!this.process.effect()) return;
    this.#net.observer.onCancelWritten(this.process, orderId);
    this.#send({ do: "cancel", session: this.session, orderId });
  }

  requestCurrentTime(): void {
    this.#ask({ do: "time", session: this.session });
  }
  requestNextOrderId(): void {
    this.#ask({ do: "nextId", session: this.session });
  }
  requestAllOpenOrders(): void {
    this.#ask({ do: "openOrders", session: this.session });
  }
  requestCompletedOrders(): void {
    this.#ask({ do: "completedOrders", session: this.session });
  }
  requestPositions(): void {
    this.#ask({ do: "positions", session: this.session });
  }
  requestExecutions(reqId: number): void {
    this.#ask({ do: "executions", session: this.session, reqId });
  }
  requestSummary(reqId: number): void {
    this.#ask({ do: "summary", session: this.session, reqId });
  }
  cancelSummary(): void {}

  #write(): void {
    if (this.#readOnly !== undefined) throw new Fault("BROKER_READ_ONLY", this.#readOnly);
    if (this.#state !== "ready") throw new Error("the connection to TWS is not ready");
  }

  #ask(command: TwsCommand): void {
    if (this.#state !== "ready") throw new Error("the connection to TWS is not ready");
    this.#reading.asked(command.do);
    if (this.process.effect()) this.#send(command);
  }

  #send(command: TwsCommand): void {
    const { scheduler, random, weather } = this.#net;
    this.#outAtMs = Math.max(this.#outAtMs, scheduler.nowMs + delayOf(random, weather));
    scheduler.after(this.#outAtMs - scheduler.nowMs, undefined, () => {
      if (!this.#cut || command.do === "disconnect") this.#net.apply(command);
    });
  }
}
