import { describe, expect, test } from "vitest";
import { companyName, nameScore } from "./company-name.ts";

const score = (asked: string, known: string) => nameScore(companyName(asked), companyName(known));

describe("a name is the same", () => {
  test.each([
    ["Apple", "APPLE INC"],
    ["apple inc.", "APPLE INC"],
    ["Nestlé S.A.", "NESTLE SA-REG"],
    ["Siemens Aktiengesellschaft", "SIEMENS AKTIENGESELLSCHAFT"],
    ["Amazon", "AMAZON.COM INC"],
    ["Johnson and Johnson", "JOHNSON & JOHNSON"],
    ["The Coca-Cola Company", "COCA-COLA CO/THE"],
    ["Novo Nordisk", "NOVO NORDISK A/S-B"],
    ["A.P. Møller-Mærsk", "AP MOLLER-MAERSK A/S-B"],
    ["Meta Platforms", "META PLATFORMS INC-CLASS A"],
    ["Visa", "VISA INC-CLASS A SHARES"],
    ["Anheuser-Busch InBev", "ANHEUSER-BUSCH INBEV SA/NV"],
    ["Bank Central Asia", "BANK CENTRAL ASIA TBK PT"],
    ["Wal-Mart de Mexico", "WAL-MART DE MEXICO SAB DE CV"],
    ["HSBC Holding", "HSBC HOLDINGS PLC"],
    ["Taiwan Semiconductor Manufacturing", "TAIWAN SEMICONDUCTOR MANUFAC"],
  ])("%s = %s", (asked, known) => {
    expect(score(asked, known)).toBe(1);
  });
});

test("another share class that both names say -> 0.8 at most; no class said -> equal", () => {
  expect(score("Alphabet Class A", "ALPHABET INC-CL C")).toBeLessThanOrEqual(0.8);
  expect(score("Alphabet Class A", "ALPHABET INC-CL A")).toBe(1);
  expect(score("Alphabet", "ALPHABET INC-CL C")).toBe(1);
});

test("one letter of nine wrong or swapped lowers the score, a different company has a low one", () => {
  expect(score("Microsft", "MICROSOFT CORP")).toBeCloseTo(8 / 9);
  expect(score("Mircosoft", "MICROSOFT CORP")).toBeCloseTo(7 / 9);
  expect(score("Apple", "ORACLE CORP")).toBeLessThan(0.6);
});

test("a name of nothing but legal forms and fillers keeps its first word", () => {
  expect(companyName("The Company").words).toEqual(["company"]);
  expect(companyName("Co").words).toEqual(["co"]);
  expect(companyName("...").words).toEqual([]);
  expect(score("...", "APPLE INC")).toBe(0);
});
