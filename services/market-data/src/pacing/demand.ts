import { AsyncLocalStorage } from "node:async_hooks";
import type { Clock, Timer } from "@countersign/clock/clock";
import type { Asker } from "./cost.ts";
import type { QueuedRequest } from "./queued-request.ts";
import { PacingRefused } from "./refused.ts";

/** What a demand needs of the scheduler. */
export interface Queue {
  join(request: QueuedRequest<unknown>, asker: Asker): void;
  foreseenWaitMs(request: QueuedRequest<unknown>): number | undefined;
  answerMs(request: QueuedRequest<unknown>): number;
}

/** Takes one request off a limit. 0: taken. Otherwise so many ms until there is one to take. */
export type Charge = () => number;

const LOOK_AGAIN_MS = 20;

/** Somebody who waits for one answer, and for how long. */
export class Caller {
  readonly asker: Asker;
  readonly #clock: Clock;
  readonly #sinceMs: number;
  readonly #endMs: number;
  readonly #refused = Promise.withResolvers<never>();
  readonly #requests = new Set<QueuedRequest<unknown>>();
  readonly #charge: Charge | undefined;
  #charged = false;
  readonly #timers = new Set<Timer>();
  #ends = false;

  /** `charge`: what an answer takes off its asker's own limit, once, if it costs the broker anything. Without: a part of an answer. */
  constructor(clock: Clock, asker: Asker, maxWaitMs: number, charge?: Charge) {
    this.#clock = clock;
    this.#charge = charge;
    this.asker = asker;
    this.#sinceMs = clock.monotonicMs();
    this.#endMs = this.#sinceMs + maxWaitMs;
    this.#refused.promise.catch(() => undefined);
  }

  /** Rejects when the turn of a request it needs comes later than it waits; the request stays in the queue. */
  get refused(): Promise<never> {
    return this.#refused.promise;
  }

  /** 0: it may cost the broker a request. Otherwise so many ms until it may; undefined: another caller answers for it. */
  charge(): number | undefined {
    if (this.#charge === undefined || this.#charged) return this.#charge === undefined ? undefined : 0;
    const waitMs = this.#charge();
    this.#charged = waitMs === 0;
    return waitMs;
  }

  /** It needs this request, whose turn comes in so many ms. */
  needs(request: QueuedRequest<unknown>, queue: Queue): void {
    this.#requests.add(request);
    const leftMs = this.#endMs - this.#clock.monotonicMs();
    if (!Number.isFinite(leftMs)) return;
    if (!this.#ends) this.#in(leftMs + 1, () => this.#timeUp(queue));
    this.#ends = true;
    this.#look(request, queue);
  }

  /** Told at once when its turn comes too late; in a rush, as soon as that is foreseen. */
  #look(request: QueuedRequest<unknown>, queue: Queue): void {
    const waitMs = queue.foreseenWaitMs(request);
    if (waitMs === undefined) this.#in(LOOK_AGAIN_MS, () => this.#look(request, queue));
    else if (waitMs > this.#endMs - this.#clock.monotonicMs())
      this.#refused.reject(new PacingRefused("PACING_WAIT", queue.answerMs(request)));
  }

  #in(delayMs: number, task: () => void): void {
    this.#timers.add(this.#clock.setTimeout(task, delayMs));
  }

  /** The longest that a request stood in the queue while this caller waited for it. */
  waitedMs(): number {
    return Math.max(0, ...[...this.#requests].map((request) => request.waitedSinceMs(this.#sinceMs) ?? 0));
  }

  done(): void {
    for (const timer of this.#timers) timer.cancel();
    this.#timers.clear();
  }

  /** Others came in between: the estimate was too short. A request whose turn has come is waited for. */
  #timeUp(queue: Queue): void {
    const waits = [...this.#requests].filter((request) => request.waitedMs === undefined);
    if (waits.length > 0)
      this.#refused.reject(new PacingRefused("PACING_WAIT", Math.max(...waits.map((one) => queue.answerMs(one)))));
  }
}

/** What one answer, or one load of a cache, asks of the broker; and everybody who waits for it. */
export class Demand {
  readonly #callers = new Set<Caller>();
  readonly #requests = new Map<QueuedRequest<unknown>, Queue>();
  readonly #parts = new Set<Demand>();

  constructor(callers: Iterable<Caller>) {
    for (const caller of callers) this.#callers.add(caller);
  }

  get askers(): Asker[] {
    return [...this.#callers].map(({ asker }) => asker);
  }

  /** Before a request is made for it. Throws PacingRefused when nobody who waits may cause one: one who may is enough. */
  charge(): void {
    const waits = [...this.#callers].flatMap((caller) => caller.charge() ?? []);
    if (waits.length > 0 && !waits.includes(0)) throw new PacingRefused("RATE_LIMITED", Math.min(...waits));
  }

  /** A request that it needs has got into the queue. */
  add(request: QueuedRequest<unknown>, queue: Queue): void {
    this.#requests.set(request, queue);
    for (const caller of this.#callers) this.#bring(caller, request, queue);
  }

  /** A load that it needs as well, and who else waits for that part. */
  part(...others: Caller[]): Demand {
    const part = new Demand([...others, ...this.#callers]);
    this.#parts.add(part);
    return part;
  }

  /** Whoever waits for the other waits for this one too, and brings on what still stands in the queue. */
  joinedBy(other: Demand): void {
    other.#parts.add(this);
    for (const caller of other.#callers) this.#take(caller);
  }

  #take(caller: Caller): void {
    if (this.#callers.has(caller)) return;
    this.#callers.add(caller);
    for (const [request, queue] of this.#requests) this.#bring(caller, request, queue);
    for (const part of this.#parts) part.#take(caller);
  }

  #bring(caller: Caller, request: QueuedRequest<unknown>, queue: Queue): void {
    if (request.waitedMs !== undefined) return;
    try {
      queue.join(request, caller.asker);
    } catch (error) {
      // Its own queue is full: it waits for the turn of whoever asked first.
      if (!(error instanceof PacingRefused)) throw error;
    }
    caller.needs(request, queue);
  }
}

const current = new AsyncLocalStorage<Demand>();

/** The demand in which this code runs; undefined: nobody waits, it is the service's own wish. */
export function currentDemand(): Demand | undefined {
  return current.getStore();
}

/**
 * Asks for somebody who waits so long. Throws PacingRefused when a turn comes later than that; what was asked then keeps its
 * place in the queue and ends where the task puts it.
 */
export async function askFor<T>(caller: Caller, task: () => Promise<T>): Promise<T> {
  const asking = runFor(currentDemand()?.part(caller) ?? new Demand([caller]), task);
  asking.catch(() => undefined);
  try {
    return await Promise.race([asking, caller.refused]);
  } finally {
    caller.done();
  }
}

/** Runs a task for a demand; what it asks of the broker is asked for those who wait for it. */
export function runFor<T>(demand: Demand, task: () => T): T {
  return current.run(demand, task);
}
