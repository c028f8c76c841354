import type { AccountMarks } from "@countersign/contracts/control";
import type { Amount } from "@countersign/contracts/money";
import {
  compare,
  type Decimal,
  decimal,
  divideRoundingDown,
  max,
  multiply,
  subtract,
  toText,
  ZERO,
} from "@countersign/money/decimal";
import type { WatchConfig } from "./watch-config.ts";

export interface Now {
  readonly session: string;
  readonly dayStart: string;
  readonly value: Amount;
  /** Of the newest drawdown that a person reset: the mark begins anew from the value of now. 0: none. */
  readonly rebaseAfter: number;
}

export interface Judged {
  readonly cause: "daily-loss" | "drawdown";
  readonly level: "AUTO_OFF" | "REDUCE_ONLY" | "HALTED";
  readonly reason: string;
  readonly evidence: Record<string, string>;
}

const HUNDRED = decimal("100");

/** The marks after a look; the same object when nothing moved. The highest value never falls, but by a person's reset. */
export function nextMarks(before: AccountMarks | undefined, now: Now, at: string): AccountMarks {
  const { session, dayStart, value } = now;
  const rebased = now.rebaseAfter > (before?.rebasedAfter ?? 0);
  const sameCurrency = before?.currency === value.currency;
  if (before !== undefined && !sameCurrency) throw new Error(`the account's currency was ${before.currency}`);
  const highest =
    before === undefined || rebased ? value.amount : toText(max(decimal(before.highWaterMark), decimal(value.amount)));
  const moved = before === undefined || rebased || highest !== before.highWaterMark || session !== before.session;
  if (!moved) return before;
  const rebasedAfter = Math.max(before?.rebasedAfter ?? 0, now.rebaseAfter);
  return {
    type: "account-marks/1",
    currency: value.currency,
    session,
    dayStart,
    highWaterMark: highest,
    rebasedAfter,
    at,
  };
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
  if (lost !== undefined) judged.push(found("daily-loss", lost.level, lost.percent, marks.dayStart, value));
  const { reduceOnlyPercent } = drawdown;
  if (hasLost(marks.highWaterMark, value, reduceOnlyPercent))
    judged.push(found("drawdown", "REDUCE_ONLY", reduceOnlyPercent, marks.highWaterMark, value));
  return judged;
}

/** Without a division: (base - value) x 100 >= percent x base. */
function hasLost(base: string, value: string, percent: string): boolean {
  const from = decimal(base);
  const loss = multiply(subtract(from, decimal(value)), HUNDRED);
  return compare(loss, multiply(decimal(percent), from)) >= 0;
}

function found(cause: Judged["cause"], level: Judged["level"], limit: string, base: string, value: string): Judged {
  const lossPercent = percentOf(decimal(base), decimal(value));
  const from = cause === "drawdown" ? "its highest value" : "the start of the day";
  const reason = `the account is ${lossPercent} % below ${from}; the limit is ${limit} %`;
  return { cause, level, reason, evidence: { base, value, lossPercent, limitPercent: limit } };
}

function percentOf(base: Decimal, value: Decimal): string {
  if (compare(base, ZERO) <= 0) return "100";
  return toText(divideRoundingDown(multiply(subtract(base, value), HUNDRED), base, 2));
}
