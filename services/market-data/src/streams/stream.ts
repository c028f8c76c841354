import { parseUtcText } from "@countersign/clock/clock";
import { QUOTE_FIELDS, type Quote, type QuoteField } from "@countersign/contracts/instrument";
import type { MarketValue } from "@countersign/contracts/market-value";
import type { LineUpdate, LineValue, StreamStatus, Tick } from "@countersign/contracts/messages/md-streams.v1";
import { flaggedStale } from "@countersign/contracts/stale";

/** What the line of a stream has said. */
interface Said {
  readonly update: Omit<LineUpdate, "values">;
  readonly asOfMs: number;
  readonly values: Readonly<Record<QuoteField, LineValue>>;
}

/** All that is known of one streamed instrument. Times are monotonic ms. */
export interface Stream {
  readonly conid: number;
  /** Last time somebody began to watch it or asked for its quote. */
  askedAtMs: number;
  said: Said | undefined;
  /** What the gateway answered before the line had said anything. */
  answered: { readonly status: StreamStatus; readonly code: number | null; readonly why: string | null };
  /** Why it has no line now; undefined: it has one. */
  noLine: Standing | undefined;
  /** A message was missed; what comes is of no use until it is told whole. */
  lost: boolean;
  silent: boolean;
  /** When the newest tick of its line came. */
  tickAtMs: number;
  /** Since when it waits for a word of its own accord: a tick this long after an opening is the market's. */
  reopenedAtMs: number;
  quietRounds: number;
  sequence: number;
  publishedAtMs: number;
  publishedStatus: string;
}

const OPENING = { status: "opening", code: null, why: null } as const;

export function newStream(conid: number, nowMs: number): Stream {
  return {
    ...{
      conid,
      askedAtMs: nowMs,
      noLine: undefined,
      said: undefined,
      answered: OPENING,
      lost: false,
      silent: false,
      tickAtMs: nowMs,
    },
    ...{
      reopenedAtMs: nowMs,
      quietRounds: 0,
      sequence: 0,
      publishedAtMs: Number.NEGATIVE_INFINITY,
      publishedStatus: "",
    },
  };
}

/** Ticks that come so soon after an opening are the broker's first words, not the market's. */
const FIRST_WORDS_MS = 5_000;

/** Takes what changed. False: something before it was missed, so the whole must be asked for. */
export function fold(stream: Stream, { values, ...update }: LineUpdate, nowMs: number): boolean {
  const before = stream.said;
  const follows = before !== undefined && !stream.lost && update.sequence === before.update.sequence + 1;
  if (!update.whole && !follows) {
    stream.lost = true;
    return false;
  }
  const all = { ...before?.values, ...values };
  if (!isComplete(all)) {
    stream.lost = true;
    return false;
  }
  const moved = before?.update.asOf !== update.asOf;
  stream.said = { update, asOfMs: moved ? parseUtcText(update.asOf) : before.asOfMs, values: all };
  stream.lost = false;
  if (moved) {
    stream.tickAtMs = nowMs;
    stream.silent = false;
    if (nowMs - stream.reopenedAtMs > FIRST_WORDS_MS) stream.quietRounds = 0;
  }
  return true;
}

function isComplete(values: Partial<Record<QuoteField, LineValue>>): values is Record<QuoteField, LineValue> {
  return QUOTE_FIELDS.every((field) => values[field] !== undefined);
}

export interface Standing {
  readonly status: StreamStatus;
  readonly code: number | null;
  readonly why: string | null;
}

const OF_LINE = {
  opening: "opening",
  running: "live",
  interrupted: "reconnecting",
  refused: "refused",
  noRoom: "refused",
} as const satisfies Record<LineUpdate["state"], StreamStatus>;

/** `gone`: why the gateway is not heard; undefined: it is. */
export function standingOf(stream: Stream, gone: string | undefined): Standing {
  if (gone !== undefined) return { status: "reconnecting", code: null, why: gone };
  if (stream.noLine !== undefined) return stream.noLine;
  if (stream.said === undefined) return stream.answered;
  if (stream.lost) return { status: "stale", code: null, why: "a message was lost on the way" };
  const { state, code, why } = stream.said.update;
  const status = OF_LINE[state];
  if (status === "live" && stream.silent) return { status: "silent", code, why: "silent while its market is open" };
  return { status, code, why };
}

/** The quote as it is known now, with its ages; undefined: nothing has been said yet. */
export function quoteOf({ conid, said }: Stream, nowMs: number): Quote | undefined {
  if (said === undefined) return undefined;
  const { update, asOfMs } = said;
  const { currency, dataType, source, asOf, flags } = update;
  const ageMs = Math.max(0, Math.round(nowMs - asOfMs));
  const label = { source, asOf, ageMs };
  const value = (field: QuoteField): MarketValue => {
    const one = said.values[field];
    if (one.state === "absent") return one;
    if (one.asOf === null) return { ...one, ...label };
    return { ...one, source, asOf: one.asOf, ageMs: Math.max(0, Math.round(nowMs - parseUtcText(one.asOf))) };
  };
  return {
    ...{ conid, currency, bid: value("bid"), ask: value("ask"), last: value("last"), close: value("close") },
    ...{ bidSize: value("bidSize"), askSize: value("askSize"), volume: value("volume") },
    ...{ dataType, ...label, flags },
  };
}

/** What watchers are told. Nothing that may have changed meanwhile goes without its flag. */
export function tickOf(stream: Stream, name: string, standing: Standing, nowMs: number): Tick | undefined {
  const quote = quoteOf(stream, nowMs);
  if (quote === undefined) return undefined;
  const shown = standing.status === "live" ? quote : flaggedStale(quote);
  return { ...shown, ...standing, stream: name, sequence: Math.max(1, stream.sequence) };
}
