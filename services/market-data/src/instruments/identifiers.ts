import { IDENTIFIER_TYPES, type IdentifierType } from "@countersign/contracts/messages/md-instruments.v1";

/**
 * Security identifiers and their check digits: ISIN by ISO 6166, CUSIP by ANSI X9.6, SEDOL by the London Stock Exchange,
 * FIGI by the OMG. All are taken without spaces and in upper case.
 */

/** 0 to 9 for digits, 10 to 35 for letters; the three signs of private CUSIPs after that. */
const ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ*@#";
const rankOf = (character: string): number => ALPHABET.indexOf(character);
const digitSum = (value: number): number => Math.floor(value / 10) + (value % 10);

/** What makes the sum of all a multiple of ten. */
const checkDigit = (sum: number): string => String((10 - (sum % 10)) % 10);

/** Letters are written as two digits, then every second digit from the right is doubled. */
function isinCheck(body: string): string {
  const digits = [...body].map((character) => String(rankOf(character))).join("");
  const fromRight = [...digits].reverse();
  return checkDigit(
    fromRight.reduce((sum, digit, index) => sum + digitSum(Number(digit) * (index % 2 === 0 ? 2 : 1)), 0),
  );
}

/** Every second character is doubled as a whole value, not digit by digit. */
function doublingCheck(body: string): string {
  return checkDigit([...body].reduce((sum, one, index) => sum + digitSum(rankOf(one) * (index % 2 === 1 ? 2 : 1)), 0));
}

const SEDOL_WEIGHTS = [1, 3, 1, 7, 3, 9];
function sedolCheck(body: string): string {
  return checkDigit([...body].reduce((sum, one, index) => sum + rankOf(one) * (SEDOL_WEIGHTS[index] ?? 0), 0));
}

/** Prefixes that a FIGI must not begin with, so that it cannot be taken for an ISIN. */
const NO_FIGI = ["BS", "BM", "GG", "GB", "GH", "KY", "VG"];

const FORMS: Readonly<Record<IdentifierType, { readonly form: RegExp; readonly check: (body: string) => string }>> = {
  ISIN: { form: /^[A-Z]{2}[A-Z0-9]{9}[0-9]$/, check: isinCheck },
  CUSIP: { form: /^[A-Z0-9]{3}[A-Z0-9*@#]{5}[0-9]$/, check: doublingCheck },
  SEDOL: { form: /^[0-9BCDFGHJKLMNPQRSTVWXYZ]{6}[0-9]$/, check: sedolCheck },
  FIGI: { form: /^[BCDFGHJKLMNPQRSTVWXYZ]{2}G[BCDFGHJKLMNPQRSTVWXYZ0-9]{8}[0-9]$/, check: doublingCheck },
};

export type Checked = "valid" | "wrongForm" | "wrongCheckDigit";

export function normalIdentifier(text: string): string {
  return text.replace(/\s+/g, "").toUpperCase();
}

/** Whether a text, normalised before, is an identifier of this type. */
export function checkIdentifier(type: IdentifierType, text: string): Checked {
  const { form, check } = FORMS[type];
  if (!form.test(text) || (type === "FIGI" && NO_FIGI.includes(text.slice(0, 2)))) return "wrongForm";
  return check(text.slice(0, -1)) === text.slice(-1) ? "valid" : "wrongCheckDigit";
}

/** What a text may be by its form, and for which of these its check digit is right. One text may be valid as several. */
export function identifierReadings(text: string): { readonly type: IdentifierType; readonly valid: boolean }[] {
  return IDENTIFIER_TYPES.flatMap((type) => {
    const checked = checkIdentifier(type, text);
    return checked === "wrongForm" ? [] : [{ type, valid: checked === "valid" }];
  });
}
