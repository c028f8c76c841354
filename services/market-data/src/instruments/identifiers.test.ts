import type { IdentifierType } from "@countersign/contracts/messages/md-instruments.v1";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkIdentifier, identifierReadings, normalIdentifier } from "./identifiers.ts";

const PUBLISHED: readonly (readonly [IdentifierType, string, string])[] = [
  ["ISIN", "US0378331005", "Apple"],
  ["ISIN", "US0846707026", "Berkshire Hathaway B"],
  ["ISIN", "DE0007164600", "SAP"],
  ["ISIN", "GB0002634946", "BAE Systems"],
  ["ISIN", "AU0000XVGZA3", "Treasury Corporation of Victoria"],
  ["ISIN", "JP3633400001", "Toyota"],
  ["ISIN", "CH0038863350", "Nestle"],
  ["CUSIP", "037833100", "Apple"],
  ["CUSIP", "17275R102", "Cisco"],
  ["CUSIP", "38259P508", "Google"],
  ["CUSIP", "594918104", "Microsoft"],
  ["CUSIP", "68389X105", "Oracle"],
  ["CUSIP", "91282CLW9", "Treasury 4 1/4 11/15/34"],
  ["SEDOL", "0263494", "BAE Systems"],
  ["SEDOL", "B0YBKJ7", "Treasury stock"],
  ["SEDOL", "0540528", "HSBC"],
  ["SEDOL", "BH4HKS3", "Vodafone"],
  ["FIGI", "BBG000BLNNH6", "IBM"],
  ["FIGI", "BBG000B9XRY4", "Apple"],
  ["FIGI", "BBG000BPH459", "Microsoft"],
];

test.each(PUBLISHED)("%s %s of %s is valid", (type, id) => {
  expect(checkIdentifier(type, id)).toBe("valid");
});

test.each([
  ["ISIN", "US0378331006"],
  ["ISIN", "US0373831005"],
  ["CUSIP", "037833101"],
  ["SEDOL", "0263495"],
  ["FIGI", "BBG000BLNNH7"],
] as const)("%s %s has a wrong check digit", (type, id) => {
  expect(checkIdentifier(type, id)).toBe("wrongCheckDigit");
});

test.each([
  ["ISIN", "US037833100"],
  ["ISIN", "1S0378331005"],
  ["CUSIP", "03783310"],
  ["SEDOL", "A263494"],
  ["SEDOL", "02634949"],
  ["FIGI", "GBG000BLNNH6"],
  ["FIGI", "BBX000BLNNH6"],
  ["FIGI", "BBG000ALNNH6"],
] as const)("%s %s has a wrong form", (type, id) => {
  expect(checkIdentifier(type, id)).toBe("wrongForm");
});

test("spaces and lower case are no fault", () => {
  expect(normalIdentifier(" us 0378331005 ")).toBe("US0378331005");
});

test("one text may be several: each reading with its check digit", () => {
  expect(identifierReadings("US0378331005")).toEqual([{ type: "ISIN", valid: true }]);
  expect(identifierReadings("BBG000BLNNH6").filter(({ valid }) => valid)).toEqual([{ type: "FIGI", valid: true }]);
  expect(identifierReadings("AAPL")).toEqual([]);
});

const known = fc.constantFrom(...PUBLISHED);
const replaced = (text: string, at: number, by: string) => text.slice(0, at) + by + text.slice(at + 1);

describe("typing errors", () => {
  test("any one digit typed wrong is caught, by every algorithm", () => {
    fc.assert(
      fc.property(known, fc.nat(11), fc.integer({ min: 1, max: 9 }), ([type, id], position, shift) => {
        const at = position % id.length;
        const digit = Number(id[at]);
        fc.pre(Number.isInteger(digit));
        expect(checkIdentifier(type, replaced(id, at, String((digit + shift) % 10)))).not.toBe("valid");
      }),
      { numRuns: 2_000 },
    );
  });

  /** Doubling takes 0 and 9 to 0 and 9: the one swap of digits that a sum of doubled digits cannot see. */
  const blind = (left: string, right: string) => left + right === "09" || left + right === "90";

  test("two neighbouring digits swapped are caught, except 09 and 90, and the last two of a FIGI", () => {
    fc.assert(
      fc.property(known, fc.nat(11), ([type, id], position) => {
        // The last character of a FIGI's body is not doubled, and neither is its check digit.
        const at = position % (id.length - (type === "FIGI" ? 2 : 1));
        const [left = "", right = ""] = [id[at], id[at + 1]];
        fc.pre(/^[0-9]{2}$/.test(left + right) && left !== right && type !== "SEDOL" && !blind(left, right));
        const swapped = id.slice(0, at) + right + left + id.slice(at + 2);
        expect(checkIdentifier(type, swapped)).not.toBe("valid");
      }),
      { numRuns: 2_000 },
    );
  });

  /** A swap changes the sum by the difference of the digits times that of the weights. */
  test("of a SEDOL every swap whose change of the sum is no multiple of ten is caught", () => {
    const weights = [1, 3, 1, 7, 3, 9, 1];
    const sedol = fc.constantFrom(...PUBLISHED.filter(([type]) => type === "SEDOL"));
    fc.assert(
      fc.property(sedol, fc.nat(5), ([type, id], at) => {
        const [left = "", right = ""] = [id[at], id[at + 1]];
        fc.pre(/^[0-9]{2}$/.test(left + right));
        const change = (Number(left) - Number(right)) * ((weights[at] ?? 0) - (weights[at + 1] ?? 0));
        const swapped = id.slice(0, at) + right + left + id.slice(at + 2);
        expect(checkIdentifier(type, swapped) === "valid").toBe(change % 10 === 0);
      }),
      { numRuns: 1_000 },
    );
  });
});
