import { type Denial, denied, Fault, ok } from "@countersign/contracts/denial";
import type { Instrument, Quote } from "@countersign/contracts/instrument";
import type { BrokerEvent } from "../session/wire.ts";
import type { Contracts } from "./contracts.ts";
import { isComplete, quoteOf, type Ticks, takeTick } from "./quote-ticks.ts";
import type { ReadDeps } from "./reader.ts";

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

class LineRefused extends Error {
  readonly code: number;
  constructor(code: number, text: string) {
    super(`TWS ${code}: ${text}`);
    this.code = code;
  }
}

const NO_DEFINITION = 200;
/** Warnings: data follows, delayed or in part. */
const ADVISORY = new Set([10_090, 10_167]);

/** Quotes from short-lived streaming lines, so that a price that is asked again costs no message. */
export class Quotes {
  readonly #deps: ReadDeps & { readonly contracts: Contracts; readonly settings: QuoteSettings };
  readonly #lines = new Map<number, Line>();
  readonly #handlers = new Map<number, (event: BrokerEvent) => void>();

  constructor(deps: ReadDeps & { readonly contracts: Contracts; readonly settings: QuoteSettings }) {
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
    try {
      const line = await this.#line(instrument);
      await line.done;
      if (this.#deps.link.state !== "up") throw new Fault("BROKER_UNAVAILABLE", "the link to TWS dropped");
      return ok(quoteOf(instrument, line.ticks, this.#deps.clock));
    } catch (error) {
      this.#close(conid);
      if (!(error instanceof LineRefused)) throw error;
      if (error.code === NO_DEFINITION) return denied("UNKNOWN_INSTRUMENT");
      throw new Fault("MARKET_DATA_UNAVAILABLE", error.message);
    }
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
    const { conid, exchange } = instrument;
    const { requests, clock, settings } = this.#deps;
    const ticks: Ticks = {
      values: new Map(),
      dataType: undefined,
      halted: false,
      atMs: clock.monotonicMs(),
      settled: false,
    };
    const reqId = requests.newId();
    const done = requests
      .ask<void>({
        what: "market data",
        timeoutMs: settings.timeoutMs,
        id: () => reqId,
        send: (connection) => connection.requestMarketData(reqId, { conid, exchange }, false),
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
    if (event.kind === "error" && !ADVISORY.has(event.code)) {
      return { failure: new LineRefused(event.code, event.text) };
    }
    return isComplete(ticks, instrument.secType) ? { result: undefined } : undefined;
  }

  /** Complete, or what has come after a while; nothing at all stays a fault. */
  #settled(done: Promise<void>, ticks: Ticks): Promise<void> {
    const { clock, settings } = this.#deps;
    return new Promise((resolve, reject) => {
      const timer = clock.setTimeout(() => {
        if (ticks.dataType !== undefined && ticks.values.size > 0) resolve();
      }, settings.settleMs);
      done
        .finally(() => timer.cancel())
        .then(resolve, (error: unknown) => {
          const partly = error instanceof Fault && error.code === "TIMEOUT" && ticks.values.size > 0;
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

  #close(conid: number): void {
    const line = this.#lines.get(conid);
    if (line === undefined) return;
    this.#lines.delete(conid);
    this.#handlers.delete(line.reqId);
    this.#deps.requests.tell((connection) => connection.cancelMarketData(line.reqId));
  }
}
