import { denied } from "@countersign/contracts/denial";
import type { Instrument } from "@countersign/contracts/instrument";
import type { InstrumentDetails } from "@countersign/contracts/messages/instrument-reads.v1";
import type { DetailsQuery } from "../session/read-commands.ts";
import type { WireBond, WireDetails } from "../session/wire.ts";
import type { WireOptionChain } from "../session/wire-reads.ts";
import { ask } from "./question.ts";
import type { ReadDeps } from "./reader.ts";

const TIMEOUT_MS = 15_000;
const SHORT_TIMEOUT_MS = 6_000;

/** Undefined: the query may be asked. */
export function tooVague(query: DetailsQuery) {
  const { conid, symbol, localSymbol, securityId } = query;
  if (conid ?? symbol ?? localSymbol ?? securityId) return undefined;
  return denied("INVALID_ARGUMENT", "one of conid, symbol, localSymbol and securityId must be given");
}

/** All that fit, of which one page is handed out. */
export function details(deps: ReadDeps, query: DetailsQuery, page: { offset: number; limit: number }) {
  const rows: WireDetails[] = [];
  return ask<{ total: number; instruments: InstrumentDetails[] }>(deps, {
    what: "contract details",
    timeoutMs: TIMEOUT_MS,
    send: (connection, id) => connection.reads.details(id, query),
    on: (event) => {
      if (event.kind === "details") rows.push(event.details);
      if (event.kind !== "detailsEnd") return undefined;
      const shown = rows.slice(page.offset, page.offset + page.limit);
      return { result: { total: rows.length, instruments: shown.map(detailsOf) } };
    },
  });
}

export function optionChains(deps: ReadDeps, underlying: Instrument, exchange: string | null) {
  const chains: OptionChain[] = [];
  return ask<{ underlying: number; chains: OptionChain[] }>(deps, {
    what: "option chains",
    timeoutMs: TIMEOUT_MS,
    send: (connection, id) => connection.reads.optionChains(id, underlying, exchange),
    on: (event) => {
      if (event.kind === "optionChain") chains.push(chainOf(event.chain));
      return event.kind === "optionChainsEnd" ? { result: { underlying: underlying.conid, chains } } : undefined;
    },
  });
}

type OptionChain = ReturnType<typeof chainOf>;

function chainOf({ exchange, tradingClass, multiplier, expirations, strikes }: WireOptionChain) {
  return { exchange, tradingClass, multiplier, expirations: [...expirations], strikes: [...strikes] };
}

export function smartComponents(deps: ReadDeps, bboExchange: string) {
  return ask<{ components: { bit: number; exchange: string; letter: string }[] }>(deps, {
    what: "exchange letters",
    timeoutMs: SHORT_TIMEOUT_MS,
    send: (connection, id) => connection.reads.smartComponents(id, bboExchange),
    on: (event) => (event.kind === "smartComponents" ? { result: { components: [...event.rows] } } : undefined),
  });
}

function detailsOf(wire: WireDetails): InstrumentDetails {
  const { contract, underlyingConid } = wire;
  const right = contract.right.startsWith("C") ? "C" : contract.right.startsWith("P") ? "P" : null;
  const { conid, symbol, secType, exchange, primaryExchange, currency, localSymbol, tradingClass } = contract;
  const underlying =
    underlyingConid === null || underlyingConid < 1
      ? null
      : { conid: underlyingConid, symbol: wire.underlyingSymbol, secType: wire.underlyingSecType };
  return {
    ...{ conid, symbol, secType, exchange, primaryExchange, currency, localSymbol, tradingClass },
    ...{ multiplier: contract.multiplier, lastTradeDate: contract.lastTradeDate, right },
    strike: right === null ? null : contract.strike,
    ...{ longName: wire.longName, industry: wire.industry, category: wire.category, subcategory: wire.subcategory },
    ...{ minTick: wire.minTick, minSize: wire.minSize, sizeIncrement: wire.sizeIncrement },
    suggestedSizeIncrement: wire.suggestedSizeIncrement,
    orderTypes: list(wire.orderTypes, 40),
    validExchanges: list(wire.validExchanges, 20),
    marketRuleIds: list(wire.marketRuleIds, 10).map(Number).filter(Number.isInteger),
    ...{ timeZoneId: wire.timeZoneId, tradingHours: wire.tradingHours, liquidHours: wire.liquidHours },
    ...{ marketName: wire.marketName, priceMagnifier: wire.priceMagnifier, underlying },
    ...{ contractMonth: wire.contractMonth, realExpirationDate: wire.realExpirationDate },
    ...{ lastTradeTime: wire.lastTradeTime, stockType: wire.stockType },
    securityIds: wire.securityIds.slice(0, 50).map(({ tag, value }) => ({ type: tag, id: value })),
    ineligibility: wire.ineligibility.slice(0, 50),
    bond: wire.bond === null ? null : bondOf(wire.bond),
  };
}

function bondOf(bond: WireBond): NonNullable<InstrumentDetails["bond"]> {
  return { ...bond };
}

function list(text: string, lengthMax: number): string[] {
  const items = text.split(",").map((item) => item.trim());
  return items.filter((item) => item !== "" && item.length <= lengthMax).slice(0, 200);
}
