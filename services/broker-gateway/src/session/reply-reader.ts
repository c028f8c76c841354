import { decimal, fromNumber, roundHalfEven, toText } from "@countersign/money/decimal";
import { BrokenPeer } from "./frame-gate.ts";
import { cleanText, DECIMALS_MAX, SENTINEL_FROM } from "./wire-numbers.ts";

const INTEGER = /^-?[0-9]{1,10}$/;
const PLAIN = /^-?[0-9]{1,34}(\.[0-9]{1,34})?$/;
const NUMBER = /^-?[0-9]{1,20}(\.[0-9]{0,34})?([eE][+-]?[0-9]{1,3})?$/;
const SHORT = /^-?(0|[1-9][0-9]{0,14})$/;
const UNSET_WORDS = new Set(["", "2147483647", "Infinity", "-Infinity", "NaN"]);
const LIST_MAX = 200_000;

/** Reads the fields of one message of TWS from front to back. Throws BrokenPeer on what does not fit. */
export class ReplyReader {
  readonly #tokens: readonly string[];
  #position = 1;

  constructor(tokens: readonly string[]) {
    this.#tokens = tokens;
  }

  get leftover(): number {
    return this.#tokens.length - this.#position;
  }

  raw(): string {
    const token = this.#tokens[this.#position];
    if (token === undefined) throw new BrokenPeer(`a message ends after ${this.#position} fields`);
    this.#position += 1;
    return token;
  }

  /** Without control characters, cut. Empty: TWS gave none. */
  text(lengthMax: number): string {
    return cleanText(this.raw(), lengthMax);
  }

  skip(count: number): void {
    for (let index = 0; index < count; index += 1) this.raw();
  }

  /** A version or an id that must be there. */
  integer(): number {
    const token = this.raw();
    if (!INTEGER.test(token)) throw this.#unreadable(token, "a whole number");
    return Number(token);
  }

  /** The version of a message; the layout depends on the server's version and no more on this one. */
  version(): void {
    this.integer();
  }

  /** Null: missing or a sentinel. */
  integerOrNull(): number | null {
    const value = this.decimal();
    if (value === null) return null;
    if (!INTEGER.test(value)) throw this.#unreadable(value, "a whole number");
    return Number(value);
  }

  /** Decimal text; null: missing or a sentinel. */
  decimal(): string | null {
    const token = this.raw();
    if (SHORT.test(token)) return token === "2147483647" ? null : token === "-0" ? "0" : token;
    if (UNSET_WORDS.has(token)) return null;
    if (!NUMBER.test(token)) throw this.#unreadable(token, "a number");
    if (Math.abs(Number(token)) >= SENTINEL_FROM) return null;
    const exact = PLAIN.test(token) ? decimal(token.slice(0, 34)) : fromNumber(Number(token));
    return toText(roundHalfEven(exact, DECIMALS_MAX));
  }

  /** As `decimal`, for figures whose "none" is written as one of these numbers. */
  decimalBut(...none: readonly string[]): string | null {
    const value = this.decimal();
    return value === null || none.includes(value) ? null : value;
  }

  flag(): boolean {
    const token = this.raw();
    if (token === "1" || token === "true") return true;
    if (token === "" || token === "0" || token === "false") return false;
    throw this.#unreadable(token, "a flag");
  }

  /** A count, then so many items. */
  list<T>(item: () => T): T[] {
    const token = this.raw();
    const count = token === "" ? 0 : Number(token);
    if (!/^[0-9]{0,6}$/.test(token) || count > LIST_MAX) throw this.#unreadable(token, "a count");
    return Array.from({ length: Math.min(count, this.leftover + 1) }, item);
  }

  #unreadable(token: string, wanted: string): BrokenPeer {
    return new BrokenPeer(`field ${this.#position - 1} is ${JSON.stringify(token.slice(0, 40))}, not ${wanted}`);
  }
}
