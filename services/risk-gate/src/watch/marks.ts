import type { AccountMarks } from "@countersign/contracts/control";
import type { Amount } from "@countersign/contracts/money";
import {
  add,
  compare,
  type Decimal,
  decimal,
  divideRoundingDown,
  isNegative,
  isZero,
  max,
  multiply,
  negate,
  subtract,
  toText,
  ZERO,
} from "@countersign/money/decimal";
import type { Flow } from "./cash-flow.ts";
import type { WatchConfig } from "./watch-config.ts";

export interface Now {
  readonly session: string;
  /** First day of the week of the session. */
  readonly monday: string;
  readonly dayStart: string;
  readonly value: Amount;
  readonly flow: Flow;
  /** What moved the value without profit or loss before this day, while nobody looked; zero: nothing. */
  readonly whileAway: Decimal;
  /** Of the newest drawdown that a person reset: the mark begins anew from the value of now. 0: none. */
  readonly rebaseAfter: number;
  /** Of the newest loss of the day or drawdown that a person reset. 0: none. */
  readonly resetAfter: number;
}

export interface Judged {
  readonly cause: "daily-loss" | "drawdown";
  readonly level: "AUTO_OFF" | "REDUCE_ONLY" | "HALTED";
  readonly reason: string;
  readonly evidence: Record<string, string>;
}

const HUNDRED = decimal("100");

/**
 * The marks after a look; the same object when nothing moved. The highest value never falls, but by a person's reset. A
 * deposit raises every mark, so that it hides no loss. A withdrawal counts as a loss: only a person can say that it is none,
 * by resetting the stop, whose evidence names the amount.
 */
export function nextMarks(before: AccountMarks | undefined, now: Now, at: string): AccountMarks {
  if (before !== undefined && before.currency !== now.value.currency)
    throw new Error(`the account's currency was ${before.currency}`);
  if (before === undefined) return first(now, at);
  const moved = withHighest(withFlow(withSession(withAbsence(before, now, at), now), now, at), now);
  return moved === before ? before : { ...moved, at };
}

function first({ session, monday, dayStart, value, rebaseAfter, resetAfter }: Now, at: string): AccountMarks {
  return {
    type: "account-marks/1",
    currency: value.currency,
    ...{ session, dayStart, highWaterMark: value.amount, rebasedAfter: rebaseAfter },
    ...{ week: { monday, start: dayStart }, confirmedAfter: resetAfter, at },
  };
}

/** The start of the new day is the broker's own and has it already. */
function withAbsence(before: AccountMarks, { whileAway }: Now, at: string): AccountMarks {
  if (isZero(whileAway)) return before;
  if (isNegative(whileAway)) return withdrawing(before, negate(whileAway));
  return { ...shifted(before, whileAway), deposit: { amount: toText(whileAway), at } };
}

function withSession(before: AccountMarks, { session, monday, dayStart }: Now): AccountMarks {
  const isSameWeek = before.week?.monday === monday;
  const week = isSameWeek && before.week !== undefined ? before.week : { monday, start: dayStart };
  if (session === before.session && week === before.week) return before;
  if (session === before.session) return { ...before, week };
  const { withdrawn, withdrawnSince } = before;
  if (withdrawn === undefined) return { ...before, session, dayStart, week };
  // The new starts are without what was withdrawn before them.
  const since = { day: "0", week: isSameWeek ? (withdrawnSince?.week ?? withdrawn) : "0" };
  return { ...before, session, dayStart, week, withdrawnSince: since };
}

function withFlow(marks: AccountMarks, { flow, resetAfter }: Now, at: string): AccountMarks {
  const { confirmed } = flow;
  if (!isZero(confirmed) && isNegative(confirmed)) return withdrawing(marks, negate(confirmed));
  if (!isZero(confirmed)) return { ...shifted(marks, confirmed), deposit: { amount: toText(confirmed), at } };
  if (resetAfter <= (marks.confirmedAfter ?? 0)) return marks;
  const { withdrawn = "0", withdrawnSince, ...rest } = marks;
  const off = (text: string | undefined) => negate(decimal(text ?? withdrawn));
  const moved = movedBy(rest, { all: off(withdrawn), day: off(withdrawnSince?.day), week: off(withdrawnSince?.week) });
  return { ...moved, confirmedAfter: resetAfter };
}

function withdrawing(marks: AccountMarks, amount: Decimal): AccountMarks {
  const { withdrawn = "0", withdrawnSince } = marks;
  const more = (text: string) => toText(add(decimal(text), amount));
  const since = withdrawnSince && { day: more(withdrawnSince.day), week: more(withdrawnSince.week) };
  return { ...marks, withdrawn: more(withdrawn), ...(since && { withdrawnSince: since }) };
}

function shifted(marks: AccountMarks, by: Decimal): AccountMarks {
  return movedBy(marks, { all: by, day: by, week: by });
}

function movedBy(marks: AccountMarks, by: { all: Decimal; day: Decimal; week: Decimal }): AccountMarks {
  const move = (mark: string, amount: Decimal) => toText(add(decimal(mark), amount));
  const { dayStart, highWaterMark, week } = marks;
  return {
    ...marks,
    ...{ dayStart: move(dayStart, by.day), highWaterMark: move(highWaterMark, by.all) },
    ...(week !== undefined && { week: { ...week, start: move(week.start, by.week) } }),
  };
}

function withHighest(marks: AccountMarks, { value, flow, rebaseAfter }: Now): AccountMarks {
  if (rebaseAfter > marks.rebasedAfter) return { ...marks, highWaterMark: value.amount, rebasedAfter: rebaseAfter };
  const earned = subtract(decimal(value.amount), flow.pending);
  const highest = toText(max(decimal(marks.highWaterMark), earned));
  return highest === marks.highWaterMark ? marks : { ...marks, highWaterMark: highest };
}

/** Each limit that the value has reached, the strictest of its kind. A base of zero or less has lost everything. */
export function judgeMarks(
  marks: AccountMarks,
  value: string,
  { dailyLoss, drawdown }: Pick<WatchConfig, "dailyLoss" | "drawdown">,
): Judged[] {
  const levels = [
    { level: "HALTED", percent: dailyLoss.haltPercent },
    { level: "REDUCE_ONLY", percent: dailyLoss.reduceOnlyPercent },
    { level: "AUTO_OFF", percent: dailyLoss.autoOffPercent },
  ] as const;
  const lost = levels.find(({ percent }) => hasLost(marks.dayStart, value, percent));
  const judged: Judged[] = [];
  const { withdrawn } = marks;
  if (lost !== undefined) judged.push(found("daily-loss", lost, { base: marks.dayStart, value, withdrawn }));
  const percent = drawdown.reduceOnlyPercent;
  if (hasLost(marks.highWaterMark, value, percent))
    judged.push(found("drawdown", { level: "REDUCE_ONLY", percent }, { base: marks.highWaterMark, value, withdrawn }));
  return judged;
}

/** Without a division: (base - value) x 100 >= percent x base. */
export function hasLost(base: string, value: string, percent: string): boolean {
  const from = decimal(base);
  const loss = multiply(subtract(from, decimal(value)), HUNDRED);
  return compare(loss, multiply(decimal(percent), from)) >= 0;
}

function found(
  cause: Judged["cause"],
  { level, percent: limit }: { level: Judged["level"]; percent: string },
  { base, value, withdrawn }: { base: string; value: string; withdrawn: string | undefined },
): Judged {
  const lossPercent = lossPercentOf(base, value);
  const from = cause === "drawdown" ? "its highest value" : "the start of the day";
  const known = `the account is ${lossPercent} % below ${from}; the limit is ${limit} %`;
  const unexplained = withdrawn !== undefined && !isZero(decimal(withdrawn));
  const reason = unexplained ? `${known}; ${withdrawn} of it no loss explains, perhaps a withdrawal` : known;
  const evidence = { base, value, lossPercent, limitPercent: limit, ...(unexplained && { withdrawn }) };
  return { cause, level, reason, evidence };
}

/** How far the value is below the base, in per cent of it, rounded down to hundredths; a base of nothing is lost whole. */
export function lossPercentOf(base: string, value: string): string {
  const from = decimal(base);
  if (compare(from, ZERO) <= 0) return "100";
  return toText(divideRoundingDown(multiply(subtract(from, decimal(value)), HUNDRED), from, 2));
}
