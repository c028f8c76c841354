import type { WhatToShow } from "@countersign/contracts/bars";
import type { BarsValue } from "@countersign/contracts/messages/md-bars.v1";

const QUOTES = ["MIDPOINT", "BID", "ASK", "BID_ASK"] as const;
const VOLATILITIES = ["HISTORICAL_VOLATILITY", "OPTION_IMPLIED_VOLATILITY"] as const;
const YIELDS = ["YIELD_ASK", "YIELD_BID", "YIELD_BID_ASK", "YIELD_LAST"] as const;
const ALL_TRADED = ["TRADES", ...QUOTES] as const;

/** What TWS has of each type of instrument, as its manual says. A type that is not here is asked for as it is. */
const KINDS_OF: Readonly<Record<string, readonly WhatToShow[]>> = {
  STK: [...ALL_TRADED, ...VOLATILITIES, "ADJUSTED_LAST", "FEE_RATE"],
  CASH: QUOTES,
  FUT: ALL_TRADED,
  OPT: ALL_TRADED,
  FOP: ALL_TRADED,
  WAR: ALL_TRADED,
  IOPT: ALL_TRADED,
  IND: ["TRADES", ...VOLATILITIES],
  BOND: [...ALL_TRADED, ...YIELDS],
  BILL: [...ALL_TRADED, ...YIELDS],
  FUND: QUOTES,
  CFD: QUOTES,
  CMDTY: ALL_TRADED,
  CRYPTO: ALL_TRADED,
  BAG: ALL_TRADED,
};

export function isOffered(secType: string, whatToShow: WhatToShow): boolean {
  return KINDS_OF[secType]?.includes(whatToShow) ?? true;
}

export function offered(secType: string): readonly WhatToShow[] {
  return KINDS_OF[secType] ?? [];
}

/** Only what is traded has a volume. */
export function hasVolume(whatToShow: WhatToShow): boolean {
  return whatToShow === "TRADES" || whatToShow === "ADJUSTED_LAST";
}

/**
 * TWS takes no end for it: each dividend changes the whole series, so it cannot be put together from pieces that were
 * asked for at different times.
 */
export function isWholeOnly(whatToShow: WhatToShow): boolean {
  return whatToShow === "ADJUSTED_LAST";
}

const MAY_BE_NEGATIVE: ReadonlySet<string> = new Set(["FUT", "FOP", "BAG", "CMDTY", "CFD"]);
const MAY_BE_ZERO: ReadonlySet<string> = new Set(["OPT", "WAR", "IOPT", "IND"]);

/** Below which a price cannot be: a stock has no price of zero, a spread may have one below it. */
export function lowestPrice(secType: string, whatToShow: WhatToShow): "any" | "zero" | "aboveZero" {
  if (MAY_BE_NEGATIVE.has(secType) || (YIELDS as readonly string[]).includes(whatToShow)) return "any";
  if (whatToShow === "FEE_RATE") return "any";
  const isVolatility = (VOLATILITIES as readonly string[]).includes(whatToShow);
  return isVolatility || MAY_BE_ZERO.has(secType) ? "zero" : "aboveZero";
}

type Units = Pick<BarsValue, "priceUnit" | "volumeUnit" | "adjusted">;

const IN_CONTRACTS: ReadonlySet<string> = new Set(["FUT", "OPT", "FOP", "WAR", "IOPT", "BAG", "CFD"]);

export function unitsOf(secType: string, whatToShow: WhatToShow): Units {
  const priceUnit = priceUnitOf(whatToShow);
  const volumeUnit = hasVolume(whatToShow) ? volumeUnitOf(secType) : null;
  if (whatToShow === "ADJUSTED_LAST") return { priceUnit, volumeUnit, adjusted: "splitsAndDividends" };
  return { priceUnit, volumeUnit, adjusted: secType === "STK" && priceUnit === "currency" ? "splits" : "none" };
}

function priceUnitOf(whatToShow: WhatToShow): Units["priceUnit"] {
  if ((VOLATILITIES as readonly string[]).includes(whatToShow)) return "fraction";
  return whatToShow === "FEE_RATE" || (YIELDS as readonly string[]).includes(whatToShow) ? "percent" : "currency";
}

function volumeUnitOf(secType: string): Units["volumeUnit"] {
  if (secType === "STK" || secType === "FUND") return "shares";
  return IN_CONTRACTS.has(secType) ? "contracts" : "units";
}
