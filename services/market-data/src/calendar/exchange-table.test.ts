import { join } from "node:path";
import { loadConfig } from "@countersign/config/load";
import type { ExchangeTable } from "@countersign/contracts/exchange";
import { ExchangeTable as Schema } from "@countersign/contracts/exchange";
import { describe, expect, test } from "vitest";
import { Exchanges } from "./exchange-table.ts";

const file = join(import.meta.dirname, "../../../../config/exchanges.yaml");
const table = loadConfig({ schema: Schema, file }).config;
const exchanges = new Exchanges(table);
const meant = (name: string) => {
  const found = exchanges.find(name);
  return found === undefined ? undefined : [found.exchange.codes[0], found.matched, found.conflicts.length > 0];
};

describe("an exchange is found", () => {
  test.each([
    // The names that other systems use, and what they mean at IB.
    ["SWX", ["EBS", "alias", false]],
    ["MIL", ["BVME", "alias", false]],
    ["BIT", ["BVME", "alias", false]],
    ["BVME", ["BVME", "code", true]],
    ["BME", ["BM", "alias", false]],
    ["OMX", ["SFB", "alias", false]],
    ["TSX", ["TSE", "alias", false]],
    ["TSE", ["TSE", "code", true]],
    ["tsej", ["TSEJ", "code", false]],
    ["TRADEGATE", ["TGATE", "alias", false]],
    ["XETRA", ["IBIS", "alias", false]],
    ["IBIS2", ["IBIS", "code", false]],
    ["BSE", ["NSE", "alias", false]],
    ["FRANKFURT", ["FWB", "alias", false]],
    ["FWB2", ["FWB", "code", false]],
    ["LSEETF", ["LSE", "code", false]],
    ["KFX", ["CPH", "alias", false]],
    ["ISLAND", ["NASDAQ", "code", false]],
    ["BVMF", ["B3", "alias", false]],
    ["SSE", ["SEHKNTL", "alias", false]],
    ["SZSE", ["SEHKSZSE", "alias", false]],
    ["BEL", ["ENEXT.BE", "alias", false]],
    ["OSE", ["OSE", "code", false]],
    ["XNYS", ["NYSE", "mic", false]],
    ["XNAS", ["NASDAQ", "mic", false]],
    ["ARCX", ["ARCA", "mic", false]],
    ["XLON", ["LSE", "mic", false]],
    ["XTKS", ["TSEJ", "mic", false]],
    ["XJPX", ["TSEJ", "mic", false]],
    ["XMAD", ["BM", "mic", false]],
    ["MTAA", ["BVME", "mic", false]],
    ["SHSC", ["SEHKNTL", "mic", false]],
    ["MARS", undefined],
    ["SMART", undefined],
    ["CONSTRUCTOR", undefined],
  ])("%s is %o", (name, expected) => expect(meant(name)).toEqual(expected));

  test("the other meaning of an ambiguous name is told", () => {
    expect(exchanges.find("TSE")?.conflicts).toEqual(["elsewhere also TSEJ, Tokyo Stock Exchange"]);
    expect(exchanges.find("BVME")?.conflicts).toEqual(["elsewhere also BM, Bolsa de Madrid"]);
  });
});

test("every exchange has a zone, hours, a currency and a country, and says where it is from and when it was checked", () => {
  expect(exchanges.list().length).toBeGreaterThanOrEqual(45);
  for (const exchange of exchanges.list()) {
    expect(exchange, exchange.name).toMatchObject({ source: "fallback-table", checkedOn: table.checkedOn });
    expect(exchange.mic.operating === null).toBe(exchange.codes[0] === "IDEALPRO");
  }
});

/** A change that makes the table contradict itself, and the word that must be in the error. */
const BROKEN: readonly [string, (table: ExchangeTable) => void, string][] = [
  ["a code twice", (broken) => broken.exchanges[1]?.codes.push("NYSE"), "NYSE"],
  ["a MIC twice", (broken) => broken.exchanges[1]?.mic.segments.push("XNYS"), "XNYS"],
  ["an alias of two exchanges and the code of none", (broken) => (at(broken, 1).aliases = ["TSX"]), "TSX"],
  ["a calendar that is not there", (broken) => (at(broken, 0).holidays = "NOWHERE"), "NOWHERE"],
  ["a zone that is not there", (broken) => (at(broken, 0).zone = "Mars/Olympus"), "Mars/Olympus"],
  ["a date that is not there", (broken) => broken.calendars[0]?.years[0]?.closed.push("2026-02-30"), "2026-02-30"],
  [
    "a Saturday among the closed days",
    (broken) => broken.calendars[0]?.years[0]?.closed.push("2026-12-26"),
    "2026-12-26",
  ],
  ["a date of another year", (broken) => broken.calendars[0]?.years[0]?.closed.push("2027-12-27"), "2027-12-27"],
  [
    "a day that is both closed and early",
    (broken) => broken.calendars[0]?.years[0]?.early?.push({ date: "2026-12-25", time: "13:00" }),
    "2026-12-25",
  ],
];

function at(broken: ExchangeTable, index: number): ExchangeTable["exchanges"][number] {
  const row = broken.exchanges[index];
  if (row === undefined) throw new Error("no such row");
  return row;
}

test.each(BROKEN)("%s -> the table is refused", (_name, change, word) => {
  const broken = structuredClone(table);
  change(broken);
  expect(() => new Exchanges(broken)).toThrow(word);
});
