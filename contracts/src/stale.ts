import { QUOTE_FIELDS, type Quote, type QuoteField } from "./instrument.ts";
import type { MarketValue } from "./market-value.ts";

/** The same quote with every value flagged: it may have changed since. Its ages and times stay as they are. */
export function flaggedStale<Q extends Quote>(quote: Q): Q {
  const values = Object.fromEntries(QUOTE_FIELDS.map((field) => [field, flagged(quote[field])]));
  return { ...quote, ...(values as Record<QuoteField, MarketValue>), flags: withStale(quote.flags) };
}

function flagged(value: MarketValue): MarketValue {
  return value.state === "absent" ? value : { ...value, flags: withStale(value.flags) };
}

function withStale<F extends string>(flags: readonly F[]): (F | "stale")[] {
  return [...flags.filter((flag) => flag !== "stale"), "stale"];
}
