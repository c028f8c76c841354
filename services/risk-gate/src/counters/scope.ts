import { utcText } from "@countersign/clock/clock";
import { toText } from "@countersign/money/decimal";
import { type Counts, type ScopeCounts, WINDOW_NAMES, WINDOWS, type Window } from "./counts.ts";
import { Series } from "./series.ts";
import { minus, type Tally } from "./tally.ts";

const BUCKETS = 60;
/** Sessions begin on quarters of an hour, or shortly before one that then counts whole. */
const SESSION_WIDTH_MS = 900_000;
const SESSION_BUCKETS = 4 * 96;

/** When something happened: by the clock that only goes forward, for windows, and by the log, for sessions. */
export interface Moment {
  readonly steadyMs: number;
  readonly wallMs: number;
}

/** The counters of one account, agent or instrument. */
export class Scope {
  readonly #windows = new Map<Window, Series>(
    WINDOW_NAMES.map((name) => [name, new Series({ lengthMs: WINDOWS[name], buckets: BUCKETS })]),
  );
  readonly #session = new Series({ lengthMs: SESSION_WIDTH_MS * SESSION_BUCKETS, buckets: SESSION_BUCKETS });

  add({ steadyMs, wallMs }: Moment, tally: Tally): void {
    for (const series of this.#windows.values()) series.add(steadyMs, tally);
    this.#session.add(wallMs, tally);
  }

  remove({ steadyMs, wallMs }: Moment, tally: Tally): void {
    for (const series of this.#windows.values()) series.remove(steadyMs, tally);
    this.#session.remove(wallMs, tally);
  }

  /** How many messages each window holds at that moment. */
  messages(steadyMs: number): Record<Window, number> {
    return byWindow((name) => this.#total(name, steadyMs).messages);
  }

  /** Nothing of the last day: whoever asks for it gets the same from a new one, but for older sessions. */
  isIdle({ steadyMs, wallMs }: Moment): boolean {
    const day = this.#total("day", steadyMs);
    const week = this.#session.total(wallMs);
    return [day, week].every(
      ({ messages, orders, cancels, executions }) => messages + orders + cancels + executions === 0,
    );
  }

  /** Without `own`, which the order that is asked about has counted already. */
  counts(nowMs: number, own: Own, sessionMs: number | undefined): ScopeCounts {
    const windows = byWindow((name) => {
      const inside = own.sent !== undefined && nowMs - own.sent.steadyMs < WINDOWS[name];
      const counted = this.#total(name, nowMs);
      const others = inside && own.tally !== undefined ? minus(counted, own.tally) : counted;
      return countsOf(others, own.before?.[name] ?? others.messages);
    });
    if (sessionMs === undefined) return { windows, session: null };
    const since = this.#session.since(sessionMs);
    const before = own.tally !== undefined && (own.sent?.wallMs ?? 0) >= sessionMs ? minus(since, own.tally) : since;
    const messages = before.messages - (own.before === undefined ? 0 : 1);
    const session = {
      ...countsOf(before, Math.max(0, messages)),
      cancels: before.cancels,
      executions: before.executions,
    };
    return { windows, session: { since: utcText(sessionMs), ...session } };
  }

  #total(name: Window, steadyMs: number): Tally {
    const series = this.#windows.get(name);
    if (series === undefined) throw new TypeError(name);
    return series.total(steadyMs);
  }
}

/** What an order has counted of itself; all absent for one that is not recorded. */
export interface Own {
  /** Messages in each window before its own. */
  readonly before?: Record<Window, number> | undefined;
  readonly sent?: Moment | undefined;
  readonly tally?: Tally | undefined;
}

function countsOf(tally: Tally, messages: number): Counts {
  return { messages, orders: tally.orders, notional: tally.unpriced > 0 ? null : toText(tally.notional) };
}

function byWindow<T>(value: (name: Window) => T): Record<Window, T> {
  return {
    second: value("second"),
    minute: value("minute"),
    fiveMinutes: value("fiveMinutes"),
    tenMinutes: value("tenMinutes"),
    hour: value("hour"),
    day: value("day"),
  };
}
