import type { HoursKey } from "./exchange-hours.ts";

/** BAG is a combination of several instruments; the book has none. */
export type SecType = "STK" | "CASH" | "FUT" | "OPT" | "FOP" | "IND" | "BOND" | "CRYPTO" | "FUND" | "BAG";

/** What only a bond has; dates `YYYYMMDD`, the coupon in percent, texts empty where there is nothing to say. */
export interface BondTerms {
  readonly cusip: string;
  readonly coupon: string;
  readonly maturity: string;
  readonly issueDate: string;
  readonly ratings: string;
  readonly bondType: string;
  readonly couponType: string;
  readonly callable: boolean;
  readonly descAppend: string;
}

/** What only a mutual fund has. */
export interface FundTerms {
  readonly family: string;
  readonly type: string;
  /** Percent a year. */
  readonly managementFee: string;
  readonly minimumInitialPurchase: string;
  readonly subsequentMinimumPurchase: string;
  /** `N` = accumulates, `Y` = pays income. */
  readonly distributionPolicy: string;
  /** `000` others, `001` money market, `002` fixed income, `004` equity. */
  readonly assetType: string;
}

/** One instrument of the shipped book. Prices, sizes and rates are decimal text in the instrument's currency. */
export interface Instrument {
  readonly conId: number;
  readonly symbol: string;
  readonly secType: SecType;
  readonly currency: string;
  /** The exchange that a client names to trade it without choosing a venue. */
  readonly exchange: string;
  readonly primaryExchange: string;
  readonly validExchanges: readonly string[];
  /** Where fills happen: the last entry of the venue is never SMART. */
  readonly fillVenue: string;
  readonly localSymbol: string;
  readonly tradingClass: string;
  readonly marketName: string;
  readonly longName: string;
  readonly stockType: string;
  readonly industry: string;
  readonly category: string;
  readonly subcategory: string;
  readonly isin: string;
  /** YYYYMMDD; empty when it does not expire. */
  readonly expiry: string;
  readonly strike: string;
  readonly right: "" | "C" | "P";
  readonly multiplier: string;
  readonly underlyingConId: number;
  readonly underlyingSymbol: string;
  readonly underlyingSecType: string;
  readonly marketRuleId: number;
  readonly minTick: string;
  readonly minSize: string;
  readonly sizeIncrement: string;
  readonly suggestedSize: string;
  readonly hours: HoursKey;
  /** Reference price around which the path moves. For an option it follows from the underlying and is unused. */
  readonly referencePrice: string;
  /** Relative size of the path's moves; 1 is a calm large stock. */
  readonly liveliness: number;
  /** Quantity shown at the best price; what is larger fills in parts. */
  readonly displayedSize: number;
  readonly spreadTicks: number;
  /** Margin of one contract of a future, in its currency; absent = that of the Micro E-mini. */
  readonly margin?: { readonly initial: string; readonly maintenance: string };
  readonly bond?: BondTerms;
  readonly fund?: FundTerms;
}

/** What a plain instrument leaves empty, with the sizes of a share. */
export const PLAIN = {
  right: "",
  ...{ expiry: "", strike: "", multiplier: "" },
  ...{ underlyingConId: 0, underlyingSymbol: "", underlyingSecType: "" },
  ...{ stockType: "", isin: "", industry: "", category: "", subcategory: "" },
  ...{ minSize: "1", sizeIncrement: "1", suggestedSize: "1", spreadTicks: 1 },
} as const;

export function isOption(instrument: Instrument): boolean {
  return instrument.secType === "OPT" || instrument.secType === "FOP";
}

/** An index has a price and no trades of its own. */
export function isTradable(instrument: Instrument): boolean {
  return instrument.secType !== "IND";
}
