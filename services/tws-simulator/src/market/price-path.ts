import type { Rng } from "./rng.ts";
import { signedUnit } from "./rng.ts";

/** Prices stand still within one bucket. */
export const BUCKET_MS = 250;

/** Waves of random height, from a second to a year: together they look like a walk and can be asked at any instant. */
const OCTAVES: readonly { readonly periodMs: number; readonly amplitude: number }[] = [
  { periodMs: 1_000, amplitude: 0.00004 },
  { periodMs: 8_000, amplitude: 0.00012 },
  { periodMs: 60_000, amplitude: 0.0004 },
  { periodMs: 600_000, amplitude: 0.001 },
  { periodMs: 7_200_000, amplitude: 0.003 },
  { periodMs: 86_400_000, amplitude: 0.008 },
  { periodMs: 864_000_000, amplitude: 0.02 },
  { periodMs: 7_776_000_000, amplitude: 0.05 },
];

/**
 * The factor by which an instrument's price differs from its reference at an instant: a pure function of seed,
 * instrument and time bucket. A model, not money: the caller rounds the result to whole ticks.
 */
export function pathFactor(rng: Rng, path: { conId: number; liveliness: number }, atMs: number): number {
  const bucketMs = Math.floor(atMs / BUCKET_MS) * BUCKET_MS;
  let exponent = 0;
  for (let octave = 0; octave < OCTAVES.length; octave += 1) {
    const wave = OCTAVES[octave];
    if (wave === undefined) break;
    const position = bucketMs / wave.periodMs;
    const index = Math.floor(position);
    const fraction = position - index;
    const stream = path.conId * 16 + octave;
    const from = signedUnit(rng(stream, index));
    const to = signedUnit(rng(stream, index + 1));
    const ease = fraction * fraction * (3 - 2 * fraction);
    exponent += wave.amplitude * (from + (to - from) * ease);
  }
  return Math.exp(path.liveliness * exponent);
}
