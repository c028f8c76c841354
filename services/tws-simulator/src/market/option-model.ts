const VOLATILITY = 0.28;
const RATE = 0.04;
const YEAR_MS = 365.25 * 86_400_000;

function normalCdf(value: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(value));
  const poly = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const tail = (Math.exp((-value * value) / 2) / Math.sqrt(2 * Math.PI)) * poly;
  return value >= 0 ? 1 - tail : tail;
}

/** European option value by Black and Scholes at one volatility and rate: the model behind the simulated chain. */
export function optionValue(option: {
  readonly right: "C" | "P";
  readonly strike: number;
  readonly underlying: number;
  readonly timeToExpiryMs: number;
}): number {
  const { strike, underlying } = option;
  const sign = option.right === "C" ? 1 : -1;
  const years = Math.max(option.timeToExpiryMs, 0) / YEAR_MS;
  if (years === 0) return Math.max(sign * (underlying - strike), 0);
  const spread = VOLATILITY * Math.sqrt(years);
  const d1 = (Math.log(underlying / strike) + (RATE + (VOLATILITY * VOLATILITY) / 2) * years) / spread;
  const discounted = strike * Math.exp(-RATE * years);
  return sign * (underlying * normalCdf(sign * d1) - discounted * normalCdf(sign * (d1 - spread)));
}
