import * as z from "zod";

/**
 * The small words that every message is made of. Each one is text or an integer with a closed grammar,
 * so that what passes the schema cannot carry a NATS wildcard, a control character or a float.
 */

/** Decimal number as text: no exponent, no sign but a leading minus, at most 20 digits before and 12 after the point. */
export const DecimalText = z
  .string()
  .max(34)
  .regex(/^-?(0|[1-9][0-9]{0,19})(\.[0-9]{1,12})?$/)
  .describe("Decimal number as text, without exponent");
export type DecimalText = z.infer<typeof DecimalText>;

/** A decimal greater than zero, at most 13 digits before and 8 after the point: quantities and prices that an agent may ask for. */
export const PositiveDecimalText = z
  .string()
  .max(22)
  .regex(/^(?!0+(\.0+)?$)(0|[1-9][0-9]{0,12})(\.[0-9]{1,8})?$/)
  .describe("Decimal number greater than zero, as text, without sign or exponent");

/** What one unit of a combination costs: zero, or below it where money comes in, is a price like any other. */
export const NetPriceText = z
  .string()
  .max(23)
  .regex(/^(?!-0+(\.0+)?$)-?(0|[1-9][0-9]{0,12})(\.[0-9]{1,8})?$/)
  .describe("Decimal number as text, without exponent; negative: money comes in when it is bought");

/** Point in time: RFC 3339, UTC, milliseconds. */
export const UtcText = z
  .string()
  .regex(/^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\.[0-9]{3}Z$/)
  .describe("Point in time, RFC 3339 in UTC with milliseconds");

/** Calendar date of some zone, `2026-11-23`. */
export const DateText = z
  .string()
  .regex(/^[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$/)
  .describe("Calendar date, year-month-day");

/** IBKR account number; paper accounts start with DU or DF. */
export const AccountId = z
  .string()
  .regex(/^[A-Z]{1,4}[0-9]{4,12}$/)
  .describe("IBKR account number, for example DU1234567");

/** IBKR contract id (conId): names one instrument, on any exchange. */
export const ConId = z.int().min(1).max(2147483647).describe("IBKR contract id (conId)");

/** ISO 4217 code, or an IBKR extension such as CNH. */
export const CurrencyCode = z
  .string()
  .regex(/^[A-Z]{3}$/)
  .describe("Currency code, three letters");

export const ProposalId = z
  .string()
  .regex(/^prop_[a-z2-7]{26}$/)
  .describe("Proposal id; derived from account, agent and idempotency key");

export const Sha256Hex = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .describe("SHA-256 in lower-case hex");

export const Base64Url = z
  .string()
  .max(512)
  .regex(/^[A-Za-z0-9_-]+$/)
  .describe("Base64url without padding");

/** Name of an agent, an operator or a key: safe as one token of a subject. */
export const PrincipalId = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,39}$/)
  .describe("Name of a principal: lower case, digits, minus, underscore");

export const IdempotencyKey = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._:-]{0,63}$/)
  .describe("Chosen by the caller, one per intended order, 1 to 64 characters of A-Z a-z 0-9 . _ : -");

/**
 * Free text from outside: no control characters, no line separators, no marks of direction, nothing that is there and not
 * seen (zero width, soft hyphen, tags), no half of a surrogate pair. It is shown, never interpreted. With the flag u, as
 * JSON Schema reads patterns, a whole pair is one character and not two halves.
 */
const cleanText = (maxLength: number) =>
  z
    .string()
    .min(1)
    .max(maxLength)
    .regex(
      // biome-ignore lint/suspicious/noControlCharactersInRegex: keeping them out is what this expression is for
      /^[^\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ud800-\udfff\u{e0001}\u{e0020}-\u{e007f}]*$/u,
    );

export const freeText = (maxLength: number) =>
  cleanText(maxLength).describe(`Free text, at most ${maxLength} characters, without control characters; untrusted`);

/** What lets more through asks for it: a reason of blanks alone would be on record as one that was given. */
export const statedText = (maxLength: number) =>
  cleanText(maxLength)
    .regex(/\S/)
    .describe(
      `Free text of which something can be seen, at most ${maxLength} characters, without control characters; untrusted`,
    );

/** Text of the broker or of a library in an answer: cut and cleaned by whoever brings it in. */
export const ForeignText = z.string().max(500).describe("Text from the broker, cleaned and cut; untrusted");

export type JsonValue = string | number | boolean | null | JsonValue[] | { [key: string]: JsonValue };

/** Any JSON value. One walk over it: a union of all kinds, tried one by one at every level, costs more than a whole message. */
export const Json = z
  .unknown()
  .refine((value) => isJson(value), "not a JSON value")
  .describe("Any JSON value") as unknown as z.ZodType<JsonValue, JsonValue>;

function isJson(value: unknown): boolean {
  if (value === null || typeof value === "string" || typeof value === "boolean") return true;
  if (typeof value === "number") return Number.isFinite(value);
  if (Array.isArray(value)) return value.every(isJson);
  return typeof value === "object" && isPlain(value) && Object.values(value).every(isJson);
}

function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
