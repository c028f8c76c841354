import type { OptionTerms } from "@countersign/contracts/messages/book-facts.v1";
import { type CurrencyLeg, inBaseCurrency } from "./base-currency.ts";
import type { Past } from "./closes.ts";

/** What an option may have lost on each date, in millionths of its notional (strike and price together); never below zero. */
export interface Losses {
  /** Of one that is held; besides, never more than it costs. */
  readonly long: readonly number[];
  /** Of one that was written. */
  readonly short: readonly number[];
}

const MILLION = 1_000_000;

interface Sources {
  readonly underlying: Past;
  readonly way: readonly CurrencyLeg[];
  readonly pairs: readonly Past[];
  /** Closes of the option itself, for its volume only; text: there are none. */
  readonly own: Past | string;
}

const known = new WeakMap<
  Past,
  Map<number, { readonly sources: Sources; readonly right: string; readonly past: Past }>
>();

/**
 * An option moves with its underlying: its returns are those, in the base currency, and what it may have lost is bounded by
 * them without any model (`OptionEnd.notional` says why). Time and volatility are in no bound but that of what it costs.
 */
export function optionPast(conid: number, right: OptionTerms["right"], sources: Sources): Past {
  const { underlying, way, pairs, own } = sources;
  const ofUnderlying = known.get(underlying) ?? new Map();
  known.set(underlying, ofUnderlying);
  const last = ofUnderlying.get(conid);
  if (last?.right === right && isSame(last.sources, sources)) return last.past;
  const still = { ...underlying, returns: underlying.returns.map(({ date }) => ({ date, ppm: 0 })) };
  const rates = inBaseCurrency(still, way, pairs).returns;
  const base = inBaseCurrency(underlying, way, pairs);
  const local = new Map(underlying.returns.map(({ date, ppm }) => [date, ppm]));
  const moves = rates.map(({ date, ppm }) => ({ own: local.get(date) ?? 0, rate: ppm }));
  const [hurtsLong, hurtsShort] = right === "C" ? [falls, rises] : [rises, falls];
  const losses = {
    long: moves.map(({ own: ppm, rate }) => inBase(hurtsLong(ppm), rate) + falls(rate)),
    short: moves.map(({ own: ppm, rate }) => inBase(hurtsShort(ppm), rate) + rises(rate)),
  };
  const volume =
    typeof own === "string"
      ? { averageVolume: null, volumeSessions: 0 }
      : { averageVolume: own.averageVolume, volumeSessions: own.volumeSessions };
  const past = { ...base, ...volume, losses };
  ofUnderlying.set(conid, { sources, right, past });
  return past;
}

const rises = (ppm: number) => Math.max(0, ppm);
const falls = (ppm: number) => Math.max(0, 0 - ppm);
/** Rounded up: a loss is never told too small. */
const inBase = (loss: number, rate: number) => Math.ceil((loss * (MILLION + rate)) / MILLION);

function isSame(a: Sources, b: Sources): boolean {
  const ways = (way: readonly CurrencyLeg[]) => way.map(({ conid, inverse }) => `${conid} ${inverse}`).join();
  return a.own === b.own && ways(a.way) === ways(b.way) && a.pairs.every((past, at) => past === b.pairs[at]);
}
