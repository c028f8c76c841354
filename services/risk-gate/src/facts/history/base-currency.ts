import type { Past } from "./closes.ts";
import type { DatedReturn } from "./statistics.ts";

/** One currency pair on the way from an instrument's currency to the account's. */
export interface CurrencyLeg {
  readonly conid: number;
  /** Passed from the quoted currency to the base of the pair. */
  readonly inverse: boolean;
}

/** The pairs that lead from a currency to the account's base currency; undefined: nothing says so. */
export type WayOf = (currency: string) => readonly CurrencyLeg[] | undefined;

const MILLION = 1_000_000;
const known = new WeakMap<Past, { readonly pairs: readonly Past[]; readonly way: string; readonly past: Past }>();

/**
 * The past of an instrument as the account sees it: each return x that of every pair, on the dates that all have. What a
 * currency did is as much a gain or a loss as what the instrument did.
 */
export function inBaseCurrency(own: Past, way: readonly CurrencyLeg[], pairs: readonly Past[]): Past {
  const text = way.map(({ conid, inverse }) => `${conid} ${inverse}`).join();
  const last = known.get(own);
  if (last?.way === text && last.pairs.every((past, at) => past === pairs[at])) return last.past;
  const rates = pairs.map(({ returns }) => new Map(returns.map(({ date, ppm }) => [date, ppm])));
  const returns = own.returns.flatMap((one): DatedReturn[] => {
    let ppm = one.ppm;
    for (const [at, { inverse }] of way.entries()) {
      const moved = rates[at]?.get(one.date);
      if (moved === undefined) return [];
      ppm = together(ppm, moved, inverse);
    }
    return [{ date: one.date, ppm }];
  });
  const past = { ...own, returns };
  known.set(own, { pairs, way: text, past });
  return past;
}

/** Rounded down: a loss is never told too small. */
function together(own: number, rate: number, inverse: boolean): number {
  const product = inverse
    ? ((MILLION + own) * MILLION) / (MILLION + rate)
    : ((MILLION + own) * (MILLION + rate)) / MILLION;
  return Math.floor(product) - MILLION;
}
