import {
  absolute,
  compare,
  type Decimal,
  decimal,
  divideRoundingUp,
  multiply,
  toText,
} from "@countersign/money/decimal";

const HUNDRED = decimal("100");

/** A part of a whole in percent, as a verdict shows it: rounded away from zero, so that what is beyond a limit never shows as at it. */
export function percentOf(part: Decimal, whole: Decimal): Decimal {
  return divideRoundingUp(multiply(part, HUNDRED), whole, 4);
}

/** The same as text. */
export function percentText(part: Decimal, whole: Decimal): string {
  return toText(percentOf(part, whole));
}

/** Whether the part is more than so many percent of the whole, exactly: nothing is divided. The whole is above zero. */
export function exceedsPercent(part: Decimal, whole: Decimal, percent: string): boolean {
  return compare(multiply(part, HUNDRED), multiply(absolute(whole), decimal(percent))) > 0;
}
