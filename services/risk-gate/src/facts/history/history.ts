import type { Losses } from "./option-past.ts";

/** The past of the instruments of an order and of the whole account, as far as rules look at it. All returns are daily, in millionths. */
export interface History {
  /** Trading dates that all instruments of the account and the order have in common, oldest first. */
  readonly dates: readonly string[];
  readonly parts: readonly PartHistory[];
  /** Profit of each of those dates, had the account held what it may come to hold now; whole hundredths of the base currency. */
  readonly profits: {
    /** What is held. */
    readonly held: readonly number[];
    /** With everything that buys filled, and nothing that sells. */
    readonly long: readonly number[];
    /** With everything that sells filled, and nothing that buys. */
    readonly short: readonly number[];
  };
  /** Held or worked-in instruments that move with one of the order's, at least as much as `CORRELATION_FLOOR_PPM`, either way. */
  readonly correlated: readonly { readonly conid: number; readonly with: number; readonly ppm: number }[];
}

export interface PartHistory {
  readonly conid: number;
  /** On `dates`. */
  readonly returns: readonly number[];
  /** All that is known of it by itself, which may be more. */
  readonly own: readonly number[];
  readonly averageVolume: string | null;
  readonly volumeSessions: number;
  /** Of an option, on `dates`: what it may have lost. Its returns are those of its underlying. */
  readonly losses?: Losses;
}

/** Weaker ones are not on record; no rule may look for them. */
export const CORRELATION_FLOOR_PPM = 300_000;
