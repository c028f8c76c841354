import { type Denial, denied } from "@countersign/contracts/denial";
import type { OptionSeries } from "@countersign/contracts/messages/md-instruments.v1";
import { absolute, compare, decimal, subtract } from "@countersign/money/decimal";

/** All options of one class on an underlying, whichever exchange lists them. */
export interface OptionClass {
  readonly tradingClass: string;
  readonly multiplier: string | null;
  readonly expirations: ReadonlySet<string>;
  /** Lowest first. */
  readonly strikes: readonly string[];
}

export function classesOf(series: readonly OptionSeries[]): OptionClass[] {
  const groups = Map.groupBy(series, ({ tradingClass, multiplier }) => JSON.stringify([tradingClass, multiplier]));
  return [...groups.values()].map((group) => ({
    tradingClass: group[0]?.tradingClass ?? "",
    multiplier: group[0]?.multiplier ?? null,
    expirations: new Set(group.flatMap(({ expirations }) => expirations)),
    strikes: [...new Set(group.flatMap(({ strikes }) => strikes))].sort((a, b) => compare(decimal(a), decimal(b))),
  }));
}

/** The one class that has an expiration; several are told apart by the caller, never by us. */
export function classWith(
  classes: readonly OptionClass[],
  expiration: string,
): OptionClass | undefined | { outcome: "denied"; denial: Denial } {
  const fits = classes.filter(({ expirations }) => expirations.has(expiration));
  if (fits.length <= 1) return fits[0];
  const listed = fits.map(({ tradingClass, multiplier }) => ({ tradingClass, multiplier }));
  const message = `Several classes have options of ${expiration}: name one by its tradingClass.`;
  return denied("AMBIGUOUS_SYMBOL", message, { classes: listed });
}

/** The strikes nearest to a price, lowest first; of two equally near the lower one. */
export function nearestStrikes(strikes: readonly string[], price: string, count: number): string[] {
  const away = (strike: string) => absolute(subtract(decimal(strike), decimal(price)));
  const near = [...strikes].sort((a, b) => compare(away(a), away(b)) || compare(decimal(a), decimal(b)));
  return near.slice(0, count).sort((a, b) => compare(decimal(a), decimal(b)));
}
