import { QUOTE_FIELDS, Quote, type QuoteField } from "@countersign/contracts/instrument";
import type { DataType, MarketValue } from "@countersign/contracts/market-value";

type Texts = { readonly [field in QuoteField]?: string | null };

/** A quote from bare numbers, for pure rules and formulas. Null and what is left out: the broker says that there is none. */
export function quoteWith(
  texts: Texts & { readonly conid: number; readonly currency: string; readonly asOf: string } & Partial<
      Pick<Quote, "flags" | "ageMs"> & { dataType: DataType }
    >,
): Quote {
  const { conid, currency, asOf, flags = [], ageMs = 0, dataType = "live" } = texts;
  const label = { source: "tws", asOf, ageMs, dataType, flags: [] };
  const labelled = (field: QuoteField): MarketValue => {
    const value = texts[field] ?? null;
    const unit = /size|volume/i.test(field) ? "shares" : currency;
    return value === null ? { state: "absent", reason: "none" } : { state: "known", value, unit, ...label };
  };
  const values = Object.fromEntries(QUOTE_FIELDS.map((field) => [field, labelled(field)]));
  return Quote.parse({ conid, currency, ...values, dataType, source: "tws", asOf, ageMs, flags });
}
