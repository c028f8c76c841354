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
/** Decimals of a percentage that a verdict shows. */
const SHOWN = 4;

/** A part of a whole in percent, as a verdict shows it: rounded away from zero, so that what is beyond a limit never shows as at it. */
export function percentOf(part: Decimal, whole: Decimal): Decimal {
  return divideRoundingUp(multiply(part, HUNDRED), whole, SHOWN);
}

/** The same as text. */
export function percentText(part: Decimal, whole: Decimal): string {
  return toText(percentOf(part, whole));
}

/** Whether the part is more than so many percent of the whole, exactly: nothing is divided. The whole is above zero. */
export function exceedsPercent(part: Decimal, whole: Decimal, percent: string): boolean {
  return compare(multiply(part, HUNDRED), multiply(absolute(whole), decimal(percent))) > 0;
}

/** Both at once: the part in percent as a verdict shows it, and whether it is exactly more than so many. The whole is above zero. */
export function againstPercent(part: Decimal, whole: Decimal, percent: string): { share: Decimal; exceeds: boolean } {
  const hundredfold = multiply(part, HUNDRED);
  const exceeds = compare(hundredfold, multiply(decimal(percent), whole)) > 0;
  return { share: divideRoundingUp(hundredfold, whole, SHOWN), exceeds };
}
