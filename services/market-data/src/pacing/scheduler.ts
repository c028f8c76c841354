import type { Clock, Timer } from "@countersign/clock/clock";
import { Fault } from "@countersign/contracts/denial";
import type { PacingConfig } from "./config.ts";
import type { Asker, Cost } from "./cost.ts";
import { currentDemand } from "./demand.ts";
import { Durations } from "./durations.ts";
import { forecast } from "./forecast.ts";
import { Forecasts } from "./forecasts.ts";
import type { Departure, History } from "./history.ts";
import { Ledger } from "./ledger.ts";
import type { LimitName } from "./limits.ts";
import { QueuedRequest } from "./queued-request.ts";
import { PacingRefused } from "./refused.ts";
import { type Job, Turns } from "./turns.ts";
import { violationIn } from "./violation.ts";

/** What the service asks for itself. */
const OWN: Asker = { lane: "operator", id: "market-data" };

export interface HeldLine {
  readonly request: QueuedRequest<void>;
  /** Gives the line back, or its place in the queue. */
  release(): void;
}

/**
 * Spends the broker's allowance: whatever costs TWS a request of market data is asked in a task of this scheduler. Askers
 * take turns; the gate has a part of each limit for itself and waits behind nobody.
 */
export class Scheduler {
  readonly #clock: Clock;
  readonly #config: PacingConfig;
  readonly #ledger: Ledger;
  readonly #turns = new Turns();
  readonly #running = new Map<Job, number>();
  readonly #durations = new Durations();
  readonly #forecasts: Forecasts;
  /** Came in a rush: how long they would wait is looked at with the next forecast. */
  readonly #unforeseen = new Set<QueuedRequest<unknown>>();
  #timer: Timer | undefined;
  #pausedUntilMs = Number.NEGATIVE_INFINITY;
  readonly #onViolation: (text: string) => void;
  readonly #history: History | undefined;
  readonly stats = { started: 0, waited: 0, refusedForWait: 0, refusedForQueue: 0, timedOut: 0, violations: 0 };

  /** Without a history what was asked is forgotten with this scheduler. */
  constructor(deps: { clock: Clock; config: PacingConfig; onViolation?: (text: string) => void; history?: History }) {
    this.#clock = deps.clock;
    this.#config = deps.config;
    this.#ledger = new Ledger(deps.config);
    this.#onViolation = deps.onViolation ?? (() => undefined);
    this.#history = deps.history;
    this.#forecasts = new Forecasts(deps.clock, () => this.#forecast(this.#turns));
  }

  /** Before the first request: counts what earlier lives of this process have spent. Throws a Fault when that is not known. */
  async open(): Promise<void> {
    const spent = (await this.#history?.open()) ?? [];
    const nowMs = this.#clock.monotonicMs();
    for (const { charge, forMs } of spent) this.#ledger.restore(charge, nowMs + forMs, nowMs);
  }

  /**
   * Makes the request when its turn comes. Throws PacingRefused, and asks nothing, when that is later than `maxWaitMs` or a
   * queue is full; Fault TIMEOUT when the task does not end; else what the task throws.
   */
  async run<T>(cost: Cost, asker: Asker, maxWaitMs: number, task: () => Promise<T>): Promise<T> {
    const request = this.queue(cost, asker, task);
    currentDemand()?.add(request, this);
    if (maxWaitMs === Number.POSITIVE_INFINITY) return request.result;
    const waitMs = this.waitMs(request);
    if (waitMs > maxWaitMs) {
      this.drop(request, this.#late(this.answerMs(request)));
      return request.result;
    }
    const late = this.#clock.setTimeout(() => this.drop(request, this.#late(this.answerMs(request))), maxWaitMs + 1);
    return request.result.finally(() => late.cancel());
  }

  /** Takes the request into the queue, or makes it at once. Throws PacingRefused when a queue is full or the wait too long. */
  queue<T>(cost: Cost, asker: Asker, task: () => Promise<T>): QueuedRequest<T> {
    this.#checkRoom(asker);
    const request = new QueuedRequest(cost, this.#clock.monotonicMs(), task);
    this.#turns.add(request, asker);
    this.#changed();
    if (request.waitedMs !== undefined) return request;
    const waitMs = this.foreseenWaitMs(request);
    if (waitMs === undefined) this.#lookLater(request as QueuedRequest<unknown>);
    if (waitMs === undefined || waitMs <= this.#config.waitMsMax) return request;
    this.#turns.remove(request);
    throw this.#tooLong();
  }

  /** A line for an instrument: it has its turn like a request, and then its part of the limits until it is released. */
  hold(conid: number, asker: Asker, onTurn: () => void): HeldLine {
    const cost: Cost = { kind: "line", conid, weight: 1, hard: false, held: true };
    const request = this.queue(cost, asker, async () => onTurn());
    const release = () => {
      this.drop(request, new Fault("MARKET_DATA_UNAVAILABLE", "nobody wants the line any more"));
      if (!this.#running.delete(request)) return;
      this.#ledger.settle(request.charges, this.#clock.monotonicMs());
      this.#changed();
    };
    return { request, release };
  }

  /** How much of a limit agents and people may have together. */
  agentsMax(limit: LimitName): number {
    return this.#ledger.allowance(limit, "agent");
  }

  /**
   * The same for those who wait in the current demand: the request is made when the first of them has a turn, and each of
   * them is told when that is later than it waits.
   */
  async paced<T>(cost: Cost, task: () => Promise<T>): Promise<T> {
    const demand = currentDemand();
    demand?.charge();
    const request = this.queue(cost, demand?.askers[0] ?? OWN, task);
    demand?.add(request, this);
    return request.result;
  }

  /** Somebody else waits for the same request: whoever has a turn first brings it on. */
  join(request: Job, asker: Asker): void {
    if (!this.#turns.has(request)) return;
    this.#checkRoom(asker);
    this.#turns.add(request, asker);
    this.#changed();
  }

  /** How long from now until its turn; 0 when it has come. */
  waitMs(request: Job): number {
    if (!this.#turns.has(request)) return 0;
    return Math.max(0, Math.ceil(this.#forecasts.turnAtMsNow(request) - this.#clock.monotonicMs()));
  }

  /** The same without another forecast for this request alone; undefined: it came in a rush, and the next forecast will tell. */
  foreseenWaitMs(request: Job): number | undefined {
    if (!this.#turns.has(request)) return 0;
    const turnAtMs = this.#forecasts.turnAtMs(request);
    return turnAtMs === undefined ? undefined : Math.max(0, Math.ceil(turnAtMs - this.#clock.monotonicMs()));
  }

  /** How long from now until its answer, by what requests of its kind have taken of late. */
  answerMs(request: Job): number {
    return this.waitMs(request) + Math.ceil(this.#durations.of(request.group));
  }

  /** How long a request like this would wait now; Infinity: longer than any may. */
  estimateMs(cost: Cost, asker: Asker): number {
    const nowMs = this.#clock.monotonicMs();
    const request = new QueuedRequest(cost, nowMs, () => Promise.reject(new Error("an estimate is not asked")));
    const turns = this.#turns.clone();
    turns.add(request, asker);
    const atMs = this.#forecast(turns).get(request) ?? Number.POSITIVE_INFINITY;
    return Math.max(0, Math.ceil(atMs - nowMs));
  }

  /** Takes a request out of the queue and fails it; one whose turn has come goes on. */
  drop<T>(request: QueuedRequest<T>, error: unknown): void {
    if (!this.#turns.has(request)) return;
    this.#turns.remove(request);
    request.fail(error);
    this.#changed();
  }

  /** What must never happen: TWS said that we were too fast. Nothing historical is asked for a while. */
  violated(text: string): void {
    this.stats.violations += 1;
    this.#onViolation(text);
    this.#pausedUntilMs = this.#clock.monotonicMs() + this.#config.backOffMs;
    this.#ledger.block(this.#pausedUntilMs);
    this.#forecasts.forget();
    this.#changed();
  }

  /** After a violation, until its pause is over. */
  get paused(): boolean {
    return this.#clock.monotonicMs() < this.#pausedUntilMs;
  }

  get queued(): number {
    return this.#turns.size;
  }

  /** What is taken of each limit now. */
  used(): Record<string, number> {
    return this.#ledger.used(this.#clock.monotonicMs());
  }

  #late(waitMs: number): PacingRefused {
    this.stats.refusedForWait += 1;
    return new PacingRefused("PACING_WAIT", waitMs);
  }

  #checkRoom(asker: Asker): void {
    const { queuedPerAskerMax, queuedMax } = this.#config;
    // The gate's requests are few and have their own bound: agents cannot fill its place.
    const full = asker.lane !== "gate" && this.#turns.size >= queuedMax;
    if (!full && this.#turns.countOf(asker) < queuedPerAskerMax) return;
    this.stats.refusedForQueue += 1;
    throw new PacingRefused("PACING_REFUSED", Number.POSITIVE_INFINITY);
  }

  #forecast(turns: Turns): Map<Job, number> {
    const durationMs = ({ group, held }: Job) => (held ? Number.POSITIVE_INFINITY : this.#durations.of(group));
    const nowMs = this.#clock.monotonicMs();
    const state = { turns, ledger: this.#ledger, running: this.#running, durationMs };
    return forecast(state, nowMs, nowMs + this.#config.waitMsMax);
  }

  #lookLater(request: QueuedRequest<unknown>): void {
    this.#unforeseen.add(request);
    if (this.#unforeseen.size > 1) return;
    const waitMs = Math.max(1, Math.ceil(this.#forecasts.nextAtMs - this.#clock.monotonicMs()));
    this.#clock.setTimeout(() => {
      const waiting = [...this.#unforeseen].filter((one) => this.#turns.has(one));
      this.#unforeseen.clear();
      for (const one of waiting) if (this.waitMs(one) > this.#config.waitMsMax) this.drop(one, this.#tooLong());
    }, waitMs);
  }

  #tooLong(): PacingRefused {
    this.stats.refusedForWait += 1;
    return new PacingRefused("PACING_REFUSED", Number.POSITIVE_INFINITY);
  }

  /** Starts whatever may go now, and wakes up when the next one may. */
  #changed(): void {
    this.#forecasts.changed();
    this.#timer?.cancel();
    const nowMs = this.#clock.monotonicMs();
    let next = this.#turns.next(this.#ledger, nowMs);
    for (; next.job !== undefined; next = this.#turns.next(this.#ledger, nowMs)) {
      void this.#start(next.job as QueuedRequest<unknown>, nowMs);
    }
    if (next.atMs === undefined) return;
    this.#timer = this.#clock.setTimeout(() => this.#changed(), Math.max(1, Math.ceil(next.atMs - nowMs)));
  }

  async #start(request: QueuedRequest<unknown>, nowMs: number): Promise<void> {
    request.begin(nowMs);
    this.#running.set(request, nowMs);
    this.#ledger.take(request.charges, nowMs);
    this.stats.started += 1;
    const keeping = this.#history?.leaving(request.charges);
    let departure: Departure | undefined;
    try {
      departure = keeping && (await keeping);
    } catch (error) {
      request.fail(error);
      this.#running.delete(request);
      this.#ledger.release(request.charges, this.#clock.monotonicMs());
      this.#changed();
      return;
    }
    if (request.held) return void request.make();
    const leftMs = this.#clock.monotonicMs();
    const error = await this.#made(request);
    const violation = violationIn(error);
    if (violation !== undefined) this.violated(violation);
    if ((request.waitedMs ?? 0) > 0) this.stats.waited += 1;
    const endedAtMs = this.#clock.monotonicMs();
    this.#running.delete(request);
    this.#durations.took(request.group, endedAtMs - nowMs);
    const mayStillLeave = error instanceof Fault && error.code === "BUS_UNAVAILABLE";
    if (!mayStillLeave) departure?.ended();
    this.#ledger.settle(request.charges, endedAtMs, mayStillLeave ? leftMs + this.#config.taskMsMax : endedAtMs);
    this.#changed();
  }

  /** What it failed with, if it did; undefined as well when it is given up. */
  async #made(request: QueuedRequest<unknown>): Promise<unknown> {
    const { promise: gaveUp, resolve: giveUp } = Promise.withResolvers<void>();
    const deadline = this.#clock.setTimeout(() => {
      this.stats.timedOut += 1;
      request.fail(new Fault("TIMEOUT", "the broker did not answer"));
      giveUp();
    }, this.#config.taskMsMax);
    const error = await Promise.race([request.make(), gaveUp]);
    deadline.cancel();
    return error;
  }
}
