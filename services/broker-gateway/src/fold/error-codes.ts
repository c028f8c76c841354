/**
 * What an error of TWS about an order id means for that order. A code that is not listed here proves nothing: the order
 * becomes UNKNOWN and reconciliation finds out.
 */
export type ErrorMeaning =
  /** The order was refused and is not live. */
  | "rejected"
  /** The order was refused if TWS had not taken it before; about a live order it says nothing. */
  | "rejectedIfNew"
  | "cancelled"
  /** A cancel was not carried out; where the order stands must be read. */
  | "cancelAnswer"
  /** The order lives on. */
  | "information"
  | "unknown";

const MEANINGS: Readonly<Record<number, ErrorMeaning>> = {
  110: "rejectedIfNew", // price off tick
  135: "cancelAnswer", // can't find order
  161: "cancelAnswer", // not in a cancellable state
  165: "information",
  200: "rejectedIfNew", // no such contract
  201: "rejected",
  202: "cancelled",
  203: "rejectedIfNew", // security not available to this account
  321: "rejectedIfNew", // validation, or a read-only API
  366: "information",
  388: "rejectedIfNew", // below the minimum size
  399: "information", // held until the open, and the like
  404: "information", // shares are being located
  434: "rejectedIfNew", // size zero
  460: "rejectedIfNew", // no trading permission
  492: "information",
  10147: "cancelAnswer", // order to cancel not found
  10148: "cancelAnswer", // order to cancel is final
  10349: "information", // time in force set by a preset
};

const WARNINGS = { from: 2_100, to: 2_199 } as const;

export function meaningOf(code: number): ErrorMeaning {
  if (code >= WARNINGS.from && code <= WARNINGS.to) return "information";
  return MEANINGS[code] ?? "unknown";
}
