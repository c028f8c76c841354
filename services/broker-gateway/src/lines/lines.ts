import { type Denial, Fault, ok } from "@countersign/contracts/denial";
import type { Quote } from "@countersign/contracts/instrument";
import { quoteOf, takeTick } from "../reads/quote-ticks.ts";
import { answerTo, refusal } from "../reads/refusal.ts";
import type { BrokerEvent } from "../session/wire.ts";
import { type Entry, interrupt, type Line, newEntry } from "./line.ts";
import { Opener, type OpenerDeps } from "./opener.ts";
import { OpeningPace } from "./opening-pace.ts";
import { Room } from "./room.ts";

export interface QuoteSettings {
  /** Lines of streaming data kept at once; TWS allows 100 unless the user pays for more. */
  readonly linesMax: number;
  /** A line that is not held and that nobody asked for this long is closed. */
  readonly lineIdleMs: number;
  /** A single quote from a line without a newer tick for this long opens it anew, so that TWS says again what holds. */
  readonly tickAgeMsMax: number;
  readonly settleMs: number;
  readonly timeoutMs: number;
}

export interface LinesDeps extends OpenerDeps {
  readonly settings: QuoteSettings;
  /** Of `linesMax`, never taken by streams: a quote for an order is not refused for want of a line. */
  readonly reserve: number;
  /** Messages in a second with which held lines are opened. */
  readonly messagesPerSecond: number;
}

type Answer = ReturnType<typeof ok<Quote>> | { readonly outcome: "denied"; readonly denial: Denial };

/** TWS has its servers again and the streams are lost. */
const DATA_LOST = 1101;
/** Lines that wait for their turn to be asked for; others who read wait behind so many and no more. */
const QUEUED_MAX = 10;
/** A line that was opened anew on purpose has so long to speak. */
const SOUND_FOR_MS = 1_000;
/** A line that outlived an interruption has so long to speak before it is opened anew. */
const DOUBTED_MS = 1_000;

/** The one owner of lines of market data: short ones for single quotes, and those that are held for streams. */
export class Lines {
  readonly #deps: LinesDeps;
  readonly #entries = new Map<number, Entry>();
  readonly #byReqId = new Map<number, Entry>();
  readonly #room: Room;
  readonly #pace: OpeningPace;
  readonly #opener: Opener;
  /** Since when nothing stands in the way of a line's speaking; undefined: something does. */
  #clearSinceMs: number | undefined;

  constructor(deps: LinesDeps) {
    this.#deps = deps;
    this.#pace = new OpeningPace(deps.clock, deps.messagesPerSecond);
    this.#room = new Room(deps.clock, deps.settings.linesMax, deps.reserve);
    this.#opener = new Opener(deps, {
      makeRoom: (entry) => this.#makeRoom(entry),
      noRoom: () => this.#learnRoom(),
      sent: (entry, line) => this.#sent(entry, line),
      drop: (entry) => this.#drop(entry, true),
    });
  }

  /** Those to be held, in order of importance. */
  *held(): Iterable<Entry> {
    for (const entry of this.#entries.values()) if (entry.rank !== undefined) yield entry;
  }

  /** How many lines streams may have now. */
  get heldMax(): number {
    return this.#room.heldMax;
  }

  take(event: BrokerEvent): void {
    const notice = event.kind === "notice" || event.kind === "error";
    if (notice && event.code === DATA_LOST) this.#dropAll();
    const id = "reqId" in event ? event.reqId : event.kind === "error" ? event.id : undefined;
    const entry = id === undefined ? undefined : this.#byReqId.get(id);
    if (entry?.line === undefined) return;
    const { line } = entry;
    const spoke = takeTick(line.ticks, event, this.#deps.clock.monotonicMs());
    entry.version += 1;
    if (spoke) {
      line.doubtedAtMs = undefined;
      entry.ticks ??= line.ticks;
    }
    if (event.kind !== "error" || entry.opening !== undefined) return;
    const refused = refusal(event);
    if (refused !== undefined) this.#opener.ended(entry, refused.failure);
  }

  /** What was on its way may be lost. Lines of a connection that lives are kept, and not trusted until they speak. */
  lost(): void {
    const { link, clock } = this.#deps;
    const connection = link.connection();
    this.#clearSinceMs = undefined;
    for (const entry of this.#entries.values()) {
      if (entry.line !== undefined && entry.line.connection !== connection) this.#drop(entry, false);
      if (entry.line !== undefined) entry.line.doubtedAtMs = clock.monotonicMs();
      if (connection === undefined && entry.delay?.kind === "competing") entry.delay = undefined;
      interrupt(entry);
    }
    if (connection === undefined) this.#opener.competing.over();
    this.#room.forget();
  }

  /** A farm broke: which lines it feeds is not known, so each one is doubted until it speaks. */
  doubt(): void {
    const nowMs = this.#deps.clock.monotonicMs();
    for (const entry of this.#entries.values()) {
      if (entry.line === undefined) continue;
      entry.line.doubtedAtMs ??= nowMs;
      entry.version += 1;
    }
  }

  /** A farm is back: lines that were doubted have a moment to speak from now on. */
  farmBack(): void {
    this.#clearSinceMs = undefined;
    // An idle line that died with its farm would give its last words to the next quote.
    for (const entry of this.#entries.values()) {
      if (entry.rank === undefined && entry.opening === undefined) this.#drop(entry, true);
    }
  }

  /** Forgets all lines and all that was learned about them. */
  forget(): void {
    this.#dropAll();
    for (const entry of this.#entries.values()) {
      entry.delay = undefined;
      interrupt(entry);
    }
    this.#opener.competing.over();
    this.#room.forget();
  }

  /** The whole set of lines that are to be kept open, the most important first. */
  hold(conids: readonly number[]): void {
    for (const entry of this.#entries.values()) entry.rank = undefined;
    for (const [rank, conid] of conids.entries()) this.#entry(conid).rank = rank;
    this.supervise();
  }

  /** Opened anew, because it has been silent while its market is open. */
  reopen(conid: number): void {
    const entry = this.#entries.get(conid);
    if (entry?.line !== undefined && entry.opening === undefined) void this.#renew(entry).catch(() => undefined);
  }

  async read(conid: number): Promise<Answer> {
    let instrument = this.#entries.get(conid)?.line && this.#entries.get(conid)?.instrument;
    if (instrument === undefined) {
      const contract = await this.#deps.contracts.byConid(conid);
      if (contract.outcome === "denied") return contract;
      ({ instrument } = contract.value);
    }
    const entry = this.#entry(conid);
    entry.instrument ??= instrument;
    entry.usedAtMs = this.#deps.clock.monotonicMs();
    try {
      await this.#fresh(entry);
      if (this.#deps.link.state !== "up" || entry.ticks === undefined)
        throw new Fault("BROKER_UNAVAILABLE", "the link to TWS dropped");
      return ok(quoteOf(instrument, entry.ticks, this.#deps.clock));
    } catch (error) {
      return answerTo(error, "MARKET_DATA_UNAVAILABLE");
    }
  }

  /** Opens what is to be held and is not open, closes what nobody wants; called by a timer. */
  supervise(): void {
    const { link, clock } = this.#deps;
    const nowMs = clock.monotonicMs();
    this.#sweep(nowMs);
    if (link.state !== "up") {
      this.#clearSinceMs = undefined;
      return;
    }
    const broken = link.facts.farms.list().some(({ kind, state }) => kind === "marketData" && state === "broken");
    this.#clearSinceMs = broken ? undefined : (this.#clearSinceMs ?? nowMs);
    const inOrder = [...this.held()].sort((a, b) => (a.rank ?? 0) - (b.rank ?? 0));
    for (const entry of inOrder) this.#keep(entry, nowMs);
  }

  #keep(entry: Entry, nowMs: number): void {
    const room = (entry.rank ?? 0) < this.#room.heldMax;
    if (room !== entry.room) entry.version += 1;
    entry.room = room;
    if (!room) this.#drop(entry, true);
    if (!room || entry.opening !== undefined || nowMs < entry.retryAtMs || this.#opener.queued >= QUEUED_MAX) return;
    const { line } = entry;
    const since = Math.max(
      line?.doubtedAtMs ?? Number.POSITIVE_INFINITY,
      this.#clearSinceMs ?? Number.POSITIVE_INFINITY,
    );
    const dumb = nowMs - since > DOUBTED_MS;
    const again = line?.delayed === true && this.#opener.mayBeLive(entry);
    if (line !== undefined && !dumb && !again) return;
    if (!this.#pace.take(1 + (line === undefined ? 0 : 1) + (entry.instrument === undefined ? 1 : 0))) return;
    void this.#renew(entry).catch(() => undefined);
  }

  /** The line has a young enough word, or is opened anew. */
  async #fresh(entry: Entry): Promise<void> {
    if (entry.opening !== undefined) return entry.opening;
    const { line } = entry;
    const ageMs = this.#deps.clock.monotonicMs() - (line?.ticks.atMs ?? Number.NEGATIVE_INFINITY);
    const again = line?.delayed === true && this.#opener.mayBeLive(entry);
    if (!again && line?.doubtedAtMs === undefined && ageMs <= this.#deps.settings.tickAgeMsMax) return;
    return this.#renew(entry);
  }

  /** One opening at a time for each instrument; whoever comes meanwhile waits for it. */
  #renew(entry: Entry): Promise<void> {
    const { clock } = this.#deps;
    const sound = entry.line !== undefined && entry.line.doubtedAtMs === undefined;
    entry.soundUntilMs = sound ? clock.monotonicMs() + SOUND_FOR_MS : Number.NEGATIVE_INFINITY;
    this.#drop(entry, true);
    const opening = this.#opener.open(entry).finally(() => {
      if (entry.opening === opening) entry.opening = undefined;
      entry.version += 1;
    });
    entry.opening = opening;
    return opening;
  }

  #entry(conid: number): Entry {
    const entry = this.#entries.get(conid) ?? newEntry(conid);
    this.#entries.set(conid, entry);
    return entry;
  }

  #openEntries(): Entry[] {
    return [...this.#entries.values()].filter(({ line }) => line !== undefined);
  }

  #sent(entry: Entry, line: Line): void {
    entry.line = line;
    this.#byReqId.set(line.reqId, entry);
  }

  #learnRoom(): boolean {
    const open = this.#openEntries().length;
    this.#room.learned(open);
    return open > 0;
  }

  /** The line that was unused longest goes first, a held one only when there is no other. */
  #makeRoom(entry: Entry): void {
    const open = this.#openEntries();
    if (open.length < this.#room.max) return;
    const [oldest] = open
      .filter((other) => other !== entry)
      .sort((a, b) => (b.rank === undefined ? 1 : 0) - (a.rank === undefined ? 1 : 0) || a.usedAtMs - b.usedAtMs);
    if (oldest !== undefined) this.#drop(oldest, true);
  }

  #sweep(nowMs: number): void {
    for (const entry of this.#entries.values()) {
      if (entry.rank !== undefined || entry.opening !== undefined) continue;
      if (nowMs - entry.usedAtMs <= this.#deps.settings.lineIdleMs) continue;
      this.#drop(entry, true);
      if (this.#opener.mayBeLive(entry)) this.#entries.delete(entry.conid);
    }
  }

  #dropAll(): void {
    for (const entry of this.#entries.values()) {
      this.#drop(entry, false);
      interrupt(entry);
    }
  }

  #drop(entry: Entry, cancel: boolean): void {
    const { line } = entry;
    if (line === undefined) return;
    entry.line = undefined;
    entry.version += 1;
    this.#byReqId.delete(line.reqId);
    if (cancel && this.#deps.link.connection() === line.connection) {
      this.#deps.requests.tell((connection) => connection.cancelMarketData(line.reqId));
    }
  }
}
