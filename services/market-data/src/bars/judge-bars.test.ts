import type { BarRow } from "@countersign/contracts/messages/broker.v1";
import { describe, expect, test } from "vitest";
import { type JudgeContext, judgeBars } from "./judge-bars.ts";

const ASKED: JudgeContext = {
  ...{ size: "5 mins", whatToShow: "TRADES", secType: "STK", zone: "US/Eastern" },
  asOfMs: Date.UTC(2026, 10, 20, 15, 2),
};
const AT = "2026-11-20T14:30:00.000Z";
const row = (change: { readonly [index: number]: string | number | null } = {}, time = AT): BarRow => {
  const plain = [time, "100", "101", "99", "100.5", "1200", "100.2", 14];
  return plain.map((value, index) => (index in change ? change[index] : value)) as unknown as BarRow;
};
const judge = (rows: readonly BarRow[], change: Partial<JudgeContext> = {}) => judgeBars(rows, { ...ASKED, ...change });
const reason = (one: BarRow, change: Partial<JudgeContext> = {}) => judge([one], change).refused[0]?.reason;

describe("a bar that cannot be is refused with its reason, never mended", () => {
  test.each([
    ["no open", row({ 1: null }), "noPrice"],
    ["no close", row({ 4: null }), "noPrice"],
    ["a high below its low", row({ 2: "98" }), "highBelowLow"],
    ["an open above its high", row({ 1: "101.01" }), "openOutside"],
    ["a close below its low", row({ 4: "98.99" }), "closeOutside"],
    ["a price of zero", row({ 1: "0", 2: "0", 3: "0", 4: "0" }), "notPositive"],
    ["a price below zero", row({ 1: "-5", 2: "-4", 3: "-6", 4: "-5" }), "notPositive"],
    ["a volume below zero", row({ 5: "-7" }), "negativeVolume"],
    ["a time that is none", row({}, "finished-20261120"), "badTime"],
    ["a date where an instant belongs", row({}, "2026-11-20"), "badTime"],
    ["the 30th of February", row({}, "2026-02-30T00:00:00.000Z"), "badTime"],
  ])("%s", (_, one, expected) => {
    const judged = judge([one, row({}, "2026-11-20T14:35:00.000Z")]);
    expect(judged.refused.map((refused) => refused.reason)).toEqual([expected]);
    expect(judged.bars).toHaveLength(1);
  });

  test("its text is the bar as it came", () => {
    expect(judge([row({ 2: "98" })]).refused[0]).toMatchObject({
      time: AT,
      text: expect.stringContaining("98 99 100.5"),
    });
  });
});

test.each([
  ["FUT", "TRADES", "-37.63", undefined],
  ["FOP", "TRADES", "0", undefined],
  ["OPT", "BID", "0", undefined],
  ["OPT", "BID", "-1", "notPositive"],
  ["STK", "HISTORICAL_VOLATILITY", "0", undefined],
  ["STK", "FEE_RATE", "-0.5", undefined],
  ["BOND", "YIELD_LAST", "-0.6", undefined],
] as const)("%s %s at %s -> %s", (secType, whatToShow, price, expected) => {
  const one = row({ 1: price, 2: price, 3: price, 4: price });
  expect(reason(one, { secType, whatToShow })).toBe(expected);
});

test("-1 for volume, trades and average is none; of quotes there is none whatever stands there", () => {
  const none = { volume: null, trades: null, averagePrice: null };
  expect(judge([row({ 5: "-1", 6: "-1", 7: -1 })]).bars).toMatchObject([none]);
  expect(judge([row()], { whatToShow: "MIDPOINT" }).bars).toMatchObject([none]);
  expect(judge([row({ 5: "0", 6: "0", 7: 0 })]).bars).toMatchObject([{ volume: "0", trades: 0, averagePrice: null }]);
});

test("out of order -> in order; the same row twice -> once; two that differ -> neither", () => {
  const [a, b, c] = ["14:30", "14:35", "14:40"].map((time) => `2026-11-20T${time}:00.000Z`);
  const judged = judge([row({}, c), row({}, a), row({}, b), row({}, a), row({ 4: "100.6" }, b)]);
  expect(judged.bars.map(({ time }) => time)).toEqual([a, c]);
  expect(judged.refused.map((refused) => [refused.time, refused.reason])).toEqual([
    [b, "conflicting"],
    [b, "conflicting"],
  ]);
});

describe("the bar that is not over", () => {
  test("within a day it is the one that ends after the answer", () => {
    const judged = judge([row({}, "2026-11-20T14:55:00.000Z"), row({}, "2026-11-20T15:00:00.000Z")]);
    expect(judged.bars.map(({ partial }) => partial)).toEqual([false, true]);
  });
  test.each([
    ["1 day", "2026-11-19", false],
    ["1 day", "2026-11-20", true],
    ["1 day", "2026-11-23", true],
    ["1 week", "2026-11-13", false],
    ["1 week", "2026-11-16", true],
    ["1 month", "2026-10-30", false],
    ["1 month", "2026-11-02", true],
  ] as const)("%s of %s -> %s", (size, date, partial) => {
    expect(judge([row({}, date)], { size }).bars).toMatchObject([{ date, time: null, partial }]);
  });
  test("what day it is, the exchange's zone decides", () => {
    const asOfMs = Date.UTC(2026, 10, 20, 16, 0);
    const of = (zone: string) => judge([row({}, "2026-11-20")], { size: "1 day", zone, asOfMs }).bars[0]?.partial;
    expect([of("Asia/Tokyo"), of("US/Eastern")]).toEqual([false, true]);
  });
});
