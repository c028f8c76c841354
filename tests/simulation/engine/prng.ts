const BASE64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** One source of chance for a whole schedule: the same seed gives the same numbers on every machine. */
export class Prng {
  #a: number;
  #b: number;
  #c: number;
  #count = 1;
  #word = 0;

  constructor(seed: number) {
    this.#a = seed >>> 0;
    this.#b = Math.imul(seed, 0x9e3779b1) >>> 0;
    this.#c = (seed ^ 0x5bd1e995) >>> 0;
    for (let round = 0; round < 12; round += 1) this.next();
  }

  /** 32 bits (sfc32). */
  next(): number {
    const sum = (((this.#a + this.#b) | 0) + this.#count) | 0;
    this.#count = (this.#count + 1) | 0;
    this.#a = this.#b ^ (this.#b >>> 9);
    this.#b = (this.#c + (this.#c << 3)) | 0;
    this.#c = (this.#c << 21) | (this.#c >>> 11);
    this.#c = (this.#c + sum) | 0;
    return sum >>> 0;
  }

  /** From 0 up to, and without, `limit`. */
  below(limit: number): number {
    return Math.floor((this.next() / 4_294_967_296) * limit);
  }

  between(from: number, to: number): number {
    return from + this.below(to - from + 1);
  }

  /** True with this probability; asks for no number when it is certain. */
  chance(probability: number): boolean {
    if (probability <= 0) return false;
    return probability >= 1 || this.next() < probability * 4_294_967_296;
  }

  pick<T>(items: readonly T[]): T {
    const item = items[this.below(items.length)];
    if (item === undefined) throw new RangeError("nothing to pick from");
    return item;
  }

  /** In the form of 128 random bits, base64url. */
  nonce(): string {
    let text = "";
    let held = 0;
    let bits = 0;
    for (let at = 0; at < 16; at += 1) {
      if (at % 4 === 0) this.#word = this.next();
      held = ((held << 8) | ((this.#word >>> ((at % 4) * 8)) & 255)) & 0xffff;
      bits += 8;
      while (bits >= 6) {
        bits -= 6;
        text += BASE64URL[(held >>> bits) & 63];
      }
    }
    return text + BASE64URL[(held << (6 - bits)) & 63];
  }
}
