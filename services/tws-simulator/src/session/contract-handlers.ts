import { contractView } from "../broker/order-views.ts";
import type { ContractQuery } from "../codec/contract-fields.ts";
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
import { MARKET_RULES } from "../market/book-other.ts";
import { findAll } from "../market/find-instrument.ts";
import type { Instrument } from "../market/instrument.ts";
import type { Session } from "./session.ts";
import { sendError, type World } from "./world.ts";

const ORDER_TYPES =
  "ACTIVETIM,AD,ADJUST,ALERT,ALLOC,AVGCOST,BASKET,COND,CONDORDER,DAY,DEACT,DEACTDIS,DEACTEOD,GAT,GTC,GTD,GTT,HID,IOC,LMT,MKT,OPENCLOSE,SCALE,SNAPMID,SNAPMKT,SNAPREL,WHATIF";
const SAMPLES_MAX = 16;
const SECURITY_TYPES = new Set(["STK", "OPT", "FUT", "CASH", "IND", "FOP", "BOND", "CFD", "CRYPTO", "FUND", "CMDTY"]);

function shownExchange(instrument: Instrument, asked: string): string {
  const venue = asked.split(":")[0]?.toUpperCase() ?? "";
  return venue === "" ? instrument.exchange : venue;
}

function detailsView(world: World, instrument: Instrument, exchange: string): ContractDetailsView {
  const hours = world.market.hours(instrument);
  const nowMs = world.clock.nowMs();
  const { marketName, minTick, longName, industry, category, subcategory, underlyingConId, stockType } = instrument;
  return {
    ...{ marketName, minTick, longName, industry, category, subcategory, underlyingConId, stockType },
    contract: { ...contractView(instrument), exchange },
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
  const cause = checkQuery(contract);
  if (cause !== undefined) {
    sendError(session, reqId, 321, `Error validating request.-'bW' : cause - ${cause}`);
    return;
  }
  const found = findAll(world.book, contract);
  if (found.length === 0) {
    sendError(session, reqId, 200, "No security definition has been found for the request");
    return;
  }
  for (const instrument of found) {
    const view = detailsView(world, instrument, shownExchange(instrument, contract.exchange));
    session.send(encodeContractDetails(reqId, view, session.serverVersion));
  }
  session.send(encodeContractDetailsEnd(reqId));
}

export function sendMatchingSymbols(world: World, session: Session, request: RequestOf<"reqMatchingSymbols">): void {
  const pattern = request.pattern.trim().toUpperCase();
  const fits = (instrument: Instrument) =>
    instrument.secType === "STK" &&
    (instrument.symbol.startsWith(pattern) || instrument.longName.toUpperCase().includes(pattern));
  const found = pattern === "" ? [] : [...world.book.values()].filter(fits);
  const exactFirst = (left: Instrument, right: Instrument) =>
    Number(right.symbol === pattern) - Number(left.symbol === pattern);
  const samples = found.sort(exactFirst).slice(0, SAMPLES_MAX);
  const optionable = new Set([...world.book.values()].map((instrument) => instrument.underlyingConId));
  const views = samples.map((instrument) => ({
    conId: instrument.conId,
    symbol: instrument.symbol,
    secType: instrument.secType,
    primaryExchange: instrument.primaryExchange,
    currency: instrument.currency,
    derivatives: optionable.has(instrument.conId) ? ["OPT"] : [],
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

export function sendOptionParameters(world: World, session: Session, request: RequestOf<"reqSecDefOptParams">): void {
  const options = [...world.book.values()].filter(
    (instrument) => instrument.secType === "OPT" && instrument.underlyingConId === request.underlyingConId,
  );
  const [first] = options;
  if (first !== undefined) {
    const expirations = [...new Set(options.map((option) => option.expiry))].sort();
    const strikes = [...new Set(options.map((option) => option.strike))].sort(
      (left, right) => Number(left) - Number(right),
    );
    for (const exchange of first.validExchanges) {
      const { underlyingConId, tradingClass, multiplier } = first;
      const view = { exchange, underlyingConId, tradingClass, multiplier, expirations, strikes };
      session.send(encodeOptionParameters(request.reqId, view));
    }
  }
  session.send(encodeOptionParametersEnd(request.reqId));
}
