/** The one volatility at which every simulated option is priced. */
export const MODEL_VOLATILITY = 0.28;
const RATE = 0.04;
const DAYS_PER_YEAR = 365.25;
const YEAR_MS = DAYS_PER_YEAR * 86_400_000;

function normalCdf(value: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(value));
  const poly = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const tail = (Math.exp((-value * value) / 2) / Math.sqrt(2 * Math.PI)) * poly;
  return value >= 0 ? 1 - tail : tail;
}

/** What the value of a European option depends on, its volatility apart. Time at 0 or below means expired. */
export interface OptionTerms {
  readonly right: "C" | "P";
  readonly strike: number;
  readonly underlying: number;
  readonly timeToExpiryMs: number;
}

interface Greeks {
  readonly delta: number;
  readonly gamma: number;
  /** For one percentage point of volatility. */
  readonly vega: number;
  /** For one day. */
  readonly theta: number;
}

function normalPdf(value: number): number {
  return Math.exp((-value * value) / 2) / Math.sqrt(2 * Math.PI);
}

function inner(option: OptionTerms, volatility: number) {
  const years = Math.max(option.timeToExpiryMs, 0) / YEAR_MS;
  const spread = volatility * Math.sqrt(years);
  const d1 = (Math.log(option.underlying / option.strike) + (RATE + (volatility * volatility) / 2) * years) / spread;
  return { years, d1, d2: d1 - spread, discounted: option.strike * Math.exp(-RATE * years) };
}

/** European option value by Black and Scholes at one rate: the model behind the simulated chain. */
export function optionValue(option: OptionTerms, volatility = MODEL_VOLATILITY): number {
  const { strike, underlying } = option;
  const sign = option.right === "C" ? 1 : -1;
  if (option.timeToExpiryMs <= 0 || volatility <= 0) return Math.max(sign * (underlying - strike), 0);
  const { d1, d2, discounted } = inner(option, volatility);
  return sign * (underlying * normalCdf(sign * d1) - discounted * normalCdf(sign * d2));
}

/** Undefined for an option that has expired. */
export function optionGreeks(option: OptionTerms, volatility: number): Greeks | undefined {
  if (option.timeToExpiryMs <= 0 || volatility <= 0) return undefined;
  const { underlying } = option;
  const sign = option.right === "C" ? 1 : -1;
  const { years, d1, d2, discounted } = inner(option, volatility);
  const root = Math.sqrt(years);
  const decay =
    (underlying * normalPdf(d1) * volatility) / (2 * root) + sign * RATE * discounted * normalCdf(sign * d2);
  return {
    delta: sign * normalCdf(sign * d1),
    gamma: normalPdf(d1) / (underlying * volatility * root),
    vega: (underlying * normalPdf(d1) * root) / 100,
    theta: -decay / DAYS_PER_YEAR,
  };
}

const VOLATILITY_MAX = 5;
const BISECTIONS = 50;

/** The volatility at which the model gives this price; undefined when none below 500 % does. */
export function impliedVolatility(option: OptionTerms, price: number): number | undefined {
  if (option.timeToExpiryMs <= 0) return undefined;
  let low = 0.0001;
  let high = VOLATILITY_MAX;
  if (optionValue(option, low) > price || optionValue(option, high) < price) return undefined;
  for (let step = 0; step < BISECTIONS; step += 1) {
    const middle = (low + high) / 2;
    if (optionValue(option, middle) < price) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
