import type { DataType } from "@countersign/contracts/market-value";

/** Names of the tick ids of TWS; delayed ids carry the name of the live one, their label says that they are delayed. */
const NAMES: Readonly<Record<number, string>> = {
  0: "bidSize",
  1: "bid",
  2: "ask",
  3: "askSize",
  4: "last",
  5: "lastSize",
  6: "high",
  7: "low",
  8: "volume",
  9: "close",
  10: "bidOption",
  11: "askOption",
  12: "lastOption",
  13: "modelOption",
  14: "open",
  15: "low13Weeks",
  16: "high13Weeks",
  17: "low26Weeks",
  18: "high26Weeks",
  19: "low52Weeks",
  20: "high52Weeks",
  21: "averageVolume",
  22: "openInterest",
  23: "historicalVolatility",
  24: "impliedVolatility",
  27: "callOpenInterest",
  28: "putOpenInterest",
  29: "callVolume",
  30: "putVolume",
  31: "indexFuturePremium",
  32: "bidExchange",
  33: "askExchange",
  34: "auctionVolume",
  35: "auctionPrice",
  36: "auctionImbalance",
  37: "markPrice",
  45: "lastTimestamp",
  46: "shortable",
  48: "realTimeVolume",
  49: "halted",
  54: "tradeCount",
  55: "tradeRate",
  56: "volumeRate",
  57: "lastRegularHours",
  58: "realTimeHistoricalVolatility",
  59: "dividends",
  61: "regulatoryImbalance",
  62: "news",
  77: "realTimeTradeVolume",
  84: "lastExchange",
  85: "lastRegulatoryTime",
  86: "futuresOpenInterest",
  87: "averageOptionVolume",
  89: "shortableShares",
  92: "etfNavClose",
  96: "etfNavLast",
  101: "estimatedMidpoint",
};

const LIVE_OF_DELAYED: Readonly<Record<number, number>> = {
  66: 1,
  67: 2,
  68: 4,
  69: 0,
  70: 3,
  71: 5,
  72: 6,
  73: 7,
  74: 8,
  75: 9,
  76: 14,
  80: 10,
  81: 11,
  82: 12,
  83: 13,
  88: 45,
  90: 49,
};

/** Without a word about the type nothing may pass for live, and a delayed id is never more than delayed. */
export function dataTypeOf(tickId: number, said: DataType | undefined): DataType {
  const type = said ?? "delayedFrozen";
  if (!(tickId in LIVE_OF_DELAYED)) return type;
  return type === "frozen" || type === "delayedFrozen" ? "delayedFrozen" : "delayed";
}

/** An id without a name is named by its number. */
export function tickName(tickId: number): string {
  return NAMES[LIVE_OF_DELAYED[tickId] ?? tickId] ?? `tick${tickId}`;
}
