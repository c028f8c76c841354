import type { Clock, Timer } from "@countersign/clock/clock";
import { Claim, strictest, type WriterEpoch } from "@countersign/contracts/control";
import { Fault } from "@countersign/contracts/denial";
import { FACTS } from "@countersign/contracts/subjects";
import type { Bus } from "./bus.ts";
import { ControlState, type OrderScopes, type Standing } from "./control-state.ts";
import { parseJson } from "./facts.ts";
import type { Followed, LiveMessage } from "./live-stream.ts";
import { parseMessage } from "./parse-message.ts";

type Source = Pick<Bus, "follow" | "log">;

export type { OrderScopes } from "./control-state.ts";

/** Unconfirmed for longer than this means HALTED. */
export const STALE_AFTER_MS = 1_500;
const CONFIRM_EVERY_MS = 400;
/** A wall clock that moves by more than this against the monotonic one was stepped; expiries cannot be trusted then. */
export const CLOCK_STEP_MS_MAX = 5_000;
/** The subjects of the keys that this view holds. The writer's is one key. */
const HELD = ["$KV.CONTROL.kill.>", "$KV.CONTROL.trip.>", "$KV.CONTROL.reset.>"] as const;
const CLAIMS = "$KV.CONTROL.claim.>";

/**
 * What this process knows of the control stream: every kill setting, the writer's epoch, and the stream's last sequence,
 * which a claim must name. It is pushed by republish and confirmed against the stream's leader; not confirmed is HALTED.
 */
export class ControlView {
  readonly #bus: Source;
  readonly #clock: Clock;
  readonly #state = new ControlState();
  readonly #listeners = new Set<() => void>();
  #sequence = 0;
  #alsoStop: (scopes: OrderScopes) => Standing | undefined = () => undefined;
  #confirmedAtMs = Number.NEGATIVE_INFINITY;
  /** Wall clock minus monotonic clock, at the start. */
  #wallOffsetMs: number;
  #stream: Followed | undefined;
  #refreshing: Promise<void> | undefined;
  #stop: (() => void)[] = [];

  private constructor(bus: Source, clock: Clock) {
    this.#bus = bus;
    this.#clock = clock;
    this.#wallOffsetMs = clock.nowMs() - clock.monotonicMs();
  }

  /** Opens the view; it may start unconfirmed (and so HALTED) when the stream does not answer yet. */
  static async open(bus: Source, clock: Clock): Promise<ControlView> {
    const view = new ControlView(bus, clock);
    const stream = bus.follow(FACTS.kill, (message) => view.#onLive(message));
    view.#stream = stream;
    const onChange = (state: "down" | "up") => {
      view.#confirmedAtMs = Number.NEGATIVE_INFINITY;
      if (state === "up") view.#refreshQuietly();
      view.#notify();
    };
    stream.onChange(onChange);
    const timer: Timer = clock.setInterval(() => void view.#confirm(), CONFIRM_EVERY_MS);
    view.#stop = [stream.close, () => timer.cancel()];
    await view
      .refresh()
      .catch((error: unknown) => bus.log.warn({ error: String(error) }, "control stream unreadable: HALTED"));
    return view;
  }

  /** Sequence of the newest message of the control stream that this view has taken in. */
  sequence(): number {
    return this.#sequence;
  }

  /** Confirmed by the stream's leader within the bound, and nothing known to be missing. */
  fresh(): boolean {
    return this.#clock.monotonicMs() - this.#confirmedAtMs <= STALE_AFTER_MS;
  }

  /** The strictest level of all scopes that bear on the order, and why. Settings and trips count alike. */
  level(scopes: OrderScopes): Standing {
    if (!this.fresh()) return { level: "HALTED", reason: "the kill switch could not be confirmed" };
    const stepMs = this.clockStepMs();
    if (stepMs !== 0) return { level: "HALTED", reason: `the clock was stepped by ${stepMs} ms` };
    const stated = this.#state.level(scopes);
    const also = this.#alsoStop(scopes);
    return also !== undefined && strictest(also.level, stated.level) !== stated.level ? also : stated;
  }

  /** What the newest messages say, whether they are confirmed or not. */
  stated(scopes: OrderScopes): Standing {
    return this.#state.level(scopes);
  }

  /** What else stops this process, asked at every look: a stop that only this machine or this process knows of. */
  alsoStop(check: (scopes: OrderScopes) => Standing | undefined): void {
    this.#alsoStop = check;
  }

  /** Why nothing may be approved by policy now; undefined: nothing stands against it. */
  autoOff(scopes: OrderScopes): string | undefined {
    const { level, reason } = this.level(scopes);
    return level === "ACTIVE" ? this.#state.autoOff(scopes) : reason;
  }

  /** By how much the wall clock was stepped since this process started and nobody was told; 0: by no more than is usual. */
  clockStepMs(): number {
    const stepMs = Math.round(this.#clock.nowMs() - this.#clock.monotonicMs() - this.#wallOffsetMs);
    return Math.abs(stepMs) > CLOCK_STEP_MS_MAX ? stepMs : 0;
  }

  settings(): ReturnType<ControlState["settings"]> {
    return this.#state.settings();
  }

  /** What services have stopped by themselves, each newest trip, also those that were reset. */
  trips(): ReturnType<ControlState["trips"]> {
    return this.#state.trips();
  }

  writerEpoch(): WriterEpoch | undefined {
    return this.#state.writerEpoch();
  }

  /** Sequence of the newest message that can have taken a global HALTED back; 0: there is none. */
  newestLoosening(): number {
    return this.#state.newestLoosening();
  }

  /** Called after every change of a level, of the writer or of freshness. */
  onChange(listener: () => void): void {
    this.#listeners.add(listener);
  }

  /** An own acknowledged write: its sequence is known before the republished copy arrives. */
  acknowledge(sequence: number): void {
    if (sequence === this.#sequence + 1) this.#sequence = sequence;
  }

  /** Reads every key at the leader; concurrent calls share one read. */
  refresh(): Promise<void> {
    this.#refreshing ??= this.#load().finally(() => {
      this.#refreshing = undefined;
    });
    return this.#refreshing;
  }

  /** What was claimed last, of whichever order; undefined: nothing ever was. Throws a Fault when nobody can say. */
  async newestClaim(): Promise<Claim | undefined> {
    const message = await this.#stream?.last(CLAIMS);
    if (message === undefined) return undefined;
    const parsed = parseMessage(Claim, parseJson(message.text));
    if (!parsed.success) throw new Fault("STORE_REFUSED", `${message.subject} is no claim`);
    return parsed.data;
  }

  close(): void {
    for (const stop of this.#stop) stop();
  }

  async #load(): Promise<void> {
    const stream = this.#stream;
    if (stream === undefined) throw new TypeError("view not open");
    const startedAtMs = this.#clock.monotonicMs();
    const before = this.#sequence;
    const infos = await Promise.all(HELD.map((filter) => stream.info(filter)));
    const lastSequence = Math.min(...infos.map((info) => info.lastSequence));
    this.#requireForward(before, lastSequence);
    const subjects = [...infos.flatMap((info) => info.subjects), FACTS.writer.subject];
    const stored = await Promise.all(subjects.map((subject) => stream.last(subject)));
    for (const message of stored) if (message !== undefined) this.#state.take(message);
    // The oldest of the lists: what came after it may be missing in it, and shows as a gap or as behind the leader.
    this.#sequence = Math.max(this.#sequence, lastSequence);
    this.#confirmedAtMs = Math.max(this.#confirmedAtMs, startedAtMs);
    this.#notify();
  }

  #refreshQuietly(): void {
    this.refresh().catch((error: unknown) =>
      this.#bus.log.warn({ error: String(error) }, "control view not refreshed"),
    );
  }

  async #confirm(): Promise<void> {
    const stream = this.#stream;
    if (stream === undefined || !stream.up) return;
    const startedAtMs = this.#clock.monotonicMs();
    const before = this.#sequence;
    try {
      const { lastSequence } = await stream.info();
      this.#requireForward(before, lastSequence);
      if (this.clockStepMs() !== 0) this.#forgetStep();
      // Behind the leader although no message is on its way any more: something was missed.
      if (lastSequence > this.#sequence && this.#sequence === before) await this.refresh();
      else this.#confirmedAtMs = Math.max(this.#confirmedAtMs, startedAtMs);
    } catch (error) {
      this.#bus.log.warn({ error: String(error) }, "control stream did not confirm");
    }
  }

  /** A stream that ends before what was seen of it has lost something, perhaps a stop: it confirms nothing any more. */
  #requireForward(seen: number, last: number): void {
    if (last >= seen) return;
    this.#confirmedAtMs = Number.NEGATIVE_INFINITY;
    throw new Fault("STORE_REFUSED", `the control stream went back from ${seen} to ${last}`);
  }

  #onLive(message: LiveMessage): void {
    this.#state.take(message);
    if (message.sequence <= this.#sequence) return;
    const gap = message.sequence !== this.#sequence + 1;
    if (gap) {
      this.#confirmedAtMs = Number.NEGATIVE_INFINITY;
      this.#refreshQuietly();
    } else {
      this.#sequence = message.sequence;
    }
    this.#notify();
  }

  /** Once a trip says so to everybody, this process need not remember it any more. */
  #forgetStep(): void {
    const known = this.#state.trips().some(({ cause, level }) => cause === "clock-step" && level === "HALTED");
    if (known) this.#wallOffsetMs = this.#clock.nowMs() - this.#clock.monotonicMs();
  }

  #notify(): void {
    for (const listener of this.#listeners) listener();
  }
}
