/** Chance that can be repeated: the same seed gives the same throws. xorshift32. */
export class Dice {
  #state: number;

  constructor(seed: number) {
    this.#state = (Math.imul(seed, 0x9e3779b9) ^ 0x85ebca6b) >>> 0 || 1;
  }

  /** A whole number from 0 up to and without `sides`. */
  roll(sides: number): number {
    let next = this.#state;
    next ^= next << 13;
    next ^= next >>> 17;
    next ^= next << 5;
    this.#state = next >>> 0;
    return this.#state % sides;
  }

  oneIn(sides: number): boolean {
    return this.roll(sides) === 0;
  }

  pick<T>(from: readonly [T, ...T[]]): T {
    return from[this.roll(from.length)] ?? from[0];
  }
}
