import { utcText } from "@countersign/clock/clock";
import type { Bar, BarSize } from "@countersign/contracts/bars";
import type { BarGap } from "@countersign/contracts/messages/md-bars.v1";
import { addDays } from "../calendar/dates.ts";
import { SIZE_RULES } from "./bar-sizes.ts";
import { lastDayOf } from "./judge-bars.ts";
import { dayMs } from "./local-time.ts";
import type { Sessions } from "./sessions.ts";
import { common, type Stretch, without } from "./stretches.ts";

const GAPS_MAX = 200;
const DAY_MS = 86_400_000;
/** Between two daily bars so far apart lies more than a long weekend. */
const WEEKEND_DAYS = 5;

/** A part of the range that the broker was not asked for, or of which it has nothing. */
export interface Missing extends Stretch {
  readonly reason: "notLoaded" | "noData" | "beforeHead";
  readonly waitMs: number | null;
}

export interface GapContext {
  readonly size: BarSize;
  readonly range: Stretch;
  readonly missing: readonly Missing[];
  /** Of the kind of hours that was asked for. */
  readonly sessions: Sessions;
}

type Gap = Stretch & Pick<BarGap, "reason" | "waitMs">;

/** The stretches of the range without bars, each with its reason, oldest first; and how many more there are. */
export function gapsOf(bars: readonly Bar[], context: GapContext): { gaps: BarGap[]; leftOut: number } {
  const bare = without(context.range, stretchesOf(bars, context.size)).filter((gap) => !isFirstBarCut(gap, context));
  const gaps = joined(bare.flatMap((stretch) => explain(stretch, context)));
  const kept = cut(gaps);
  return {
    gaps: kept.map(({ fromMs, untilMs, reason, waitMs }) => ({
      ...{ from: utcText(fromMs), until: utcText(untilMs), reason, waitMs },
    })),
    leftOut: gaps.length - kept.length,
  };
}

/** Where the range begins within a bar, that bar is not in it, and yet nothing is missing. */
function isFirstBarCut({ fromMs, untilMs }: Stretch, { range, size }: GapContext): boolean {
  return fromMs === range.fromMs && untilMs - fromMs < (SIZE_RULES[size].lengthMs ?? DAY_MS);
}

/** The time that a bar stands for; a date as its day in UTC, since its session lies about there. */
function* stretchesOf(bars: readonly Bar[], size: BarSize): Iterable<Stretch> {
  const { lengthMs } = SIZE_RULES[size];
  for (const { time, date } of bars) {
    if (time !== null && lengthMs !== null) yield { fromMs: Date.parse(time), untilMs: Date.parse(time) + lengthMs };
    if (date !== null) {
      const from = size === "1 month" ? `${date.slice(0, 7)}-01` : date;
      yield { fromMs: dayMs(from) - weekMs(size), untilMs: dayMs(addDays(lastDayOf(date, size), 1)) };
    }
  }
}

/** A bar of a week may be named by any of its days. */
function weekMs(size: BarSize): number {
  return size === "1 week" ? 6 * DAY_MS : 0;
}

function explain(bare: Stretch, context: GapContext): Gap[] {
  const { missing, sessions, size } = context;
  const told = missing
    .filter(({ reason }) => reason !== "noData")
    .flatMap(({ reason, waitMs, ...stretch }) => common(bare, [stretch]).map((part) => ({ ...part, reason, waitMs })))
    .sort((a, b) => a.fromMs - b.fromMs);
  const rest = without(bare, told);
  if (SIZE_RULES[size].lengthMs === null) return [...told, ...rest.flatMap((part) => ofDays(part, context))];
  const [covered, beyond] = [rest.flatMap((part) => common(part, [sessions.known])), sessions.known];
  const unknown = rest.flatMap((part) => without(part, [beyond])).map(withReason("unknown"));
  return [...told, ...covered.flatMap((part) => inDay(part, context)), ...unknown];
}

function inDay(part: Stretch, { sessions, missing }: GapContext): Gap[] {
  const open = common(part, sessions.list);
  const empty = open.map((session) => withReason(isNoData(session, missing) ? "noData" : "noTrades")(session));
  return [...empty, ...without(part, open).map(withReason("closed"))];
}

/** Days without a bar: a session among them is missing, else they are closed; where no calendar reaches, only long ones tell. */
function ofDays(part: Stretch, { sessions, missing, size }: GapContext): Gap[] {
  if (isNoData(part, missing)) return [withReason("noData")(part)];
  if (part.fromMs < sessions.known.fromMs || part.untilMs > sessions.known.untilMs || size !== "1 day") {
    const isLong = part.untilMs - part.fromMs > WEEKEND_DAYS * DAY_MS * (size === "1 day" ? 1 : 7);
    return isLong ? [withReason("unknown")(part)] : [];
  }
  const dates = new Set(sessions.list.map(({ date }) => date));
  const days = Array.from({ length: Math.ceil((part.untilMs - part.fromMs) / DAY_MS) }, (_, index) => ({
    ...{ fromMs: part.fromMs + index * DAY_MS, untilMs: Math.min(part.untilMs, part.fromMs + (index + 1) * DAY_MS) },
  }));
  return days.map((day) => withReason(dates.has(utcText(day.fromMs).slice(0, 10)) ? "noTrades" : "closed")(day));
}

function isNoData(stretch: Stretch, missing: readonly Missing[]): boolean {
  return missing.some(({ reason, fromMs, untilMs }) => {
    return reason === "noData" && fromMs <= stretch.fromMs && stretch.untilMs <= untilMs;
  });
}

const withReason =
  (reason: BarGap["reason"]) =>
  ({ fromMs, untilMs }: Stretch): Gap => ({ fromMs, untilMs, reason, waitMs: null });

/** In order, and two that touch and have one reason as one. */
function joined(gaps: readonly Gap[]): Gap[] {
  const list: Gap[] = [];
  for (const gap of [...gaps].sort((a, b) => a.fromMs - b.fromMs)) {
    const last = list.at(-1);
    if (last !== undefined && last.untilMs >= gap.fromMs && last.reason === gap.reason && last.waitMs === gap.waitMs) {
      list[list.length - 1] = { ...last, untilMs: Math.max(last.untilMs, gap.untilMs) };
    } else list.push(gap);
  }
  return list;
}

const LEAST_FIRST: readonly BarGap["reason"][] = ["closed", "unknown", "noTrades", "noData", "beforeHead", "notLoaded"];

/** What says least goes first: that a market was closed at night. */
function cut(gaps: readonly Gap[]): Gap[] {
  let kept = [...gaps];
  for (const reason of LEAST_FIRST) {
    const excess = kept.length - GAPS_MAX;
    if (excess <= 0) break;
    let dropped = 0;
    kept = kept.filter((gap) => gap.reason !== reason || ++dropped > excess);
  }
  return kept;
}
