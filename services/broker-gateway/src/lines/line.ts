import type { Instrument } from "@countersign/contracts/instrument";
import type { LineState } from "@countersign/contracts/messages/md-streams.v1";
import type { Ticks } from "../reads/quote-ticks.ts";
import type { Connection } from "../session/connection.ts";

/** One subscription at TWS, from its request to its cancel. */
export interface Line {
  readonly reqId: number;
  readonly connection: Connection;
  readonly ticks: Ticks;
  readonly delayed: boolean;
  /** Something happened after which it may be dead though it is open; undefined: nothing, or it has spoken since. */
  doubtedAtMs: number | undefined;
}

/** Why live data is not asked for now. */
export interface Delay {
  readonly kind: "competing" | "subscription";
  readonly code: number;
  readonly why: string;
  /** Monotonic ms. A competing session ends when a probe says so, not with time. */
  readonly untilMs: number;
}

/** All that is kept of one instrument whose market data is in use. Times are monotonic ms. */
export interface Entry {
  readonly conid: number;
  /** Undefined until the broker has described it. */
  instrument: Instrument | undefined;
  line: Line | undefined;
  /** What is told: of its line, or of the one before until the new one has spoken. */
  ticks: Ticks | undefined;
  opening: Promise<void> | undefined;
  /** A line that is opened anew on purpose counts as running until then. */
  soundUntilMs: number;
  /** Last read of a single quote; minus infinity: never. */
  usedAtMs: number;
  /** Place among the lines that are to be kept open, 0 first; undefined: not among them. */
  rank: number | undefined;
  delay: Delay | undefined;
  /** What the last try asked for. */
  askedDelayed: boolean;
  /** False: too far back among the wanted. */
  room: boolean;
  /** The last try to open it failed; null: it did not. */
  failure: { readonly code: number | null; readonly why: string } | null;
  tries: number;
  retryAtMs: number;
  /** Moves with everything that is worth telling. */
  version: number;
}

const NEVER = Number.NEGATIVE_INFINITY;

export function newEntry(conid: number): Entry {
  return {
    ...{ conid, instrument: undefined, line: undefined, ticks: undefined, opening: undefined, soundUntilMs: NEVER },
    ...{ usedAtMs: NEVER, rank: undefined, room: true, delay: undefined, askedDelayed: false, failure: null },
    ...{ tries: 0, retryAtMs: NEVER, version: 0 },
  };
}

/** Nothing that was learned on the connection before holds any more. */
export function interrupt(entry: Entry): void {
  entry.soundUntilMs = NEVER;
  entry.retryAtMs = NEVER;
  entry.tries = 0;
  entry.failure = null;
  entry.version += 1;
}

export interface Told {
  readonly state: LineState;
  readonly code: number | null;
  readonly why: string | null;
}

/** What holds of an entry now, in the words of the feed. `down`: why the link is not up; undefined: it is. */
export function toldOf(entry: Entry, nowMs: number, down: string | undefined): Told {
  const { line, ticks, failure, delay } = entry;
  if (down !== undefined) return { state: "interrupted", code: null, why: down };
  if (!entry.room) return { state: "noRoom", code: null, why: "as many lines are open as may be" };
  if (failure !== null) return { state: "refused", code: failure.code, why: failure.why };
  if (ticks === undefined || ticks.told.size === 0) return { state: "opening", code: null, why: null };
  const spoken = line !== undefined && line.ticks === ticks && line.doubtedAtMs === undefined;
  if (!spoken && nowMs > entry.soundUntilMs)
    return { state: "interrupted", code: null, why: "not heard since the interruption" };
  return { state: "running", code: delay?.code ?? null, why: delay?.why ?? null };
}
