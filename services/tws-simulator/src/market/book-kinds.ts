import type { HoursKey } from "./exchange-hours.ts";
import type { Instrument } from "./instrument.ts";

const FUTURE_OPTION = { firstConId: 2_000_000_921, expiry: "20271217", strikes: ["6500", "6600", "6700", "6800"] };

const PLAIN = {
  right: "",
  ...{ expiry: "", strike: "", multiplier: "", primaryExchange: "", stockType: "", isin: "" },
  ...{ underlyingConId: 0, underlyingSymbol: "", underlyingSecType: "" },
  ...{ industry: "", category: "", subcategory: "", minSize: "1", sizeIncrement: "1", suggestedSize: "1" },
  ...{ currency: "USD", spreadTicks: 1 },
} as const;

const SPX: Instrument = {
  ...PLAIN,
  ...{ conId: 416904, symbol: "SPX", secType: "IND", exchange: "CBOE", validExchanges: ["CBOE"], fillVenue: "CBOE" },
  ...{ localSymbol: "SPX", tradingClass: "SPX", marketName: "SPX", longName: "S&P 500 Stock Index" },
  ...{ industry: "Indices", category: "Broad Range Equity Index", subcategory: "*" },
  ...{ marketRuleId: 26, minTick: "0.01", hours: "usIndex", referencePrice: "6642.00", liveliness: 0.6 },
  displayedSize: 1,
};

/** Prices in percent of par; one bond is 1000 of face value, hence the multiplier of 10. */
const TREASURY: Instrument = {
  ...PLAIN,
  ...{
    conId: 2_000_000_901,
    symbol: "US-T",
    secType: "BOND",
    exchange: "SMART",
    validExchanges: ["SMART", "BONDDESK"],
  },
  ...{ fillVenue: "BONDDESK", localSymbol: "IBCID2000000901", tradingClass: "US-T", marketName: "US-T" },
  ...{ longName: "United States Treasury", multiplier: "10", isin: "US91282CLW90" },
  ...{ marketRuleId: 2004, minTick: "0.001", hours: "usBond", referencePrice: "99.50", liveliness: 0.05 },
  ...{ displayedSize: 500, spreadTicks: 10 },
  bond: {
    ...{ cusip: "91282CLW9", coupon: "4.25", maturity: "20341115", issueDate: "20241115", ratings: "" },
    ...{ bondType: "GOVT", couponType: "FIXED", callable: false, descAppend: "T 4 1/4 11/15/34" },
  },
};

const BITCOIN: Instrument = {
  ...PLAIN,
  ...{ conId: 479624278, symbol: "BTC", secType: "CRYPTO", exchange: "PAXOS", validExchanges: ["PAXOS"] },
  ...{ fillVenue: "PAXOS", localSymbol: "BTC.USD", tradingClass: "BTC", marketName: "BTC" },
  ...{ longName: "Bitcoin cryptocurrency", minSize: "0.00001", sizeIncrement: "0.00000001", suggestedSize: "0.01" },
  ...{ marketRuleId: 2005, minTick: "0.25", hours: "crypto", referencePrice: "84300.00", liveliness: 2 },
  ...{ displayedSize: 2, spreadTicks: 2 },
};

const ETHER: Instrument = {
  ...BITCOIN,
  ...{ conId: 495759171, symbol: "ETH", localSymbol: "ETH.USD", tradingClass: "ETH", marketName: "ETH" },
  ...{ longName: "Ethereum cryptocurrency", marketRuleId: 26, minTick: "0.01", referencePrice: "2740.00" },
  ...{ minSize: "0.0001", displayedSize: 20 },
};

const LONG_TREASURY: Instrument = {
  ...TREASURY,
  ...{ conId: 2_000_000_902, localSymbol: "IBCID2000000902", isin: "US912810UG12", referencePrice: "98.700" },
  ...{ liveliness: 0.2, displayedSize: 200 },
  bond: {
    ...{ cusip: "912810UG1", coupon: "4.625", maturity: "20550215", issueDate: "20250215", ratings: "" },
    ...{ bondType: "GOVT", couponType: "FIXED", callable: false, descAppend: "T 4 5/8 02/15/55" },
  },
};

const INDEX_FUND: Instrument = {
  ...PLAIN,
  ...{ conId: 2_000_000_911, symbol: "VFIAX", secType: "FUND", exchange: "FUNDSERV", validExchanges: ["FUNDSERV"] },
  ...{ fillVenue: "FUNDSERV", localSymbol: "VFIAX", tradingClass: "VFIAX", marketName: "VFIAX" },
  ...{ longName: "Vanguard 500 Index Fund Admiral Shares", isin: "US9229087104" },
  ...{ marketRuleId: 26, minTick: "0.01", hours: "usFund", referencePrice: "612.30", liveliness: 0.6 },
  displayedSize: 1000,
  fund: {
    ...{ family: "Vanguard", type: "Large Blend", managementFee: "0.04", minimumInitialPurchase: "3000" },
    ...{ subsequentMinimumPurchase: "1", distributionPolicy: "Y", assetType: "004" },
  },
};

const TOTAL_FUND: Instrument = {
  ...INDEX_FUND,
  ...{ conId: 2_000_000_912, symbol: "VTSAX", localSymbol: "VTSAX", tradingClass: "VTSAX", marketName: "VTSAX" },
  ...{ longName: "Vanguard Total Stock Market Index Fund Admiral Shares", isin: "US9229087286" },
  referencePrice: "158.40",
};

function futureOptions(future: Instrument): Instrument[] {
  const { firstConId, expiry, strikes } = FUTURE_OPTION;
  const series = (["C", "P"] as const).flatMap((right) => strikes.map((strike) => ({ right, strike })));
  return series.map(({ right, strike }, index) => ({
    ...PLAIN,
    ...{ conId: firstConId + index, symbol: future.symbol, secType: "FOP", exchange: "CME", validExchanges: ["CME"] },
    ...{ fillVenue: "CME", localSymbol: `${future.localSymbol} ${right}${strike}`, tradingClass: "MES" },
    ...{ marketName: "MES", longName: future.longName, industry: future.industry, category: future.category },
    ...{ expiry, strike, right, multiplier: "5", underlyingConId: future.conId, underlyingSymbol: future.localSymbol },
    ...{ underlyingSecType: "FUT", marketRuleId: 2006, minTick: "0.05", hours: "cme" satisfies HoursKey },
    ...{ referencePrice: "0", liveliness: 1, displayedSize: 20, spreadTicks: 2 },
  }));
}

/** The kinds of security that the other pages of the book do not have; options hang on `future`. */
export function otherKinds(future: Instrument): Instrument[] {
  return [SPX, TREASURY, LONG_TREASURY, BITCOIN, ETHER, INDEX_FUND, TOTAL_FUND, ...futureOptions(future)];
}
