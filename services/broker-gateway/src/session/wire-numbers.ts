import { fromNumber, roundHalfEven, toText } from "@countersign/money/decimal";

/** TWS writes "missing" as the largest int, long, double or 128-bit decimal. Nothing real is that large. */
export const SENTINEL_FROM = 9e18;
const SENTINEL_INT = 2_147_483_647;
/** Digits behind the point that a number of the wire keeps: a double has no more that mean anything. */
export const DECIMALS_MAX = 12;

/** A number of the wire as decimal text; null when it is missing, not finite or a sentinel. */
export function wireDecimal(value: number | undefined): string | null {
  if (value === undefined || !Number.isFinite(value)) return null;
  if (Math.abs(value) >= SENTINEL_FROM || Math.abs(value) === SENTINEL_INT) return null;
  return toText(roundHalfEven(fromNumber(value), DECIMALS_MAX));
}

/** Decimal text as TWS writes it in account rows ("300000.00"); null when it is none. */
export function wireDecimalText(text: string): string | null {
  return /^-?[0-9]{1,20}(\.[0-9]{1,20})?$/.test(text) ? wireDecimal(Number(text)) : null;
}

/**
 * Text of the wire, cut, without characters that control, hide or turn text: control and format characters (zero width,
 * bidirectional), line separators, halves of surrogate pairs.
 */
export function cleanText(text: string | undefined, lengthMax: number): string {
  return (
    (text ?? "")
      .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu, " ")
      .trim()
      .slice(0, lengthMax)
      // The cut may have gone through a pair.
      .replace(/[\ud800-\udbff]$/, "")
  );
}

/**
 * The JavaScript number that the client library will print as exactly this decimal text. Throws a RangeError when there
 * is none, because the library could then send another price or quantity than the one that was countersigned.
 */
export function exactNumber(text: string): number {
  if (!isExactOnWire(text)) throw new RangeError(`not exact on the wire: ${text}`);
  return Number(text);
}

/** Whether TWS can be told this decimal text digit by digit: neither too long nor so small that it is printed with an exponent. */
export function isExactOnWire(text: string): boolean {
  const plain = text.includes(".") ? text.replace(/0+$/, "").replace(/\.$/, "") : text;
  return String(Number(text)) === plain;
}

/**
 * The same text. Throws a RangeError when it holds a control character: on the wire a NUL ends a field, and what comes
 * after it would be read as the next one.
 */
export function wireText(text: string): string {
  if (/[\p{Cc}]/u.test(text)) throw new RangeError("a control character has no place on the wire");
  return text;
}
