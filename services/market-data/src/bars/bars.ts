import type { Clock } from "@countersign/clock/clock";
import { denied, Fault, type Reply } from "@countersign/contracts/denial";
import type { Instrument } from "@countersign/contracts/instrument";
import type { BarsRequest, BarsValue } from "@countersign/contracts/messages/md-bars.v1";
import { ianaZone } from "../calendar/zone-names.ts";
import { PacingRefused } from "../pacing/refused.ts";
import type { BarPages, Series } from "./bar-pages.ts";
import { SIZE_RULES } from "./bar-sizes.ts";
import type { BarsSettings } from "./bars-settings.ts";
import type { Heads } from "./head.ts";
import { type LoadedPages, loadPages } from "./load-pages.ts";
import { type Page, pageCount, pagesOf } from "./pages.ts";
import type { Patience } from "./patience.ts";
import { putTogether } from "./put-together.ts";
import { type Wanted, wantedOf } from "./range.ts";
import type { Schedules } from "./schedules.ts";
import { NO_SESSIONS, type Sessions } from "./sessions.ts";

/** A range of so many pages is worth the question where the data begins. */
const PAGES_WITHOUT_HEAD = 2;
/** What the buckets of an instrument go by whose zone TWS does not name. */
const NO_ZONE = "UTC";
/** Bars do not wait longer for the names of their gaps. */
const SCHEDULE_WAIT_MS = 3_000;

export interface BarsDeps {
  readonly clock: Clock;
  readonly settings: BarsSettings;
  readonly pages: BarPages;
  readonly heads: Heads;
  readonly schedules: Schedules;
}

/** The bars of an instrument over any range. Throws a Fault when the broker fails while they are fetched. */
export async function barsOf(
  deps: BarsDeps,
  request: BarsRequest,
  instrument: Instrument,
  patience: Patience,
): Promise<Reply<BarsValue>> {
  const nowMs = deps.clock.nowMs();
  const { secType, currency } = instrument;
  const wanted = wantedOf(request, secType, { nowMs, yearsMax: deps.settings.yearsMax });
  if ("outcome" in wanted) return wanted;
  const zone = ianaZone(instrument.timeZoneId) ?? NO_ZONE;
  const { conid, barSize, whatToShow, regularHoursOnly } = request;
  const series: Series = { conid, secType, zone, size: barSize, whatToShow, regularHoursOnly };
  const plan = await planOf(deps, series, wanted, patience);
  if ("outcome" in plan) return plan;
  const asked = { series, wanted: plan.pages, maxAgeMs: request.maxAgeMs };
  const [loaded, sessions] = await Promise.all([
    loadPages({ pages: deps.pages, atOnce: deps.settings.pagesAtOnce }, asked, patience),
    sessionsFor(deps, series, wanted, patience),
  ]);
  const nothing = nothingLoaded(loaded);
  if (nothing !== undefined) return nothing;
  const range = { fromMs: wanted.kind === "paged" ? wanted.fromMs : null, untilMs: wanted.untilMs };
  const { headMs } = plan;
  const all = { request, series, currency, ...range, loaded, sessions, headMs, nowMs: deps.clock.nowMs() };
  return putTogether(all);
}

type Plan = { readonly pages: readonly Page[]; readonly headMs: number | null };

/** Which pages, from where the broker's data begins; refused when they are too many or end before it. */
async function planOf(
  { clock, settings, heads }: BarsDeps,
  series: Series,
  wanted: Wanted,
  patience: Patience,
): Promise<Plan | Extract<Reply<never>, { outcome: "denied" }>> {
  const nowMs = clock.nowMs();
  if (wanted.kind === "direct") return { pages: pagesOf(series.size, wanted, nowMs), headMs: null };
  const untilMs = wanted.untilMs ?? nowMs;
  let [fromMs, headMs]: [number, number | null] = [wanted.fromMs, null];
  if (pageCount(series.size, fromMs, untilMs) > PAGES_WITHOUT_HEAD) {
    headMs = await headOf(heads, series, patience);
    if (headMs !== null && headMs >= untilMs) return denied("NO_DATA", "the broker's data begins after this range");
    fromMs = Math.max(fromMs, headMs ?? fromMs);
  }
  const count = pageCount(series.size, fromMs, untilMs);
  if (count > settings.pagesMax) {
    const detail = { requests: count, requestsMax: settings.pagesMax };
    return denied("RANGE_TOO_LONG", `bars of ${series.size} over this range take ${count} requests`, detail);
  }
  return { pages: pagesOf(series.size, { ...wanted, fromMs }, nowMs), headMs };
}

/** Null: the broker would not say for this kind of data, which is no reason to have no bars. */
async function headOf(heads: Heads, series: Series, patience: Patience): Promise<number | null> {
  try {
    const told = await heads.get(series, patience);
    return told.outcome === "ok" ? told.value.earliestMs : null;
  } catch (error) {
    const isRefusal = error instanceof Fault && (error.code === "MARKET_DATA_UNAVAILABLE" || error.code === "TIMEOUT");
    if (isRefusal || error instanceof PacingRefused) return null;
    throw error;
  }
}

/** Weeks and months have no session of their own. */
async function sessionsFor(deps: BarsDeps, series: Series, wanted: Wanted, patience: Patience): Promise<Sessions> {
  if (series.size === "1 week" || series.size === "1 month") return NO_SESSIONS;
  const { lengthMs } = SIZE_RULES[series.size];
  const fromMs = wanted.kind === "paged" ? wanted.fromMs : deps.clock.nowMs() - (lengthMs ?? 0);
  return deps.schedules.back(series, fromMs, patience.atMost(SCHEDULE_WAIT_MS));
}

function nothingLoaded({ answers, notLoaded, refused }: LoadedPages): Reply<BarsValue> | undefined {
  for (const { answer } of answers) if (answer.kind === "denied") return { outcome: "denied", denial: answer.denial };
  if (answers.length > 0 || notLoaded.length === 0) return undefined;
  if (refused !== undefined) return { outcome: "denied", denial: refused.denial };
  throw new Fault("TIMEOUT", "the broker did not send any of these bars in time; they are still on their way");
}
