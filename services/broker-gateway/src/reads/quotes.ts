import { type Denial, Fault, ok } from "@countersign/contracts/denial";
import type { Instrument, Quote } from "@countersign/contracts/instrument";
import type { BrokerEvent } from "../session/wire.ts";
import type { Contracts } from "./contracts.ts";
import { emptyTicks, isComplete, quoteOf, type Ticks, takeTick } from "./quote-ticks.ts";
import type { ReadDeps } from "./reader.ts";
import { answerTo, Refusal, refusal } from "./refusal.ts";

export interface QuoteSettings {
  /** Lines of streaming data kept at once; TWS allows 100. */
  readonly linesMax: number;
  /** A line that nobody asked for this long is closed. */
  readonly lineIdleMs: number;
  /** A line without a newer tick for this long is opened anew, so that TWS says again what holds. */
  readonly tickAgeMsMax: number;
  /** What has come by then is the answer, when not everything comes. */
  readonly settleMs: number;
  /** Nothing at all by then is a fault. */
  readonly timeoutMs: number;
}

interface Line {
  readonly reqId: number;
  readonly ticks: Ticks;
  usedAtMs: number;
  readonly done: Promise<void>;
}

type Answer = ReturnType<typeof ok<Quote>> | { readonly outcome: "denied"; readonly denial: Denial };

/** As TWS counts them: 1 live, 3 delayed where there is nothing live. */
const LIVE = 1;
const DELAYED = 3;
/** So long an instrument that was refused live is asked for delayed; then live is tried once more. */
const DELAYED_FOR_MS = 60_000;
/** Tells the price of an auction, so that a market in auction is not taken for an empty one. */
const AUCTION_TICKS = "225";
const TRIES_MAX = 3;
const AGAIN_AFTER_MS = [250, 1_000] as const;

export interface QuotesDeps extends ReadDeps {
  readonly contracts: Contracts;
  readonly settings: QuoteSettings;
  readonly marketData: "live" | "delayed";
}

/** Quotes from short-lived streaming lines, so that a price that is asked again costs no message. */
export class Quotes {
  readonly #deps: QuotesDeps;
  readonly #lines = new Map<number, Line>();
  readonly #handlers = new Map<number, (event: BrokerEvent) => void>();
  /** Instruments without live data, until when (monotonic ms). */
  readonly #delayedUntilMs = new Map<number, number>();

  constructor(deps: QuotesDeps) {
    this.#deps = deps;
  }

  take(event: BrokerEvent): void {
    const id = "reqId" in event ? event.reqId : event.kind === "error" ? event.id : undefined;
    if (id !== undefined) this.#handlers.get(id)?.(event);
  }

  /** The link dropped: TWS has forgotten every line. */
  forget(): void {
    this.#lines.clear();
    this.#handlers.clear();
    this.#delayedUntilMs.clear();
  }

  /** A farm is back: its lines may be silent for good, so whoever reads next opens a new one. */
  reopen(): void {
    for (const conid of [...this.#lines.keys()]) this.#close(conid);
  }

  /** Closes lines that nobody uses any more. */
  sweep(): void {
    const nowMs = this.#deps.clock.monotonicMs();
    for (const [conid, line] of this.#lines) {
      if (nowMs - line.usedAtMs > this.#deps.settings.lineIdleMs) this.#close(conid);
    }
  }

  async read(conid: number): Promise<Answer> {
    const contract = await this.#deps.contracts.byConid(conid);
    if (contract.outcome === "denied") return contract;
    const { instrument } = contract.value;
    for (let attempt = 0; ; attempt += 1) {
      const line = await this.#line(instrument);
      try {
        await line.done;
        if (this.#deps.link.state !== "up") throw new Fault("BROKER_UNAVAILABLE", "the link to TWS dropped");
        return ok(quoteOf(instrument, line.ticks, this.#deps.clock));
      } catch (error) {
        this.#close(conid, line);
        if (attempt < TRIES_MAX - 1 && (await this.#remedied(conid, error, attempt))) continue;
        return answerTo(error, "MARKET_DATA_UNAVAILABLE");
      }
    }
  }

  /** Does what the code of TWS calls for. True: asking once more makes sense. */
  async #remedied(conid: number, error: unknown, attempt: number): Promise<boolean> {
    const { clock, marketData } = this.#deps;
    const behaviour = error instanceof Refusal ? error.behaviour : undefined;
    if (behaviour === "makeRoom") {
      if (this.#lines.size === 0) return false;
      this.#closeOldest();
      return true;
    }
    if (behaviour === "delayed") {
      const first = marketData === "live" && !this.#isDelayed(conid);
      this.#delayedUntilMs.set(conid, clock.monotonicMs() + DELAYED_FOR_MS);
      return first;
    }
    if (behaviour !== "resubscribe") return false;
    await clock.sleep(AGAIN_AFTER_MS[attempt] ?? 1_000);
    return true;
  }

  #isDelayed(conid: number): boolean {
    return (this.#delayedUntilMs.get(conid) ?? 0) > this.#deps.clock.monotonicMs();
  }

  async #line(instrument: Instrument): Promise<Line> {
    const { conid } = instrument;
    const nowMs = this.#deps.clock.monotonicMs();
    const known = this.#lines.get(conid);
    if (known !== undefined) {
      known.usedAtMs = nowMs;
      const old = nowMs - known.ticks.atMs > this.#deps.settings.tickAgeMsMax;
      if (!old || !known.ticks.settled) return known;
      this.#close(conid);
    }
    if (this.#lines.size >= this.#deps.settings.linesMax) this.#closeOldest();
    return this.#open(instrument);
  }

  #open(instrument: Instrument): Line {
    const { conid, exchange, secType } = instrument;
    const { requests, clock, settings } = this.#deps;
    const ticks = emptyTicks(clock.monotonicMs());
    const genericTicks = secType === "STK" ? AUCTION_TICKS : "";
    const reqId = requests.newId();
    const delayed = this.#deps.marketData === "live" && this.#isDelayed(conid);
    const done = requests
      .ask<void>({
        what: "market data",
        timeoutMs: settings.timeoutMs,
        id: () => reqId,
        messages: delayed ? 3 : 1,
        send: (connection) => {
          // The type holds for whatever is asked after it, so it is set back at once.
          if (delayed) connection.setMarketDataType(DELAYED);
          connection.requestMarketData(reqId, { conid, exchange }, genericTicks);
          if (delayed) connection.setMarketDataType(LIVE);
        },
        on: (event) => this.#firstTicks(event, ticks, instrument),
      })
      .finally(() => {
        ticks.settled = true;
      });
    // A refusal reaches whoever waits; a line that nobody waits for any more must not end the process.
    done.catch(() => undefined);
    const line: Line = { reqId, ticks, usedAtMs: clock.monotonicMs(), done: this.#settled(done, ticks) };
    line.done.catch(() => undefined);
    this.#lines.set(conid, line);
    this.#handlers.set(reqId, (event) => takeTick(ticks, event, clock.monotonicMs()));
    return line;
  }

  #firstTicks(event: BrokerEvent, ticks: Ticks, instrument: Instrument) {
    takeTick(ticks, event, this.#deps.clock.monotonicMs());
    const refused = refusal(event);
    if (refused !== undefined) return refused;
    return isComplete(ticks, instrument.secType) ? { result: undefined } : undefined;
  }

  /** Complete, or what has come after a while; nothing at all stays a fault. */
  #settled(done: Promise<void>, ticks: Ticks): Promise<void> {
    const { clock, settings } = this.#deps;
    return new Promise((resolve, reject) => {
      const timer = clock.setTimeout(() => {
        if (ticks.dataType !== undefined && ticks.told.size > 0) resolve();
      }, settings.settleMs);
      done
        .finally(() => timer.cancel())
        .then(resolve, (error: unknown) => {
          const partly = error instanceof Fault && error.code === "TIMEOUT" && ticks.told.size > 0;
          if (partly) resolve();
          else
            reject(
              error instanceof Fault && error.code === "TIMEOUT"
                ? new Fault("MARKET_DATA_UNAVAILABLE", error.message)
                : error,
            );
        });
    });
  }

  #closeOldest(): void {
    const [oldest] = [...this.#lines].sort(([, a], [, b]) => a.usedAtMs - b.usedAtMs);
    if (oldest !== undefined) this.#close(oldest[0]);
  }

  /** `only`: not when another line has taken its place meanwhile. */
  #close(conid: number, only?: Line): void {
    const line = this.#lines.get(conid);
    if (line === undefined || (only !== undefined && only !== line)) return;
    this.#lines.delete(conid);
    this.#handlers.delete(line.reqId);
    this.#deps.requests.tell((connection) => connection.cancelMarketData(line.reqId));
  }
}
