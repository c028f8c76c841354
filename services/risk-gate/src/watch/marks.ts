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
  const moved = withHighest(withFlow(withSession(before, now), now, at), now);
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

function withSession(before: AccountMarks, { session, monday, dayStart }: Now): AccountMarks {
  const week = before.week?.monday === monday ? before.week : { monday, start: dayStart };
  if (session === before.session && week === before.week) return before;
  return session === before.session ? { ...before, week } : { ...before, session, dayStart, week };
}

function withFlow(marks: AccountMarks, { flow, resetAfter }: Now, at: string): AccountMarks {
  const { confirmed } = flow;
  const withdrawn = decimal(marks.withdrawn ?? "0");
  if (!isZero(confirmed) && isNegative(confirmed))
    return { ...marks, withdrawn: toText(subtract(withdrawn, confirmed)) };
  if (!isZero(confirmed)) return { ...shifted(marks, confirmed), deposit: { amount: toText(confirmed), at } };
  if (resetAfter <= (marks.confirmedAfter ?? 0)) return marks;
  const { withdrawn: _, ...rest } = isZero(withdrawn) ? marks : shifted(marks, negate(withdrawn));
  return { ...rest, confirmedAfter: resetAfter };
}

function shifted(marks: AccountMarks, by: Decimal): AccountMarks {
  const move = (mark: string) => toText(add(decimal(mark), by));
  const { dayStart, highWaterMark, week } = marks;
  return {
    ...marks,
    ...{ dayStart: move(dayStart), highWaterMark: move(highWaterMark) },
    ...(week !== undefined && { week: { ...week, start: move(week.start) } }),
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

export function lossPercentOf(base: string, value: string): string {
  const from = decimal(base);
  if (compare(from, ZERO) <= 0) return "100";
  return toText(divideRoundingDown(multiply(subtract(from, decimal(value)), HUNDRED), from, 2));
}
