/** How symbols are written: the same share class as `BRK B`, `BRK.B`, `BRK-B` and `BRK/B`. */

const SEPARATORS = /[ ./-]+/g;
const PAIR = /^([A-Z]{3})[./]?([A-Z]{3})$/;
/** `AAPL  271217C00230000`: root, expiry, right and strike, as the options industry writes it. */
const OPTION_CODE = /^[A-Z0-9]{1,6} *[0-9]{6}[CP][0-9]{8}$/;
/** `ESZ7`, `MESH27`: root, letter of the month, last digits of the year. */
const FUTURE_CODE = /^[A-Z0-9]{1,4}[FGHJKMNQUVXZ][0-9]{1,2}$/;

/** One writing for all; for comparing, not for asking. */
export function canonicalSymbol(text: string): string {
  return text.trim().toUpperCase().replace(SEPARATORS, " ");
}

export function sameSymbol(left: string, right: string): boolean {
  return canonicalSymbol(left) === canonicalSymbol(right);
}

/**
 * The writings under which TWS may know a symbol, the likeliest first. The part behind a separator stays part of the
 * symbol: `BRK.B` is never BRK on an exchange B.
 */
export function symbolWritings(text: string): string[] {
  const asWritten = text.trim().toUpperCase();
  const parts = asWritten.split(/[ ./-]+/);
  return [...new Set([parts.join(" "), parts.join("."), asWritten])];
}

/** The two currencies of a pair as it is usually written; undefined: no pair. */
export function pairOf(text: string): { readonly base: string; readonly quote: string } | undefined {
  const [, base, quote] = PAIR.exec(text.trim().toUpperCase()) ?? [];
  return base === undefined || quote === undefined || base === quote ? undefined : { base, quote };
}

/** Which kind of contract a local symbol has the form of. */
export function localSymbolKind(text: string): "OPT" | "FUT" | "STK" {
  const symbol = text.trim().toUpperCase();
  if (OPTION_CODE.test(symbol)) return "OPT";
  return FUTURE_CODE.test(symbol) ? "FUT" : "STK";
}
