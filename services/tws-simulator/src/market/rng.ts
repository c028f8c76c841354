/**
 * Randomness by random access: the same numbers give the same value for ever, in any order of asking.
 * Returns a whole number in 0 .. 2^32 - 1.
 */
export type Rng = (stream: number, index: number) => number;

function mix(value: number): number {
  let mixed = value | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x7feb352d);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x846ca68b);
  return mixed ^ (mixed >>> 16);
}

export function createRng(seed: number): Rng {
  const base = mix(seed ^ 0x9e3779b9);
  return (stream, index) => {
    const low = index | 0;
    const high = Math.floor(index / 0x1_0000_0000) | 0;
    return mix(mix(mix(base ^ Math.imul(stream, 0x85ebca6b)) ^ low) ^ Math.imul(high, 0xc2b2ae35)) >>> 0;
  };
}

/** In -1 .. 1. */
export function signedUnit(value: number): number {
  return value / 0x7fff_ffff - 1;
}
