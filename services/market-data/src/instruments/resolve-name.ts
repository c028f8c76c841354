import type { InstrumentCandidate } from "@countersign/contracts/instrument";
import type { ByName, InstrumentRef } from "@countersign/contracts/messages/md-instruments.v1";
import type { Cache } from "../cache.ts";
import type { InstrumentBroker } from "./broker.ts";
import { companyName, nameScore } from "./company-name.ts";
import type { ExchangeNames } from "./exchange-names.ts";
import { listingOf, passes } from "./filters.ts";
import { type Hit, type Reading, scoreText } from "./reading.ts";
import type { SeenInstruments } from "./seen-instruments.ts";

/** Below this a name is not shown as a candidate. */
const SHOWN_SCORE_MIN = 0.6;
const NEAR_MAX = 40;
/** 0.95 less 0.9 is a little less than 0.05 in binary. */
const ROUNDING = 1e-9;

export interface NameDeps {
  readonly broker: Pick<InstrumentBroker, "search">;
  readonly seen: SeenInstruments;
  readonly searches: Cache<SearchAnswer>;
  readonly exchanges: ExchangeNames;
  readonly config: {
    readonly searchTtlMs: number;
    /** Likeness from which a name is taken to be the one that is meant. */
    readonly nameScoreMin: number;
    /** By so much the next one must be less like it. */
    readonly nameMarginMin: number;
  };
}

type SearchAnswer = Awaited<ReturnType<InstrumentBroker["search"]>>;

/**
 * A company by its name. Taken when it is alike enough and nothing else comes near; two listings of one company are as
 * alike as can be, so they are candidates.
 */
export async function byName(deps: NameDeps, by: ByName): Promise<Reading> {
  const { nameScoreMin, nameMarginMin } = deps.config;
  const hits = (await namedAlike(deps, by)).filter(({ score }) => score >= SHOWN_SCORE_MIN);
  const [best, next] = hits;
  if (best === undefined || best.score < nameScoreMin) return { fits: [], near: hits, refused: undefined };
  const far = ({ score }: Hit) => best.score - score >= nameMarginMin - ROUNDING;
  if (next === undefined || far(next)) return { fits: [best], near: [], refused: undefined };
  const close = hits.filter((hit) => hit.score >= nameScoreMin && !far(hit));
  // Only one is alike enough, but another is too close behind it to tell them apart.
  return close.length > 1
    ? { fits: close, near: [], refused: undefined }
    : { fits: [], near: hits, refused: undefined };
}

/** Whatever bears such a name, best first: what the broker finds, and what was seen before and is written a little otherwise. */
export async function namedAlike(deps: NameDeps, by: ByName): Promise<Hit[]> {
  const asked = companyName(by.name);
  const found = await searched(deps, by.name);
  for (const candidate of found.candidates) deps.seen.add(refOfCandidate(candidate), found);
  const known = deps.seen.names.search(by.name, NEAR_MAX).map(({ conid }) => conid);
  const conids = new Set([...found.candidates.map(({ conid }) => conid), ...known]);
  const hits = [...conids].flatMap((conid): Hit[] => {
    const seen = deps.seen.get(conid);
    if (seen === undefined || !passes(by, seen, deps.exchanges)) return [];
    const { ref, source, asOf } = seen;
    const score = nameScore(asked, companyName(ref.longName));
    const why = `name ${scoreText(score)}, ${listingOf(ref)}`;
    return [{ ref, method: "name", score, why, source, asOf }];
  });
  return hits.sort((left, right) => right.score - left.score).slice(0, NEAR_MAX);
}

/** TWS searches for the text as it stands; a name with its legal form may be written otherwise there, so its words are tried too. */
async function searched(deps: NameDeps, name: string) {
  const words = companyName(name).words;
  const texts = [...new Set([name.trim(), words.join(" "), words[0] ?? ""])].filter((text) => text.length > 1);
  for (const query of texts) {
    const answer = await search(deps, { query, secType: null, currency: null });
    if (answer.outcome === "ok" && answer.value.candidates.length > 0) return answer.value;
  }
  return { candidates: [], source: "", asOf: "" };
}

type Searched = Pick<Parameters<InstrumentBroker["search"]>[0], "query" | "secType" | "currency">;

/** The exchange is no part of the question: its names are ours, and the answer has few rows. */
export function search(deps: NameDeps, searched: Searched): Promise<SearchAnswer> {
  const request = { ...searched, exchange: null, limit: 100 };
  const key = JSON.stringify([searched.query.toLowerCase(), searched.secType, searched.currency]);
  return deps.searches.get(key, deps.config.searchTtlMs, () => deps.broker.search(request));
}

/** A search tells less of an instrument than its details do. */
export function refOfCandidate(candidate: InstrumentCandidate): InstrumentRef {
  const { conid, symbol, secType, primaryExchange, currency, description } = candidate;
  return {
    ...{ conid, symbol, secType, primaryExchange, longName: description },
    ...{ exchange: "", localSymbol: "", tradingClass: "", lastTradeDate: "" },
    currency,
    ...{ multiplier: null, strike: null, right: null },
  };
}
