import { utcText } from "@countersign/clock/clock";
import { Fault, ok } from "@countersign/contracts/denial";
import type { InstrumentCandidate } from "@countersign/contracts/instrument";
import type { SearchReply, SearchRequest } from "@countersign/contracts/messages/broker.v1";
import type * as z from "zod";
import type { BrokerEvent, WireContract } from "../session/wire.ts";
import type { Contracts } from "./contracts.ts";
import { type ReadDeps, SOURCE } from "./reader.ts";
import { refusal } from "./refusal.ts";

const SEARCH_TIMEOUT_MS = 6_000;
const PAIR = /^([A-Z]{3})[./]?([A-Z]{3})$/;

/** Instruments by symbol or name. TWS searches stocks by text; other kinds are looked up by their symbol. */
export async function search(
  deps: ReadDeps & { readonly contracts: Contracts },
  request: z.output<typeof SearchRequest>,
): Promise<z.input<typeof SearchReply>> {
  const byText = request.secType === null || request.secType === "STK" ? matching(deps, request.query) : [];
  const found = await Promise.all([byText, ...lookUps(deps, request)]);
  const byConid = new Map<number, InstrumentCandidate>();
  for (const candidate of found.flat()) if (fits(candidate, request)) byConid.set(candidate.conid, candidate);
  const candidates = [...byConid.values()].slice(0, request.limit);
  return ok({ candidates, source: SOURCE, asOf: utcText(deps.clock.nowMs()) });
}

function matching(deps: ReadDeps, pattern: string): Promise<InstrumentCandidate[]> {
  return deps.requests.ask({
    what: "the search",
    timeoutMs: SEARCH_TIMEOUT_MS,
    send: (connection, id) => connection.requestSymbols(id, pattern),
    on: (event: BrokerEvent) => {
      if (event.kind === "symbols") return { result: event.rows.flatMap((row) => candidateOf(row)) };
      const refused = refusal(event);
      if (refused === undefined) return undefined;
      const { behaviour, message } = refused.failure;
      return { failure: new Fault(behaviour === "paced" ? "BUSY" : "BROKER_REFUSED", message) };
    },
  });
}

function lookUps(
  deps: { readonly contracts: Contracts },
  request: z.output<typeof SearchRequest>,
): Promise<InstrumentCandidate[]>[] {
  const symbol = request.query.trim().toUpperCase();
  const queries: { symbol: string; secType: string; currency?: string }[] = [];
  const pair = PAIR.exec(symbol);
  const mayBePair = pair !== null && (request.secType === null || request.secType === "CASH");
  if (mayBePair && pair[1] !== undefined && pair[2] !== undefined) {
    queries.push({ symbol: pair[1], secType: "CASH", currency: pair[2] });
  }
  if (request.secType !== null && request.secType !== "STK" && !mayBePair) {
    queries.push({
      symbol,
      secType: request.secType,
      ...(request.currency === null ? {} : { currency: request.currency }),
    });
  }
  return queries.map(async (query) => {
    const rows = await deps.contracts.details(query);
    return rows.flatMap(({ contract, longName }) => candidateOf({ contract, description: longName }));
  });
}

function candidateOf(row: { contract: WireContract; description: string }): InstrumentCandidate[] {
  const { conid, symbol, secType, primaryExchange, exchange, currency } = row.contract;
  if (conid < 1 || symbol === "") return [];
  // Kinds without a primary exchange trade on the one that is named.
  const venue = primaryExchange === "" ? exchange : primaryExchange;
  return [{ conid, symbol, secType, primaryExchange: venue, currency, description: row.description }];
}

function fits(candidate: InstrumentCandidate, request: z.output<typeof SearchRequest>): boolean {
  return (
    (request.secType === null || candidate.secType === request.secType) &&
    (request.currency === null || candidate.currency === request.currency) &&
    (request.exchange === null || candidate.primaryExchange.split(".")[0] === request.exchange.split(".")[0])
  );
}
