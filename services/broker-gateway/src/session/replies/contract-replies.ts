import type { ReplyReader } from "../reply-reader.ts";
import type { WireBond, WireDetails } from "../wire.ts";
import { type ReplyTable, words } from "./reply-table.ts";

const HOURS_MAX = 2_000;
const LIST_TEXT_MAX = 4_000;
const FUND_FIELDS = 17;

export const CONTRACT_REPLIES: ReplyTable = {
  10: (reader, serverVersion) => {
    const reqId = reader.integer();
    return { kind: "details", reqId, details: readDetails(reader, serverVersion) };
  },
  18: (reader, serverVersion) => {
    const reqId = reader.integer();
    return { kind: "details", reqId, details: readBond(reader, serverVersion) };
  },
  52: (reader) => {
    reader.version();
    return { kind: "detailsEnd", reqId: reader.integer() };
  },
  75: (reader) => {
    const reqId = reader.integer();
    const exchange = reader.text(20);
    const underlyingConid = reader.integer();
    const named = { exchange, underlyingConid, tradingClass: reader.text(40), multiplier: reader.decimalBut("0") };
    const expirations = reader.list(() => reader.text(20));
    const strikes = reader.list(() => reader.decimal()).filter((strike) => strike !== null);
    return { kind: "optionChain", reqId, chain: { ...named, expirations, strikes } };
  },
  76: (reader) => ({ kind: "optionChainsEnd", reqId: reader.integer() }),
  79: (reader) => {
    const reqId = reader.integer();
    const rows = reader.list(() => {
      const named = { conid: reader.integer(), symbol: reader.text(40), secType: reader.text(10) };
      const primaryExchange = reader.text(20);
      const currency = reader.text(3);
      reader.list(() => reader.text(10));
      const description = words(reader);
      reader.skip(1);
      const place = { primaryExchange, currency, exchange: "", localSymbol: "", tradingClass: "" };
      return { contract: { ...named, ...place, ...NO_DERIVATIVE }, description };
    });
    return { kind: "symbols", reqId, rows };
  },
  80: (reader) => ({
    kind: "depthExchanges",
    rows: reader.list(() => ({
      exchange: reader.text(20),
      secType: reader.text(10),
      listingExchange: reader.text(20),
      serviceDataType: reader.text(20),
      aggregationGroup: reader.integerOrNull(),
    })),
  }),
  82: (reader) => ({
    kind: "smartComponents",
    reqId: reader.integer(),
    rows: reader.list(() => ({ bit: reader.integer(), exchange: reader.text(20), letter: reader.text(5) })),
  }),
  93: (reader) => ({
    kind: "marketRule",
    ruleId: reader.integer(),
    rows: reader.list(() => ({ lowEdge: reader.decimal(), increment: reader.decimal() })),
  }),
};

const NO_DERIVATIVE = { multiplier: null, lastTradeDate: "", strike: null, right: "" } as const;

/** `20250620` or `20250620 08:30 US/Central`. */
function splitDate(text: string): { lastTradeDate: string; lastTradeTime: string } {
  const [date = "", ...rest] = text.split(/[\s-]+/);
  return { lastTradeDate: date, lastTradeTime: rest.join(" ") };
}

function readDetails(reader: ReplyReader, serverVersion: number): WireDetails {
  const symbol = reader.text(40);
  const secType = reader.text(10);
  const { lastTradeDate, lastTradeTime } = splitDate(reader.text(60));
  if (serverVersion >= 182) reader.skip(1);
  const option = { strike: reader.decimalBut("0"), right: reader.text(5) };
  const exchange = reader.text(20);
  const currency = reader.text(3);
  const localSymbol = reader.text(40);
  const marketName = reader.text(40);
  const tradingClass = reader.text(40);
  const conid = reader.integer();
  const minTick = reader.decimal();
  const multiplier = reader.decimalBut("0");
  const trading = {
    orderTypes: reader.text(LIST_TEXT_MAX),
    validExchanges: reader.text(LIST_TEXT_MAX),
    priceMagnifier: reader.integerOrNull(),
    underlyingConid: reader.integerOrNull(),
  };
  const longName = words(reader);
  const primaryExchange = reader.text(20);
  const kind = { contractMonth: reader.text(10), industry: words(reader), category: words(reader) };
  const subcategory = words(reader);
  const hours = readHours(reader);
  const securityIds = readSecurityIds(reader);
  reader.integerOrNull();
  const underlying = { underlyingSymbol: reader.text(40), underlyingSecType: reader.text(10) };
  const rules = { marketRuleIds: reader.text(LIST_TEXT_MAX), realExpirationDate: reader.text(20) };
  const stockType = reader.text(40);
  const sizes = readSizes(reader);
  if (serverVersion >= 179 && secType === "FUND") reader.skip(FUND_FIELDS);
  const ineligibility =
    serverVersion >= 186 ? reader.list(() => ({ id: reader.text(60), description: words(reader) })) : [];
  const place = { exchange, primaryExchange, currency, localSymbol, tradingClass };
  return {
    contract: { conid, symbol, secType, lastTradeDate, ...option, multiplier, ...place },
    ...{ longName, marketName, minTick, ...trading, ...kind, subcategory, ...hours, securityIds },
    ...{ ...underlying, ...rules, lastTradeTime, stockType, ...sizes, ineligibility, bond: null },
  };
}

function readBond(reader: ReplyReader, serverVersion: number): WireDetails {
  const symbol = reader.text(40);
  const secType = reader.text(10);
  const bond = readBondTerms(reader);
  const exchange = reader.text(20);
  const currency = reader.text(3);
  const marketName = reader.text(40);
  const tradingClass = reader.text(40);
  const conid = reader.integer();
  const minTick = reader.decimal();
  const trading = { orderTypes: reader.text(LIST_TEXT_MAX), validExchanges: reader.text(LIST_TEXT_MAX) };
  const next = { nextOptionDate: reader.text(20), nextOptionType: reader.text(20) };
  reader.flag();
  const notes = words(reader);
  const longName = words(reader);
  const hours = readHoursOfBond(reader, serverVersion);
  const securityIds = readSecurityIds(reader);
  reader.integerOrNull();
  const marketRuleIds = reader.text(LIST_TEXT_MAX);
  const place = { exchange, primaryExchange: "", currency, localSymbol: "", tradingClass };
  return {
    contract: { conid, symbol, secType, ...NO_DERIVATIVE, lastTradeDate: bond.maturity, ...place },
    ...{ longName, marketName, minTick, ...trading, ...hours, securityIds, marketRuleIds, ...readSizes(reader) },
    ...{ priceMagnifier: null, underlyingConid: null, underlyingSymbol: "", underlyingSecType: "" },
    ...{ contractMonth: "", industry: "", category: "", subcategory: "", realExpirationDate: "", lastTradeTime: "" },
    ...{ stockType: "", ineligibility: [], bond: { ...bond, ...next, notes } },
  };
}

function readBondTerms(reader: ReplyReader): Omit<WireBond, "nextOptionDate" | "nextOptionType" | "notes"> {
  return {
    cusip: reader.text(40),
    coupon: reader.decimal(),
    maturity: splitDate(reader.text(60)).lastTradeDate,
    issueDate: reader.text(20),
    ratings: reader.text(100),
    bondType: reader.text(60),
    couponType: reader.text(60),
    convertible: reader.flag(),
    callable: reader.flag(),
    putable: reader.flag(),
    description: words(reader),
  };
}

function readHours(reader: ReplyReader) {
  const hours = {
    timeZoneId: reader.text(60),
    tradingHours: reader.text(HOURS_MAX),
    liquidHours: reader.text(HOURS_MAX),
  };
  readEconomicValue(reader);
  return hours;
}

function readHoursOfBond(reader: ReplyReader, serverVersion: number) {
  if (serverVersion >= 188) return readHours(reader);
  readEconomicValue(reader);
  return { timeZoneId: "", tradingHours: "", liquidHours: "" };
}

function readEconomicValue(reader: ReplyReader): void {
  reader.text(40);
  reader.decimal();
}

function readSecurityIds(reader: ReplyReader) {
  return reader.list(() => ({ tag: reader.text(40), value: reader.text(60) }));
}

function readSizes(reader: ReplyReader) {
  return { minSize: reader.decimal(), sizeIncrement: reader.decimal(), suggestedSizeIncrement: reader.decimal() };
}
