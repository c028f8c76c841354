import { utcText } from "@countersign/clock/clock";
import type { Bar } from "@countersign/contracts/bars";
import { denied, ok, type Reply } from "@countersign/contracts/denial";
import type { BarsRequest, BarsValue, RefusedBar } from "@countersign/contracts/messages/md-bars.v1";
import { DELAY_MS, type PageAnswer, type Series } from "./bar-pages.ts";
import type { Bucket } from "./buckets.ts";
import { gapsOf, type Missing } from "./gaps.ts";
import { unitsOf } from "./kinds.ts";
import type { LoadedPages } from "./load-pages.ts";
import { dayMs, localTime } from "./local-time.ts";
import { waitMsOf } from "./pace.ts";
import type { Page } from "./pages.ts";
import { resample } from "./resample.ts";
import type { Sessions } from "./sessions.ts";
import { overlaps, type Stretch } from "./stretches.ts";

const REFUSED_MAX = 50;
/** Below what one message of the bus takes. */
const ANSWER_CHARS_MAX = 190_000;

export interface Collected {
  readonly request: Pick<BarsRequest, "maxPoints">;
  readonly series: Series;
  readonly currency: string;
  /** Null where TWS alone knows the start: then the first bar begins it. */
  readonly fromMs: number | null;
  readonly untilMs: number | null;
  readonly loaded: LoadedPages;
  readonly sessions: Sessions;
  readonly headMs: number | null;
  readonly nowMs: number;
}

type Told = Extract<PageAnswer, { kind: "bars" }>;

/** One answer out of all pages: stitched, resampled, its gaps named. */
export function putTogether(all: Collected): Reply<BarsValue> {
  const { series, loaded, sessions } = all;
  const told = loaded.answers.flatMap(({ answer }) => (answer.kind === "bars" ? [answer] : []));
  const delayed = told.some((answer) => answer.delayed);
  const reachedMs = asOfMs(loaded) - (delayed ? DELAY_MS : 0);
  const bars = stitched(told, all).map((bar) => finishedBy(bar, sessions, reachedMs));
  const range = rangeOf(bars, all);
  const [first] = bars;
  if (first === undefined && loaded.notLoaded.length === 0)
    return denied("NO_DATA", undefined, { conid: series.conid });
  const isCut = (bucket: Bucket) => cutBy(bucket, range, all);
  const context = { size: series.size, zone: series.zone, maxPoints: all.request.maxPoints, isCut };
  const sampled = resample(bars, context);
  if (sampled === undefined) return tooMany(bars.length, all.request.maxPoints);
  const { gaps, leftOut } = gapsOf(bars, { size: series.size, range, missing: missingOf(all, range), sessions });
  const refused = told.flatMap((answer) => [...answer.refused]);
  return fitting({
    ...{ conid: series.conid, whatToShow: series.whatToShow, barSize: series.size },
    ...{ regularHoursOnly: series.regularHoursOnly, from: utcText(range.fromMs), until: utcText(range.untilMs) },
    ...{ timeZoneId: series.zone, currency: all.currency, ...unitsOf(series.secType, series.whatToShow) },
    dataType: delayed ? "delayed" : null,
    ...{ resampled: sampled.resampled, bars: [...sampled.bars], gaps, gapsLeftOut: leftOut },
    ...refusedOf(refused),
    ...{ complete: loaded.notLoaded.length === 0, earliest: all.headMs === null ? null : utcText(all.headMs) },
    ...{ pages: pagesOf(loaded), source: "tws", ...agesOf(all) },
  });
}

function stitched(told: readonly Told[], { fromMs: askedMs, headMs, untilMs, series }: Collected): Bar[] {
  const fromMs = askedMs === null ? null : Math.max(askedMs, headMs ?? askedMs);
  const bars = [...told].reverse().flatMap(({ bars: list }) => [...list]);
  const firstDate = fromMs === null ? "" : localTime(series.zone, fromMs).date;
  const lastDate = untilMs === null ? "9999" : localTime(series.zone, untilMs - 1).date;
  return bars.filter(({ time, date }) => {
    if (date !== null) return date >= firstDate && date <= lastDate;
    const atMs = Date.parse(time ?? "");
    return atMs >= (fromMs ?? 0) && atMs < (untilMs ?? Number.POSITIVE_INFINITY);
  });
}

/** A daily bar of today is whole once its session is over. */
function finishedBy(bar: Bar, sessions: Sessions, reachedMs: number): Bar {
  if (!bar.partial || bar.date === null) return bar;
  const session = sessions.list.findLast(({ date }) => date === bar.date);
  return session !== undefined && session.untilMs <= reachedMs ? { ...bar, partial: false } : bar;
}

function rangeOf(bars: readonly Bar[], { fromMs, untilMs, loaded, nowMs }: Collected): Stretch {
  const [first] = bars;
  const endMs = untilMs ?? (loaded.answers.length === 0 ? nowMs : newestMs(loaded));
  const startMs = first === undefined ? endMs : first.time === null ? dayMs(first.date ?? "") : Date.parse(first.time);
  return { fromMs: fromMs ?? Math.min(startMs, endMs), untilMs: endMs };
}

function cutBy(bucket: Bucket, range: Stretch, { sessions, loaded }: Collected): boolean {
  const whole = bucket.kind === "instants" ? bucket : { fromMs: dayMs(bucket.from), untilMs: dayMs(bucket.until) };
  if (loaded.notLoaded.some((page) => overlaps(stretchOf(page, range), whole))) return true;
  const before = { fromMs: whole.fromMs, untilMs: Math.min(range.fromMs, whole.untilMs) };
  const after = { fromMs: Math.max(range.untilMs, whole.fromMs), untilMs: whole.untilMs };
  return [before, after].some((part) => part.fromMs < part.untilMs && mayTrade(part, sessions));
}

/** Whether the market was, or may have been, open in a stretch. What lies ahead is unknown, and so it may. */
function mayTrade(part: Stretch, { known, list }: Sessions): boolean {
  if (part.fromMs < known.fromMs || part.untilMs > known.untilMs) return true;
  return list.some((session) => overlaps(session, part));
}

function missingOf({ loaded, headMs, fromMs }: Collected, range: Stretch): Missing[] {
  const waitMs = loaded.refused === undefined ? null : waitMsOf(loaded.refused);
  const pages = loaded.notLoaded.map((page): Missing => {
    return { ...stretchOf(page, range), reason: "notLoaded", waitMs };
  });
  const empty = loaded.answers.flatMap(({ page, answer }): Missing[] => {
    return answer.kind === "noData" ? [{ ...stretchOf(page, range), reason: "noData", waitMs: null }] : [];
  });
  const isEarlier = headMs !== null && fromMs !== null && fromMs < headMs;
  const before: Missing[] = isEarlier ? [{ fromMs, untilMs: headMs, reason: "beforeHead", waitMs: null }] : [];
  return [...before, ...pages, ...empty];
}

function stretchOf(page: Page, range: Stretch): Stretch {
  return { fromMs: page.fromMs ?? range.fromMs, untilMs: Math.min(page.untilMs ?? range.untilMs, range.untilMs) };
}

function asOfMs(loaded: LoadedPages): number {
  return Math.max(0, ...loaded.answers.map(({ answer }) => (answer.kind === "denied" ? 0 : answer.asOfMs)));
}

function newestMs({ answers }: LoadedPages): number {
  const [newest] = answers;
  return newest === undefined || newest.answer.kind === "denied" ? 0 : newest.answer.asOfMs;
}

function agesOf({ loaded, nowMs }: Collected): Pick<BarsValue, "asOf" | "ageMs"> {
  const times = (finished: boolean) =>
    loaded.answers.flatMap(({ page, answer }) => {
      return answer.kind === "denied" || page.finished !== finished ? [] : [answer.asOfMs];
    });
  const changing = times(false);
  const oldestMs = Math.min(nowMs, ...(changing.length > 0 ? changing : times(true)));
  return { asOf: utcText(oldestMs), ageMs: Math.round(nowMs - oldestMs) };
}

function pagesOf({ answers }: LoadedPages): BarsValue["pages"] {
  const asked = answers.filter((one) => one.asked).length;
  return { asked, cached: answers.length - asked };
}

function refusedOf(refused: readonly RefusedBar[]): Pick<BarsValue, "refused" | "refusedLeftOut"> {
  return { refused: refused.slice(0, REFUSED_MAX), refusedLeftOut: Math.max(0, refused.length - REFUSED_MAX) };
}

function tooMany(bars: number, maxPoints: number): Reply<BarsValue> {
  const text = "bars within a day are not put together across days: ask for longer bars, or less of them";
  return denied("RANGE_TOO_LONG", text, { bars, maxPoints });
}

function fitting(value: BarsValue): Reply<BarsValue> {
  if (JSON.stringify(value).length <= ANSWER_CHARS_MAX) return ok(value);
  return denied("PAYLOAD_TOO_LARGE", "the answer does not fit into one message; ask for fewer points");
}
