import type { OptionTerms } from "@countersign/contracts/messages/book-facts.v1";

/** What an instrument is, as far as exposure goes. */
export interface Described {
  readonly symbol: string;
  readonly secType: string;
  readonly currency: string;
  readonly multiplier: string;
  /** Empty where the broker gives none. */
  readonly industry: string;
  readonly category: string;
  readonly option?: OptionTerms;
}

/** One instrument that the account holds, or that only an order works in (then the quantity is 0). */
export interface Holding extends Described {
  readonly conid: number;
  /** Negative: short. */
  readonly quantity: string;
  /** Price x multiplier x rate of one unit, in the account's base currency, without sign of the quantity. Null only where nothing is held. */
  readonly unitValue: string | null;
  /** Of an option: what a written one may oblige to beyond its price, strike x multiplier x rate. Absent: it is none. */
  readonly obligation?: string;
}

/** Everything that the account holds, each instrument once. */
export interface Book {
  readonly baseCurrency: string;
  readonly holdings: readonly Holding[];
}

/** One order that may still fill, and what it does with one instrument: ours by our own log, foreign ones as the broker shows them. */
export interface WorkingOrder {
  /** Proposal id, or `foreign` with the broker's id. */
  readonly order: string;
  readonly conid: number;
  readonly side: "BUY" | "SELL";
  /** The most that may still fill. */
  readonly remaining: string;
  /** The most that one unit may be worth, in the account's base currency. */
  readonly unitValue: string;
}
