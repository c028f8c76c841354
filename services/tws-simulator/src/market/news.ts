import type { Instrument } from "./instrument.ts";
import type { Rng } from "./rng.ts";

export const NEWS_PROVIDERS: readonly { readonly code: string; readonly name: string }[] = [
  { code: "BRFG", name: "Briefing.com General Market Columns" },
  { code: "BRFUPDN", name: "Briefing.com Analyst Actions" },
  { code: "DJ-N", name: "Dow Jones News Service" },
];

/** One headline for each instrument in each slot of six hours. */
const SLOT_SECONDS = 6 * 3_600;
const SLOT_MS = SLOT_SECONDS * 1000;
const SLOTS_SEARCHED_MAX = 4 * 365;
/** Beside the streams of the price path and of the sizes. */
const NEWS_STREAM = 14;

const HEADLINES: readonly string[] = [
  "{name} trades in line with its sector",
  "Analyst reiterates a neutral view on {name}",
  "{name} schedules a call on its results",
  "Options on {name} see average volume",
  "{name} names a new member of its board",
];

export interface Headline {
  readonly timeMs: number;
  readonly provider: string;
  readonly articleId: string;
  readonly headline: string;
}

export interface NewsSource {
  readonly rng: Rng;
  readonly book: ReadonlyMap<number, Instrument>;
}

function headlineOf({ rng }: NewsSource, instrument: Instrument, slot: number): Headline {
  const draw = rng(instrument.conId * 16 + NEWS_STREAM, slot);
  const provider = NEWS_PROVIDERS[draw % NEWS_PROVIDERS.length]?.code ?? "";
  const template = HEADLINES[(draw >>> 8) % HEADLINES.length] ?? "";
  const articleId = `${provider}$${instrument.conId.toString(16)}.${slot.toString(16)}`;
  const timeMs = slot * SLOT_MS + (draw % SLOT_SECONDS) * 1000;
  return { timeMs, provider, articleId, headline: template.replace("{name}", instrument.longName) };
}

export interface NewsRequest {
  readonly instrument: Instrument;
  readonly providers: ReadonlySet<string>;
  /** Headlines after this instant, up to and with `untilMs`. */
  readonly afterMs: number;
  readonly untilMs: number;
  readonly count: number;
}

/** The newest headlines of a span, newest first, and whether the span has more. */
export function newsOf(source: NewsSource, request: NewsRequest): { found: Headline[]; hasMore: boolean } {
  const found: Headline[] = [];
  const last = Math.floor(request.untilMs / SLOT_MS);
  for (let slot = last; slot > last - SLOTS_SEARCHED_MAX && (slot + 1) * SLOT_MS > request.afterMs; slot -= 1) {
    const headline = headlineOf(source, request.instrument, slot);
    const inSpan = headline.timeMs > request.afterMs && headline.timeMs <= request.untilMs;
    if (!inSpan || !request.providers.has(headline.provider)) continue;
    if (found.length >= request.count) return { found, hasMore: true };
    found.push(headline);
  }
  return { found, hasMore: false };
}

/** The article behind an id of this source; undefined when there is none or it is not out yet. */
export function articleOf(
  source: NewsSource,
  wanted: { readonly provider: string; readonly articleId: string; readonly nowMs: number },
): string | undefined {
  const match = /^[A-Z-]+\$([0-9a-f]{1,8})\.([0-9a-f]{1,8})$/.exec(wanted.articleId);
  if (match === null) return undefined;
  const instrument = source.book.get(Number.parseInt(match[1] ?? "", 16));
  if (instrument === undefined) return undefined;
  const news = headlineOf(source, instrument, Number.parseInt(match[2] ?? "", 16));
  if (news.articleId !== wanted.articleId || news.provider !== wanted.provider || news.timeMs > wanted.nowMs) {
    return undefined;
  }
  return `<html><body><p>${news.headline}.</p><p>This article is made up by a simulator.</p></body></html>`;
}

export interface Bulletin {
  readonly id: number;
  readonly type: 1 | 2 | 3;
  readonly text: string;
  readonly exchange: string;
}

const BULLETIN_MS = 3_600_000;

/** One bulletin at each full hour; its id grows with time. */
export function bulletinAt(nowMs: number): Bulletin {
  const id = Math.floor(nowMs / BULLETIN_MS) % 1_000_000;
  return { id, type: 1, text: `System bulletin ${id}: all services operate normally.`, exchange: "SMART" };
}
