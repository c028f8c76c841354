import { type Clock, utcText } from "@countersign/clock/clock";
import { type Instrument, QUOTE_FIELDS } from "@countersign/contracts/instrument";
import type { MarketValue } from "@countersign/contracts/market-value";
import {
  type LinesBroadcast,
  type LineUpdate,
  type LineValue,
  UPDATES_MAX,
} from "@countersign/contracts/messages/md-streams.v1";
import { quoteOf, type Ticks } from "../reads/quote-ticks.ts";
import { SOURCE } from "../reads/reader.ts";
import { type Entry, type Told, toldOf } from "./line.ts";

/** What was last published of one line. Times are monotonic ms. */
interface Published {
  sequence: number;
  version: number;
  state: string;
  ticks: Ticks | undefined;
  dataType: string | undefined;
  readonly fields: Map<string, unknown>;
  wholeAtMs: number;
  tickAtMs: number;
  asOf: string;
}

export interface LineFeedDeps {
  readonly clock: Clock;
  readonly feed: string;
  readonly wholeEveryMs: number;
  readonly held: () => Iterable<Entry>;
  /** Why the link is not up; undefined: it is. */
  readonly down: () => string | undefined;
  readonly publish: (message: LinesBroadcast) => void;
}

/** Says again that it lives when nothing else is said. */
const ALIVE_EVERY_MS = 1_000;

/** Publishes what changed on the held lines since the last flush: the newest of each, however many ticks there were. */
export class LineFeed {
  readonly #deps: LineFeedDeps;
  readonly #published = new Map<number, Published>();
  readonly #resend = new Set<number>();
  #spokeAtMs = Number.NEGATIVE_INFINITY;

  constructor(deps: LineFeedDeps) {
    this.#deps = deps;
  }

  /** Told whole with the next flush. */
  resend(conids: readonly number[]): void {
    for (const conid of conids) this.#resend.add(conid);
  }

  flush(): void {
    const { clock } = this.#deps;
    const nowMs = clock.monotonicMs();
    const down = this.#deps.down();
    const held = new Set<number>();
    const updates: LineUpdate[] = [];
    for (const entry of this.#deps.held()) {
      held.add(entry.conid);
      const update = this.#updateOf(entry, toldOf(entry, nowMs, down), nowMs);
      if (update !== undefined) updates.push(update);
    }
    for (const conid of this.#published.keys()) if (!held.has(conid)) this.#published.delete(conid);
    this.#resend.clear();
    if (updates.length === 0 && nowMs - this.#spokeAtMs < ALIVE_EVERY_MS) return;
    this.#spokeAtMs = nowMs;
    for (let from = 0; from === 0 || from < updates.length; from += UPDATES_MAX) {
      this.#deps.publish({ feed: this.#deps.feed, updates: updates.slice(from, from + UPDATES_MAX) });
    }
  }

  #updateOf(entry: Entry, told: Told, nowMs: number): LineUpdate | undefined {
    const { instrument, ticks, conid } = entry;
    // Before the broker has described the instrument there is not even a currency; the answer to the request says why.
    if (instrument === undefined || ticks === undefined) return undefined;
    const known = this.#published.get(conid);
    const state = `${told.state} ${told.code} ${told.why}`;
    const whole =
      known === undefined ||
      known.ticks !== ticks ||
      known.dataType !== ticks.dataType ||
      this.#resend.has(conid) ||
      nowMs - known.wholeAtMs >= this.#deps.wholeEveryMs;
    if (!whole && known.version === entry.version && known.state === state) return undefined;
    const published = known ?? newPublished();
    published.sequence += 1;
    published.version = entry.version;
    published.state = state;
    published.ticks = ticks;
    published.dataType = ticks.dataType;
    if (whole) published.wholeAtMs = nowMs;
    // Computed once for each tick: from two readings of two clocks the same moment would come out a little different.
    if (published.tickAtMs !== ticks.atMs) {
      published.tickAtMs = ticks.atMs;
      published.asOf = utcText(this.#deps.clock.nowMs() - Math.max(0, Math.round(nowMs - ticks.atMs)));
    }
    this.#published.set(conid, published);
    return this.#written(instrument, { ticks, told, whole, published });
  }

  #written(
    instrument: Instrument,
    { ticks, told, whole, published }: { ticks: Ticks; told: Told; whole: boolean; published: Published },
  ): LineUpdate {
    const { conid, currency } = instrument;
    const quote = quoteOf(instrument, ticks, this.#deps.clock);
    const values: { -readonly [field in keyof LineUpdate["values"]]: LineUpdate["values"][field] } = {};
    for (const field of QUOTE_FIELDS) {
      const said = ticks.told.get(field);
      if (!whole && published.fields.get(field) === said) continue;
      published.fields.set(field, said);
      values[field] = lineValue(quote[field]);
    }
    const { dataType, flags } = quote;
    const { asOf, sequence } = published;
    return { conid, currency, sequence, whole, ...told, dataType, asOf, source: SOURCE, flags, values };
  }
}

function newPublished(): Published {
  return {
    ...{ sequence: 0, version: -1, state: "", ticks: undefined, dataType: undefined, fields: new Map() },
    ...{ wholeAtMs: 0, tickAtMs: Number.NaN, asOf: "" },
  };
}

function lineValue(value: MarketValue): LineValue {
  if (value.state === "absent") return value;
  const { state, value: number, unit, dataType, flags, asOf } = value;
  return { state, value: number, unit, dataType, flags, asOf: flags.includes("beforeTypeChange") ? asOf : null };
}
