import {
  encodeMarketRule,
  encodeOptionParameters,
  encodeOptionParametersEnd,
  encodeSymbolSamples,
} from "../codec/encode-contract.ts";
import type { RequestOf } from "../codec/requests.ts";
import { type Instrument, isOption } from "../market/instrument.ts";
import { MARKET_RULES } from "../market/market-rules.ts";
import type { Session } from "./session.ts";
import { sendError, type World } from "./world.ts";

const SAMPLES_MAX = 16;
const SAMPLED_TYPES: ReadonlySet<string> = new Set(["STK", "IND", "FUND", "BOND", "CRYPTO"]);

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
