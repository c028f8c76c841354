/**
 * The currency pairs of the interbank market at IDEALPRO, base before quoted. Where the broker does not quote one of
 * them, a rate goes another way. Pips are the market's convention: the fourth decimal, the second where one unit of the
 * base is a hundred of the quoted currency or more.
 */
export const PAIRS_CHECKED_ON = "2026-11-21";

/** Below this worth an order is an odd lot (the broker's rule: 25,000 dollars or the same in another currency). */
export const INTERBANK_MIN = { amount: "25000", currency: "USD" } as const;

export interface Pair {
  readonly name: string;
  readonly base: string;
  readonly quoted: string;
}

const MAJORS =
  "EUR.USD GBP.USD USD.JPY USD.CHF AUD.USD USD.CAD NZD.USD EUR.GBP EUR.JPY GBP.JPY CHF.JPY EUR.CHF AUD.JPY CAD.JPY NZD.JPY EUR.AUD EUR.NZD GBP.AUD GBP.NZD AUD.CAD AUD.NZD GBP.CHF AUD.CHF CAD.CHF NZD.CHF EUR.CAD GBP.CAD NZD.CAD";
const WITH_DOLLAR = "AED BRL CNH CZK DKK HKD HUF IDR ILS INR KRW MXN MYR NOK PLN SAR SEK SGD THB TRY TWD ZAR EGP";
const WITH_EURO = "CNH CZK DKK HKD HUF ILS MXN NOK PLN SEK SGD TRY ZAR";

export const PAIRS: readonly Pair[] = [
  ...MAJORS.split(" "),
  ...WITH_DOLLAR.split(" ").map((quoted) => `USD.${quoted}`),
  ...WITH_EURO.split(" ").map((quoted) => `EUR.${quoted}`),
].map((name) => ({ name, base: name.slice(0, 3), quoted: name.slice(4) }));

/** Quoted with two decimals in the market. */
const COARSE: ReadonlySet<string> = new Set(["JPY", "KRW", "HUF", "IDR"]);
/** A standard lot of the base currency. */
const LOT = 100_000;

export function pipOf({ quoted }: Pair): { pip: string; lotValue: string } {
  const coarse = COARSE.has(quoted);
  return { pip: coarse ? "0.01" : "0.0001", lotValue: String(LOT / (coarse ? 100 : 10_000)) };
}

/** Decimals of the smallest unit in which an amount is booked (ISO 4217). */
export function minorDecimals(currency: string): number {
  return ["JPY", "KRW"].includes(currency) ? 0 : 2;
}
