import { type Clock, parseUtcText } from "@countersign/clock/clock";
import { type Denial, denied, ok, type Reply } from "@countersign/contracts/denial";
import type {
  InstrumentRef,
  ResolveCandidate,
  Resolved,
  ResolveMethod,
} from "@countersign/contracts/messages/md-instruments.v1";

/** One instrument that may be meant, and why. */
export interface Hit {
  readonly ref: InstrumentRef;
  readonly method: ResolveMethod;
  /** 1: equal. */
  readonly score: number;
  readonly why: string;
  readonly source: string;
  readonly asOf: string;
}

/** What one way of reading a request came to. */
export interface Reading {
  /** Each of them fits by itself. */
  readonly fits: readonly Hit[];
  /** Worth showing, not good enough to be taken. */
  readonly near: readonly Hit[];
  /** Why the request cannot be read in this way, or what is known of what is gone. */
  readonly refused: Denial | undefined;
}

const CANDIDATES_MAX = 20;

export const NOTHING: Reading = { fits: [], near: [], refused: undefined };

export function refusedBy(refused: Denial): Reading {
  return { ...NOTHING, refused };
}

/** All readings together. */
export function together(readings: readonly Reading[]): Reading {
  return {
    fits: readings.flatMap(({ fits }) => fits),
    near: readings.flatMap(({ near }) => near),
    refused: readings.find(({ refused }) => refused !== undefined)?.refused,
  };
}

/** The one instrument that fits; with more than one, or with none that fits, a denial that lists what there is. */
export function decide(reading: Reading, clock: Clock): Reply<Resolved> {
  const fits = distinct(reading.fits);
  const [only, other] = fits;
  if (only !== undefined && other === undefined) return ok(resolved(only, clock));
  if (only !== undefined)
    return denied("AMBIGUOUS_SYMBOL", undefined, { candidates: listOf(fits), count: fits.length });
  if (reading.refused !== undefined) return { outcome: "denied", denial: reading.refused };
  const near = distinct(reading.near);
  if (near.length > 0)
    return denied("INSTRUMENT_UNCERTAIN", undefined, { candidates: listOf(near), count: near.length });
  return denied("UNKNOWN_INSTRUMENT", "No instrument fits.");
}

/** Rounded down: 0.949 never looks like 0.95. */
export function scoreText(score: number): string {
  return score >= 1 ? "1" : (Math.floor(score * 100) / 100).toFixed(2);
}

function resolved(hit: Hit, clock: Clock): Resolved {
  const { ref, method, score, why, source, asOf } = hit;
  const ageMs = Math.max(0, Math.round(clock.nowMs() - parseUtcText(asOf)));
  return { instrument: ref, method, score: scoreText(score), why, source, asOf, ageMs };
}

/** Of each instrument the best of its hits, best first. */
function distinct(hits: readonly Hit[]): Hit[] {
  const best = new Map<number, Hit>();
  for (const hit of hits) {
    const known = best.get(hit.ref.conid);
    if (known === undefined || hit.score > known.score) best.set(hit.ref.conid, hit);
  }
  return [...best.values()].sort((left, right) => right.score - left.score);
}

function listOf(hits: readonly Hit[]): ResolveCandidate[] {
  return hits.slice(0, CANDIDATES_MAX).map(({ ref, method, score, why }) => ({
    ...{ conid: ref.conid, symbol: ref.symbol, secType: ref.secType, currency: ref.currency },
    exchange: ref.primaryExchange === "" ? ref.exchange : ref.primaryExchange,
    name: ref.longName,
    ...{ method, score: scoreText(score), why },
  }));
}
