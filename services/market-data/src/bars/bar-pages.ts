import { type Clock, parseUtcText, utcText } from "@countersign/clock/clock";
import type { BarSize, WhatToShow } from "@countersign/contracts/bars";
import type { Denial } from "@countersign/contracts/denial";
import type { BarSource } from "./bar-source.ts";
import type { BarsSettings } from "./bars-settings.ts";
import { barsCost } from "./costs.ts";
import { type JudgedBars, judgeBars } from "./judge-bars.ts";
import { localTime } from "./local-time.ts";
import type { Pace } from "./pace.ts";
import type { Page } from "./pages.ts";
import type { Patience } from "./patience.ts";
import { type Loaded, SharedLoads } from "./shared-loads.ts";

/** Which bars, without their range. */
export interface Series {
  readonly conid: number;
  readonly secType: string;
  readonly zone: string;
  readonly size: BarSize;
  readonly whatToShow: WhatToShow;
  readonly regularHoursOnly: boolean;
}

/** What is delayed reaches no further than to so long ago, at the slowest of the exchanges: a bar from then on may be growing. */
export const DELAY_MS = 20 * 60_000;

/** What the broker said to one page. noData: in so many words. */
export type PageAnswer =
  | (JudgedBars & { readonly kind: "bars"; readonly delayed: boolean; readonly asOfMs: number })
  | { readonly kind: "noData"; readonly asOfMs: number }
  | { readonly kind: "denied"; readonly denial: Denial };

/**
 * Pages of bars, each asked for once. One that is long over is kept until the exchange's day ends, and no longer: a split
 * or a correction changes the past overnight, and pieces from before and after must not be put together.
 */
export class BarPages {
  readonly #clock: Clock;
  readonly #source: BarSource;
  readonly #settings: BarsSettings;
  readonly #loads: SharedLoads<PageAnswer>;

  constructor(deps: { clock: Clock; source: BarSource; settings: BarsSettings; pace: Pace }) {
    this.#clock = deps.clock;
    this.#source = deps.source;
    this.#settings = deps.settings;
    this.#loads = new SharedLoads({ clock: deps.clock, pace: deps.pace, entriesMax: deps.settings.pagesKeptMax });
  }

  metrics() {
    return this.#loads.metrics();
  }

  load(series: Series, page: Page, patience: Patience, maxAgeMs: number): Promise<Loaded<PageAnswer>> {
    const { conid, size, whatToShow, regularHoursOnly, zone } = series;
    const today = localTime(zone, this.#clock.nowMs()).date;
    const key = JSON.stringify([conid, size, whatToShow, regularHoursOnly, page.key, today]);
    const { finishedTtlMs, openTtlMs, noDataTtlMs } = this.#settings;
    const ttlOf = (answer: PageAnswer) => {
      if (page.finished) return finishedTtlMs;
      return Math.min(maxAgeMs, answer.kind === "bars" ? openTtlMs : noDataTtlMs);
    };
    const request = { conid, barSize: size, duration: page.duration, whatToShow, regularHoursOnly };
    const asked = { ...request, end: textOf(page.endMs) };
    const load = () => this.#ask(series, { ...asked, from: textOf(page.fromMs), until: textOf(page.untilMs) });
    return this.#loads.get(key, { maxAgeMs: ttlOf, cost: barsCost(asked), patience }, load);
  }

  async #ask(series: Series, request: Parameters<BarSource["bars"]>[0]): Promise<PageAnswer> {
    const reply = await this.#source.bars(request);
    const asOfMs = this.#clock.nowMs();
    if (reply.outcome === "denied") {
      return reply.denial.code === "NO_DATA" ? { kind: "noData", asOfMs } : { kind: "denied", denial: reply.denial };
    }
    const { rows, delayed, asOf } = reply.value;
    const context = { ...series, asOfMs: parseUtcText(asOf) - (delayed ? DELAY_MS : 0) };
    return { kind: "bars", ...judgeBars(rows, context), delayed, asOfMs: parseUtcText(asOf) };
  }
}

function textOf(atMs: number | null): string | null {
  return atMs === null ? null : utcText(atMs);
}
