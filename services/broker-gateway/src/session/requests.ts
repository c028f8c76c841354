import type { Clock } from "@countersign/clock/clock";
import { Fault } from "@countersign/contracts/denial";
import { ORDER_ID_MAX } from "../order-ids.ts";
import type { Serial } from "../serial.ts";
import type { Connection } from "./connection.ts";
import type { Link } from "./link.ts";
import type { Lane, RateLimiter } from "./rate-limiter.ts";
import type { BrokerEvent } from "./wire.ts";

/** What an event means for a request that waits: its result, its failure, or undefined when it goes on. */
export type Step<T> = { readonly result: T } | { readonly failure: Error } | undefined;

export interface Request<T> {
  /** For error messages. */
  readonly what: string;
  readonly timeoutMs: number;
  /** Absent: a new request id. Called right before the send. */
  readonly id?: () => number;
  /** Taken from the choice of the id to the send. */
  readonly exclusive?: Serial;
  readonly lane?: Lane;
  /** How many messages `send` writes; absent: one. */
  readonly messages?: number;
  /** True: also while reconciling, when nothing else may rely on TWS. */
  readonly whileReconciling?: boolean;
  /** Wall time from which on it is not sent any more; undefined: it is sent whenever its turn comes. */
  readonly notAfterMs?: number | undefined;
  send(connection: Connection, id: number): void;
  /** Sees every event that carries this id, or, for messages without ids, every event. */
  on(event: BrokerEvent, id: number): Step<T>;
  /** What has come by the end of the time, where that is an answer; undefined or absent: TIMEOUT. */
  atTimeout?(): Step<T>;
}

interface Waiting {
  take(event: BrokerEvent): void;
  fail(error: Error): void;
}

type Enlist = (waiting: Waiting) => { readonly id: number; readonly withdraw: () => void };

const NO_ID = -1;
/** What TWS reads as a number. */
const REQUEST_ID_MAX = 2_147_483_647;

/** Questions to TWS and the answers that belong to them. */
export class Requests {
  readonly #deps: { clock: Clock; link: Link; limiter: RateLimiter };
  readonly #byId = new Map<number, Waiting>();
  readonly #unnumbered = new Set<Waiting>();
  #nextId = ORDER_ID_MAX + 1;

  constructor(deps: { clock: Clock; link: Link; limiter: RateLimiter }) {
    this.#deps = deps;
  }

  /** A request that TWS answers under its id. Throws a Fault: BROKER_UNAVAILABLE, TIMEOUT, or what `on` made of the answer. */
  async ask<T>(request: Request<T>): Promise<T> {
    return this.#run(request, (waiting) => {
      const id = request.id?.() ?? this.newId();
      this.#byId.set(id, waiting);
      return { id, withdraw: () => void this.#byId.delete(id) };
    });
  }

  /** A request whose answers carry no id; the caller must not have two of a kind under way. */
  async askUnnumbered<T>(request: Request<T>): Promise<T> {
    return this.#run(request, (waiting) => {
      this.#unnumbered.add(waiting);
      return { id: NO_ID, withdraw: () => void this.#unnumbered.delete(waiting) };
    });
  }

  /** An id that no other request under way has. */
  newId(): number {
    this.#nextId = this.#nextId >= REQUEST_ID_MAX ? ORDER_ID_MAX + 1 : this.#nextId + 1;
    return this.#nextId;
  }

  /** A message to which no answer is expected; dropped when the link is not there or changes meanwhile. */
  tell(send: (connection: Connection) => void): void {
    const connection = this.#deps.link.connection();
    if (connection === undefined) return;
    void this.#deps.limiter
      .take("read")
      .then(() => {
        if (this.#deps.link.connection() === connection) send(connection);
      })
      .catch(() => undefined);
  }

  /** True when the event answered a request and is of no interest to anybody else. */
  dispatch(event: BrokerEvent): boolean {
    for (const waiting of this.#unnumbered) waiting.take(event);
    const id = idOf(event);
    const waiting = id === undefined ? undefined : this.#byId.get(id);
    waiting?.take(event);
    return waiting !== undefined;
  }

  /** Nothing that waits will be answered any more. */
  failAll(reason: string): void {
    const fault = () => new Fault("BROKER_UNAVAILABLE", reason);
    for (const waiting of [...this.#byId.values(), ...this.#unnumbered]) waiting.fail(fault());
  }

  async #run<T>(request: Request<T>, enlist: Enlist): Promise<T> {
    this.#usable(request);
    for (let count = 0; count < (request.messages ?? 1); count += 1) {
      await this.#deps.limiter.take(request.lane ?? "read");
    }
    let answer: Promise<T> | undefined;
    const start = () => {
      answer = this.#start(request, enlist);
    };
    if (request.exclusive === undefined) start();
    else await request.exclusive.run(start);
    if (answer === undefined) throw new TypeError("the request was not started");
    return answer;
  }

  /** Everything up to the send happens in the tick of the call. */
  #start<T>(request: Request<T>, enlist: Enlist): Promise<T> {
    const connection = this.#usable(request);
    if (request.notAfterMs !== undefined && this.#deps.clock.nowMs() >= request.notAfterMs) {
      throw new Fault("TIMEOUT", `${request.what}: nobody waits for it any more, so it was not sent`);
    }
    return new Promise<T>((resolve, reject) => {
      const finish = (settle: () => void) => {
        timer.cancel();
        withdraw();
        settle();
      };
      const fail = (error: Error) => finish(() => reject(error));
      const take = (event: BrokerEvent) => {
        const step = stepOf(request, event, id);
        if (step === undefined) return;
        if ("result" in step) finish(() => resolve(step.result));
        else fail(step.failure);
      };
      const { id, withdraw } = enlist({ take, fail });
      const timer = this.#deps.clock.setTimeout(() => {
        const step = request.atTimeout?.();
        if (step !== undefined && "result" in step) finish(() => resolve(step.result));
        else fail(new Fault("TIMEOUT", `TWS did not answer ${request.what} in ${request.timeoutMs} ms`));
      }, request.timeoutMs);
      try {
        request.send(connection, id);
      } catch (error) {
        fail(error instanceof Error ? error : new Error(String(error)));
      }
    });
  }

  #usable(request: { what: string; whileReconciling?: boolean }): Connection {
    const { link } = this.#deps;
    const connection = link.connection();
    const mayAsk = link.state === "up" || (request.whileReconciling === true && link.state === "reconciling");
    if (connection === undefined || !mayAsk) {
      throw new Fault("BROKER_UNAVAILABLE", `${request.what}: the link to TWS is ${link.state} (${link.detail})`);
    }
    return connection;
  }
}

/** An answer that cannot be read fails the request that got it, and nothing else. */
function stepOf<T>(request: Request<T>, event: BrokerEvent, id: number): Step<T> {
  try {
    return request.on(event, id);
  } catch (error) {
    if (error instanceof Fault) return { failure: error };
    throw error;
  }
}

function idOf(event: BrokerEvent): number | undefined {
  if ("reqId" in event) return event.reqId;
  if (event.kind === "error") return event.id;
  if (event.kind === "openOrder" && event.order.whatIf) return event.order.orderId ?? undefined;
  return undefined;
}
