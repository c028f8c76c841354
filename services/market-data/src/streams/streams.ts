import type { Clock } from "@countersign/clock/clock";
import { denied, ok } from "@countersign/contracts/denial";
import type { Quote } from "@countersign/contracts/instrument";
import {
  type LinesBroadcast,
  type Tick,
  type WatchRequest,
  WHY_CHARS_MAX,
} from "@countersign/contracts/messages/md-streams.v1";
import { newNonce } from "@countersign/ids/ids";
import type * as z from "zod";
import type { LineStanding, LineTurns } from "../pacing/line-turns.ts";
import { LinesClient, type LinesClientDeps } from "./lines-client.ts";
import { fold, newStream, quoteOf, type Standing, type Stream, standingOf, tickOf } from "./stream.ts";
import { Watchdog, type WatchdogDeps } from "./watchdog.ts";
import { type WatcherLimits, Watchers } from "./watchers.ts";

export interface StreamSettings extends WatcherLimits {
  /** Ticks of one instrument are told no more often; the newest one wins. */
  readonly tickGapMs: number;
  /** An instrument is told again after so long without a change, so that whoever watches knows that it lives. */
  readonly repeatMs: number;
  readonly silentAfterMs: number;
  /** Without a word of the gateway for so long nothing that it said counts as current. */
  readonly feedSilentMs: number;
  readonly leaseMs: number;
}

export interface StreamsDeps {
  readonly clock: Clock;
  readonly settings: StreamSettings;
  readonly askLines: LinesClientDeps["ask"];
  readonly isOpen: WatchdogDeps["isOpen"];
  readonly publish: (tick: Tick) => void;
  /** So many lines streams may hold, whatever the gateway would open. */
  readonly linesMax: number;
  /** Who has a line, each in its turn. `onTurn`: it may be opened now. */
  readonly lineTurns: (onTurn: (conid: number) => void) => Pick<LineTurns, "want" | "standing">;
}

/** Streams of all instruments that somebody watches: any number of watchers of one instrument cost one line. */
export class Streams {
  readonly name = newNonce();
  readonly stats = { updates: 0, lost: 0, ticks: 0 };
  readonly #deps: StreamsDeps;
  readonly #streams = new Map<number, Stream>();
  readonly #dirty = new Set<Stream>();
  readonly #watchers: Watchers;
  readonly #lines: LinesClient;
  readonly #turns: Pick<LineTurns, "want" | "standing">;
  readonly #watchdog: Watchdog;
  #feed: string | undefined;
  #heardAtMs = Number.NEGATIVE_INFINITY;
  #gone: string | undefined = "the gateway has not been heard yet";
  /** Undefined until the gateway has said it. */
  #linesMax: number | undefined;
  #lookAtMs = 0;

  constructor(deps: StreamsDeps) {
    const { clock, settings } = deps;
    this.#deps = deps;
    this.#watchers = new Watchers(clock, settings);
    this.#turns = deps.lineTurns((conid) => this.#hasLine(conid));
    this.#lines = new LinesClient({
      ...{ clock, leaseMs: settings.leaseMs, ask: deps.askLines },
      want: () => this.#byImportance().flatMap(({ conid, noLine }) => (noLine === undefined ? [conid] : [])),
      onAnswer: (answer) => this.#answered(answer),
    });
    this.#watchdog = new Watchdog({
      ...{ clock, silentAfterMs: settings.silentAfterMs, isOpen: deps.isOpen },
      onSilent: (stream) => {
        this.#lines.reopen(stream.conid);
        this.#changed(stream);
      },
    });
  }

  watch({ asker, watcher, conids, leaseMs }: z.output<typeof WatchRequest>) {
    const nowMs = this.#deps.clock.monotonicMs();
    const before = this.#withRoom();
    const admission = this.#watchers.renew(asker, watcher, [...new Set(conids)], leaseMs);
    if (!admission.admitted) return denied("RATE_LIMITED", admission.why);
    for (const conid of admission.added) {
      const stream = this.#streams.get(conid) ?? newStream(conid, nowMs);
      stream.askedAtMs = nowMs;
      this.#streams.set(conid, stream);
      // Whoever is new hears what is known now, and not only what changes next.
      if (stream.said !== undefined) this.#publish(stream);
    }
    this.#release();
    this.#shareLines();
    const after = this.#withRoom();
    const evicted = [...before].filter((conid) => !after.has(conid) && this.#streams.has(conid));
    this.turn();
    const refused = new Set(admission.refused);
    const watched = [...new Set(conids)].map((conid) => this.#watched(conid, refused.has(conid)));
    return ok({ stream: this.name, watched, evicted });
  }

  /** What changed at the broker. */
  take({ feed, updates }: LinesBroadcast): void {
    const nowMs = this.#deps.clock.monotonicMs();
    this.#heardAtMs = nowMs;
    if (feed !== this.#feed) this.#newFeed(feed);
    if (this.#gone !== undefined) this.#setGone(undefined);
    for (const update of updates) {
      const stream = this.#streams.get(update.conid);
      if (stream === undefined) continue;
      this.stats.updates += 1;
      if (!fold(stream, update, nowMs)) {
        this.stats.lost += 1;
        this.#lines.resend(stream.conid);
      }
      this.#changed(stream);
    }
  }

  /** The quote of a stream that runs, if it is young enough; it costs nothing. Undefined: ask the broker. */
  quote(conid: number, maxAgeMs: number): Quote | undefined {
    const stream = this.#streams.get(conid);
    if (stream === undefined || this.#standing(stream).status !== "live") return undefined;
    const quote = quoteOf(stream, this.#deps.clock.nowMs());
    if (quote === undefined || quote.ageMs > maxAgeMs) return undefined;
    stream.askedAtMs = this.#deps.clock.monotonicMs();
    return quote;
  }

  /** Everything that happens with time; called every few ms. */
  turn(): void {
    const { clock, settings } = this.#deps;
    const nowMs = clock.monotonicMs();
    if (this.#watchers.expire()) {
      this.#release();
      this.#shareLines();
    }
    const silentMs = nowMs - this.#heardAtMs;
    if (this.#gone === undefined && silentMs > settings.feedSilentMs) this.#setGone("the gateway is not heard");
    for (const stream of this.#dirty) {
      if (nowMs - stream.publishedAtMs >= settings.tickGapMs) this.#publish(stream);
    }
    if (nowMs - this.#lookAtMs >= LOOK_EVERY_MS) {
      this.#lookAtMs = nowMs;
      for (const stream of this.#streams.values()) this.#look(stream, nowMs);
    }
    this.#lines.turn();
  }

  #look(stream: Stream, nowMs: number): void {
    const { status } = this.#standing(stream);
    if (status === "live" || status === "silent") this.#watchdog.look(stream);
    if (nowMs - stream.publishedAtMs >= this.#deps.settings.repeatMs) this.#publish(stream);
  }

  #changed(stream: Stream): void {
    const { clock, settings } = this.#deps;
    const due = clock.monotonicMs() - stream.publishedAtMs >= settings.tickGapMs;
    // A change of the status never waits behind the pace of the prices.
    if (due || this.#standing(stream).status !== stream.publishedStatus) this.#publish(stream);
    else this.#dirty.add(stream);
  }

  #publish(stream: Stream, standing: Standing = this.#standing(stream)): void {
    const { clock, publish } = this.#deps;
    this.#dirty.delete(stream);
    stream.publishedAtMs = clock.monotonicMs();
    stream.publishedStatus = standing.status;
    stream.sequence += 1;
    const tick = tickOf(stream, this.name, standing, clock.nowMs());
    if (tick === undefined) return;
    this.stats.ticks += 1;
    publish(tick);
  }

  #standing(stream: Stream): Standing {
    return standingOf(stream, this.#gone);
  }

  #setGone(why: string | undefined): void {
    this.#gone = why;
    for (const stream of this.#streams.values()) this.#changed(stream);
  }

  /** Another gateway, or another life of it: it counts from the beginning and knows nothing of what was wanted. */
  #newFeed(feed: string): void {
    this.#feed = feed;
    for (const stream of this.#streams.values()) stream.lost = true;
    this.#lines.changed();
  }

  #answered({ linesMax, lines }: Parameters<LinesClientDeps["onAnswer"]>[0]): void {
    if (linesMax !== this.#linesMax) {
      this.#linesMax = linesMax;
      this.#shareLines();
    }
    for (const { conid, state, code, why } of lines) {
      const stream = this.#streams.get(conid);
      // Once the line has said anything, the feed tells its state too, and in order.
      if (stream === undefined || stream.said !== undefined) continue;
      const status = state === "interrupted" ? "reconnecting" : state === "opening" ? "opening" : "refused";
      stream.answered = { status, code, why };
    }
  }

  /** Closes what nobody watches any more. */
  #release(): void {
    for (const stream of this.#streams.values()) {
      if (this.#watchers.isWatched(stream.conid)) continue;
      this.#publish(stream, { status: "closed", code: null, why: "nobody watches it any more" });
      this.#streams.delete(stream.conid);
      this.#lines.changed();
    }
  }

  /**
   * Those who watch take turns, each with what it asked for last: when there are too few lines, everybody has as many as
   * anybody, or all that it watches.
   */
  #byImportance(): Stream[] {
    const newestFirst = (a: Stream, b: Stream) => b.askedAtMs - a.askedAtMs;
    const sets = [...this.#watchers.byAsker().values()].map((conids) =>
      [...conids].flatMap((conid) => this.#streams.get(conid) ?? []).sort(newestFirst),
    );
    const inOrder = new Set<Stream>();
    const longest = Math.max(0, ...sets.map((set) => set.length));
    for (let place = 0; place < longest; place += 1) {
      const next = sets.flatMap((set) => set[place] ?? []);
      for (const stream of next.sort(newestFirst)) inOrder.add(stream);
    }
    return [...inOrder];
  }

  /** Who has a line, who waits for one, and for whom there is none. */
  #shareLines(): void {
    const room = this.#withRoom();
    const askers = this.#watchers.byAsker();
    const of = (conid: number) => [...askers].flatMap(([asker, conids]) => (conids.has(conid) ? [asker] : []));
    this.#turns.want(new Map([...room].map((conid) => [conid, of(conid)])));
    for (const stream of this.#streams.values()) {
      const noLine = room.has(stream.conid) ? withoutLine(this.#turns.standing(stream.conid)) : NO_ROOM;
      // What it has said may not hold any more when it gets a line again.
      if (stream.said !== undefined && noLine !== undefined) stream.lost = true;
      stream.noLine = noLine;
      this.#changed(stream);
    }
    this.#lines.changed();
  }

  #hasLine(conid: number): void {
    const stream = this.#streams.get(conid);
    if (stream === undefined) return;
    stream.noLine = undefined;
    this.#changed(stream);
    this.#lines.changed();
  }

  #withRoom(): Set<number> {
    const inOrder = this.#byImportance();
    return new Set(
      inOrder.slice(0, Math.min(this.#linesMax ?? inOrder.length, this.#deps.linesMax)).map(({ conid }) => conid),
    );
  }

  #watched(conid: number, refused: boolean) {
    const stream = this.#streams.get(conid);
    if (refused || stream === undefined) {
      const why = "one asker has as many instruments streamed as it may";
      return { conid, status: "refused" as const, code: null, why };
    }
    return { conid, ...this.#standing(stream) };
  }
}

const LOOK_EVERY_MS = 500;
const NO_ROOM = { status: "refused", code: null, why: "as many lines are open as there may be" } as const;

function withoutLine(standing: LineStanding): Standing | undefined {
  if (standing.kind === "open") return undefined;
  if (standing.kind === "refused") return { status: "refused", code: null, why: standing.why.slice(0, WHY_CHARS_MAX) };
  return { status: "opening", code: null, why: `it waits for its turn, about ${standing.waitMs} ms` };
}
