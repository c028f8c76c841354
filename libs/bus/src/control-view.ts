import type { Clock, Timer } from "@countersign/clock/clock";
import { type KillLevel, KillSetting, strictest, WriterEpoch } from "@countersign/contracts/control";
import { FACTS, wildcardOf } from "@countersign/contracts/subjects";
import type { Bus } from "./bus.ts";
import type { Followed, LiveMessage } from "./live-stream.ts";

/** Unconfirmed for longer than this means HALTED. */
export const STALE_AFTER_MS = 1_500;
const CONFIRM_EVERY_MS = 400;
const KILL_PREFIX = "$KV.CONTROL.kill.";
const WRITER_SUBJECT = FACTS.writer.subject;

type Source = Pick<Bus, "follow" | "log">;

/** The scopes that bear on one order. */
export interface OrderScopes {
  readonly account?: string;
  readonly agent?: string;
  /** Every instrument that the order trades. */
  readonly conids?: readonly number[];
}

interface Entry {
  readonly sequence: number;
  readonly setting: KillSetting | "unreadable";
}

/**
 * What this process knows of the control stream: every kill setting, the writer's epoch, and the stream's last sequence,
 * which a claim must name. It is pushed by republish and confirmed against the stream's leader; not confirmed is HALTED.
 */
export class ControlView {
  readonly #bus: Source;
  readonly #clock: Clock;
  readonly #entries = new Map<string, Entry>();
  readonly #listeners = new Set<() => void>();
  #writer: { sequence: number; value: WriterEpoch } | undefined;
  #sequence = 0;
  #confirmedAtMs = Number.NEGATIVE_INFINITY;
  #stream: Followed | undefined;
  #refreshing: Promise<void> | undefined;
  #stop: (() => void)[] = [];

  private constructor(bus: Source, clock: Clock) {
    this.#bus = bus;
    this.#clock = clock;
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

  /** The strictest level of all scopes that bear on the order, and why. */
  level(scopes: OrderScopes): { level: KillLevel; reason: string } {
    if (!this.fresh()) return { level: "HALTED", reason: "the kill switch could not be confirmed" };
    const keys = ["global"];
    if (scopes.account !== undefined) keys.push(`account.${scopes.account}`);
    if (scopes.agent !== undefined) keys.push(`agent.${scopes.agent}`);
    for (const conid of scopes.conids ?? []) keys.push(`instrument.${conid}`);
    let result: { level: KillLevel; reason: string } = { level: "ACTIVE", reason: "active" };
    for (const key of keys) {
      const found = this.#levelOf(key);
      if (strictest(found.level, result.level) !== result.level) result = found;
    }
    return result;
  }

  #levelOf(scope: string): { level: KillLevel; reason: string } {
    const entry = this.#entries.get(scope);
    if (entry === undefined) {
      if (scope === "global") return { level: "HALTED", reason: "the global kill switch was never set" };
      return { level: "ACTIVE", reason: `no setting for ${scope}` };
    }
    if (entry.setting === "unreadable") return { level: "HALTED", reason: `the setting of ${scope} is unreadable` };
    return { level: entry.setting.level, reason: `${scope}: ${entry.setting.reason}` };
  }

  settings(): { scope: string; setting: KillSetting | "unreadable"; sequence: number }[] {
    return [...this.#entries].map(([scope, entry]) => ({ scope, ...entry }));
  }

  writerEpoch(): WriterEpoch | undefined {
    return this.#writer?.value;
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

  close(): void {
    for (const stop of this.#stop) stop();
  }

  async #load(): Promise<void> {
    const stream = this.#stream;
    if (stream === undefined) throw new TypeError("view not open");
    const startedAtMs = this.#clock.monotonicMs();
    const info = await stream.info(wildcardOf(FACTS.kill.subject));
    const stored = await Promise.all([...info.subjects, WRITER_SUBJECT].map((subject) => stream.last(subject)));
    for (const message of stored) if (message !== undefined) this.#take(message);
    this.#sequence = Math.max(this.#sequence, info.lastSequence);
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
      // Behind the leader although no message is on its way any more: something was missed.
      if (lastSequence > this.#sequence && this.#sequence === before) await this.refresh();
      else this.#confirmedAtMs = Math.max(this.#confirmedAtMs, startedAtMs);
    } catch (error) {
      this.#bus.log.warn({ error: String(error) }, "control stream did not confirm");
    }
  }

  #onLive(message: LiveMessage): void {
    this.#take(message);
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

  #take(message: LiveMessage): void {
    if (message.subject === WRITER_SUBJECT) this.#takeWriter(message);
    if (!message.subject.startsWith(KILL_PREFIX)) return;
    const scope = message.subject.slice(KILL_PREFIX.length);
    if ((this.#entries.get(scope)?.sequence ?? 0) > message.sequence) return;
    const parsed = KillSetting.safeParse(parseJson(message.text));
    this.#entries.set(scope, { sequence: message.sequence, setting: parsed.success ? parsed.data : "unreadable" });
  }

  #takeWriter(message: LiveMessage): void {
    const parsed = WriterEpoch.safeParse(parseJson(message.text));
    if (parsed.success && (this.#writer?.sequence ?? 0) <= message.sequence) {
      this.#writer = { sequence: message.sequence, value: parsed.data };
    }
  }

  #notify(): void {
    for (const listener of this.#listeners) listener();
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
