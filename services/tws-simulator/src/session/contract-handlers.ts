import { contractView } from "../broker/order-views.ts";
import type { ContractQuery } from "../codec/contract-fields.ts";
import { encodeBondDetails } from "../codec/encode-bond.ts";
import {
  type ContractDetailsView,
  encodeContractDetails,
  encodeContractDetailsEnd,
  encodeMarketRule,
  encodeOptionParameters,
  encodeOptionParametersEnd,
  encodeSymbolSamples,
} from "../codec/encode-contract.ts";
import type { RequestOf } from "../codec/requests.ts";
import type { ExchangeHours } from "../market/calendar.ts";
import { findAll, findBySecurityId } from "../market/find-instrument.ts";
import { type Instrument, isOption } from "../market/instrument.ts";
import { MARKET_RULES } from "../market/market-rules.ts";
import type { Session } from "./session.ts";
import { sendError, type World } from "./world.ts";

const ORDER_TYPES =
  "ACTIVETIM,AD,ADJUST,ALERT,ALLOC,AVGCOST,BASKET,COND,CONDORDER,DAY,DEACT,DEACTDIS,DEACTEOD,GAT,GTC,GTD,GTT,HID,IOC,LMT,MKT,OPENCLOSE,SCALE,SNAPMID,SNAPMKT,SNAPREL,WHATIF";
const MINUTES_PER_DAY = 1440;
const SAMPLES_MAX = 16;
const SAMPLED_TYPES: ReadonlySet<string> = new Set(["STK", "IND", "FUND", "BOND", "CRYPTO"]);
const SECURITY_TYPES = new Set(["STK", "OPT", "FUT", "CASH", "IND", "FOP", "BOND", "CFD", "CRYPTO", "FUND", "CMDTY"]);

function shownExchange(instrument: Instrument, asked: string): string {
  const venue = asked.split(":")[0]?.toUpperCase() ?? "";
  return venue === "" ? instrument.exchange : venue;
}

/** Futures and the options on them end when the day's main session opens. */
function lastTradeTime(instrument: Instrument, hours: ExchangeHours): string {
  const [main] = hours.liquid;
  const ends = instrument.secType === "FUT" || instrument.secType === "FOP";
  if (!ends || main === undefined) return "";
  return `${clockMinute(main.openMinute)} ${hours.timeZoneId}`;
}

/** `08:30`; a minute before midnight belongs to the day before. */
function clockMinute(minuteOfDay: number): string {
  const minute = (minuteOfDay + MINUTES_PER_DAY) % MINUTES_PER_DAY;
  return `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
}

function detailsView(world: World, instrument: Instrument, exchange: string): ContractDetailsView {
  const hours = world.market.hours(instrument, exchange);
  const nowMs = world.clock.nowMs();
  const { marketName, minTick, longName, industry, category, subcategory, underlyingConId, stockType } = instrument;
  return {
    ...{ marketName, minTick, longName, industry, category, subcategory, underlyingConId, stockType },
    contract: { ...contractView(instrument), exchange },
    lastTradeTime: lastTradeTime(instrument, hours),
    fund: instrument.fund === undefined ? undefined : { name: longName, ...instrument.fund },
    ineligibilityReasons: [],
    orderTypes: ORDER_TYPES,
    validExchanges: instrument.validExchanges.join(","),
    priceMagnifier: 1,
    contractMonth: instrument.expiry.slice(0, 6),
    timeZoneId: hours.timeZoneId,
    tradingHours: world.calendar.hoursText(hours, nowMs, "trading"),
    liquidHours: world.calendar.hoursText(hours, nowMs, "liquid"),
    securityIds: instrument.isin === "" ? [] : [{ tag: "ISIN", value: instrument.isin }],
    aggGroup: instrument.secType === "CASH" ? 4 : 1,
    underlyingSymbol: instrument.underlyingSymbol,
    underlyingSecType: instrument.underlyingSecType,
    marketRuleIds: instrument.validExchanges.map(() => String(instrument.marketRuleId)).join(","),
    realExpirationDate: instrument.expiry,
    minSize: instrument.minSize,
    sizeIncrement: instrument.sizeIncrement,
    suggestedSizeIncrement: instrument.suggestedSize,
  };
}

function checkQuery(query: ContractQuery): string | undefined {
  if (query.conId !== 0) return undefined;
  if (query.symbol === "" && query.localSymbol === "") return "Missing symbol or local symbol";
  if (query.secType === "") return "Please enter a valid security type";
  return SECURITY_TYPES.has(query.secType) || query.secType === "BAG"
    ? undefined
    : "Please enter a valid security type";
}

export function sendContractDetails(world: World, session: Session, request: RequestOf<"reqContractDetails">): void {
  const { reqId, contract } = request;
  const bySecurityId = request.securityId !== "";
  const cause = bySecurityId ? undefined : checkQuery(contract);
  if (cause !== undefined) {
    sendError(session, reqId, 321, `Error validating request.-'bW' : cause - ${cause}`);
    return;
  }
  const found = bySecurityId ? findBySecurityId(world.book, request) : findAll(world.book, contract);
  if (found.length === 0) {
    sendError(session, reqId, 200, "No security definition has been found for the request");
    return;
  }
  for (const instrument of found) {
    const details = detailsView(world, instrument, shownExchange(instrument, contract.exchange));
    const { bond } = instrument;
    session.send(
      bond === undefined
        ? encodeContractDetails(reqId, details, session.serverVersion)
        : encodeBondDetails(reqId, { details, bond }, session.serverVersion),
    );
  }
  session.send(encodeContractDetailsEnd(reqId));
}

function derivativesOf(world: World, conId: number): string[] {
  const derivatives = [...world.book.values()].filter((instrument) => instrument.underlyingConId === conId);
  return [...new Set(derivatives.map((instrument) => instrument.secType))];
}

export function sendMatchingSymbols(world: World, session: Session, request: RequestOf<"reqMatchingSymbols">): void {
  const pattern = request.pattern.trim().toUpperCase();
  const fits = (instrument: Instrument) =>
    SAMPLED_TYPES.has(instrument.secType) &&
    (instrument.symbol.startsWith(pattern) || instrument.longName.toUpperCase().includes(pattern));
  const found = pattern === "" ? [] : [...world.book.values()].filter(fits);
  const exactFirst = (left: Instrument, right: Instrument) =>
    Number(right.symbol === pattern) - Number(left.symbol === pattern);
  const samples = found.sort(exactFirst).slice(0, SAMPLES_MAX);
  const views = samples.map((instrument) => ({
    conId: instrument.conId,
    symbol: instrument.symbol,
    secType: instrument.secType,
    primaryExchange: instrument.primaryExchange,
    currency: instrument.currency,
    derivatives: derivativesOf(world, instrument.conId),
    description: instrument.longName,
  }));
  session.send(encodeSymbolSamples(request.reqId, views));
}

export function sendMarketRule(session: Session, ruleId: number): void {
  const rule = MARKET_RULES.get(ruleId);
  if (rule === undefined) {
    sendError(session, -1, 321, "Error validating request.-'bW' : cause - Market rule id is not valid");
    return;
  }
  session.send(encodeMarketRule(ruleId, rule));
}

/** Expiries and strikes by exchange and trading class; an underlying that nobody knows is an error, not an empty list. */
export function sendOptionParameters(world: World, session: Session, request: RequestOf<"reqSecDefOptParams">): void {
  const { reqId, underlyingConId, exchange: wanted } = request;
  const instruments = [...world.book.values()];
  const options = instruments.filter((each) => isOption(each) && each.underlyingConId === underlyingConId);
  if (options.length === 0 && !world.book.has(underlyingConId)) {
    sendError(session, reqId, 321, "Error validating request.-'bW' : cause - Invalid contract id");
    return;
  }
  for (const tradingClass of new Set(options.map((option) => option.tradingClass))) {
    const series = options.filter((option) => option.tradingClass === tradingClass);
    const [first] = series;
    if (first === undefined) continue;
    const expirations = [...new Set(series.map((option) => option.expiry))].sort();
    const strikes = [...new Set(series.map((option) => option.strike))];
    strikes.sort((left, right) => Number(left) - Number(right));
    const view = { underlyingConId, tradingClass, multiplier: first.multiplier, expirations, strikes };
    for (const exchange of first.validExchanges) {
      if (wanted === "" || wanted === exchange) {
        session.send(encodeOptionParameters(reqId, { ...view, exchange }));
      }
    }
  }
  session.send(encodeOptionParametersEnd(reqId));
}
