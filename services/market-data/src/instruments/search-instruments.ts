import { ok } from "@countersign/contracts/denial";
import type { InstrumentCandidate } from "@countersign/contracts/instrument";
import type { SearchReply, SearchRequest } from "@countersign/contracts/messages/broker.v1";
import type * as z from "zod";
import { companyName, nameScore } from "./company-name.ts";
import type { DetailsBook } from "./details-book.ts";
import { passes } from "./filters.ts";
import { identifierReadings, normalIdentifier } from "./identifiers.ts";
import type { Hit } from "./reading.ts";
import { byIdentifier } from "./resolve-identifier.ts";
import { type NameDeps, namedAlike, refOfCandidate, search } from "./resolve-name.ts";
import { sameSymbol, symbolWritings } from "./symbol-text.ts";

type Request = z.output<typeof SearchRequest>;
type Answer = z.output<typeof SearchReply>;

export interface SearchDeps extends NameDeps {
  readonly book: DetailsBook;
}

/**
 * What fits a symbol, an identifier or a name, the likeliest first. What the broker does not find as it is written is
 * looked for in its other writings, and among the names that were seen before.
 */
export async function searchInstruments(deps: SearchDeps, request: Request): Promise<Answer> {
  const identified = await identifiedBy(deps, request);
  const told = await searchWritings(deps, request);
  if (told.outcome === "denied") return told;
  const { source, asOf } = told.value;
  for (const one of told.value.candidates) deps.seen.add(refOfCandidate(one), { source, asOf });
  const { secType, exchange, currency, query, limit } = request;
  const filters = { secType: null, exchange, currency };
  const found = told.value.candidates.filter((one) => passes(filters, { ref: refOfCandidate(one) }, deps.exchanges));
  const some = identified.length + told.value.candidates.length > 0;
  const alike = some || secType !== null ? [] : await namedAlike(deps, { name: query, ...filters, secType });
  const candidates = [...identified.map(candidateOf), ...ranked(found, query), ...alike.map(candidateOf)];
  const distinct = new Map(candidates.toReversed().map((one) => [one.conid, one]));
  return ok({ candidates: [...distinct.values()].toReversed().slice(0, limit), source, asOf });
}

async function identifiedBy(deps: SearchDeps, request: Request): Promise<readonly Hit[]> {
  const { query, exchange, currency } = request;
  if (!identifierReadings(normalIdentifier(query)).some(({ valid }) => valid)) return [];
  const by = { identifier: query, type: null, secType: null, exchange, currency };
  const { fits } = await byIdentifier(deps, by);
  return fits;
}

/** TWS knows `BRK B` and not `BRK.B`. */
async function searchWritings(deps: SearchDeps, request: Request) {
  const { secType, currency, query } = request;
  const told = await search(deps, { query, secType, currency });
  const [likeliest = query] = symbolWritings(query);
  if (told.outcome === "denied" || told.value.candidates.length > 0 || likeliest === query.trim().toUpperCase())
    return told;
  return search(deps, { query: likeliest, secType, currency });
}

/** Equal symbols first, then by the likeness of the name; what is as like as another stays in the broker's order. */
function ranked(candidates: readonly InstrumentCandidate[], query: string): InstrumentCandidate[] {
  const asked = companyName(query);
  const rank = ({ symbol, description }: InstrumentCandidate) =>
    sameSymbol(symbol, query) ? 2 : nameScore(asked, companyName(description));
  const ranks = new Map(candidates.map((one) => [one, rank(one)]));
  return candidates.toSorted((left, right) => (ranks.get(right) ?? 0) - (ranks.get(left) ?? 0));
}

function candidateOf({ ref }: Hit): InstrumentCandidate {
  const { conid, symbol, secType, exchange, primaryExchange, currency, longName: description } = ref;
  return {
    conid,
    symbol,
    secType,
    primaryExchange: primaryExchange === "" ? exchange : primaryExchange,
    currency,
    description,
  };
}
