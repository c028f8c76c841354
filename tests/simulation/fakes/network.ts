import type { Prng } from "../engine/prng.ts";

/** How badly messages travel, each schedule in its own way. */
export interface Weather {
  /** A request, or an answer to one, never arrives. */
  lost: number;
  /** A message takes up to `slowMs` instead of up to 3 ms. */
  slow: number;
  readonly slowMs: number;
  /** A decision or an intent is stored long after its author has given up, or is stored and its author is not told. */
  inDoubt: number;
  /** A live copy of what a stream stored is not delivered. */
  copyLost: number;
}

export function delayOf(random: Prng, weather: Weather): number {
  if (random.chance(weather.slow)) return random.between(5, weather.slowMs);
  return random.between(1, 24) / 8;
}
