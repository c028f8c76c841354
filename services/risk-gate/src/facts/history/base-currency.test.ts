import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { inBaseCurrency } from "./base-currency.ts";
import type { Past } from "./closes.ts";

const past = (...ppms: readonly number[]): Past => ({
  returns: ppms.map((ppm, at) => ({ date: `2026-11-0${at + 1}`, ppm })),
  ...{ averageVolume: "100", volumeSessions: 20, asOf: "2026-11-23T15:00:00.000Z" },
});
const direct = [{ conid: 1, inverse: false }];
const inverse = [{ conid: 1, inverse: true }];
const ppms = (found: Past) => found.returns.map(({ ppm }) => ppm);

describe("returns in the base currency", () => {
  test("of what stood still are those of the currency, either way", () => {
    expect(ppms(inBaseCurrency(past(0, 0), direct, [past(10_000, -10_000)]))).toEqual([10_000, -10_000]);
    // 1 / 1.25 = 0.8, 1 / 0.8 = 1.25.
    expect(ppms(inBaseCurrency(past(0, 0), inverse, [past(250_000, -200_000)]))).toEqual([-200_000, 250_000]);
  });
  test("multiply: a fall of the currency adds to a fall of the price", () => {
    // 0.9 x 0.8 = 0.72; 1.1 x 0.9 = 0.99; 0.9 / 1.25 = 0.72.
    expect(ppms(inBaseCurrency(past(-100_000, 100_000), direct, [past(-200_000, -100_000)]))).toEqual([
      -280_000, -10_000,
    ]);
    expect(ppms(inBaseCurrency(past(-100_000), inverse, [past(250_000)]))).toEqual([-280_000]);
  });
  test("pass every pair of the way, and are rounded down", () => {
    const way = [...direct, { conid: 2, inverse: true }];
    // 1.1 x 0.9 / 1.1 = 0.9.
    expect(ppms(inBaseCurrency(past(100_000), way, [past(-100_000), past(100_000)]))).toEqual([-100_000]);
    expect(ppms(inBaseCurrency(past(1), direct, [past(1)]))).toEqual([2]);
    expect(ppms(inBaseCurrency(past(-1), direct, [past(1)]))).toEqual([-1]);
  });
  test("are those of the dates that all have, and say the rest as before", () => {
    const found = inBaseCurrency(past(1_000, 2_000, 3_000), direct, [past(0, 0)]);
    expect(found).toEqual({ ...past(), returns: past(1_000, 2_000).returns });
  });
  test("are the same object for the same pasts, and another for others", () => {
    const [own, pair] = [past(1_000), past(2_000)];
    const found = inBaseCurrency(own, direct, [pair]);
    expect(inBaseCurrency(own, direct, [pair])).toBe(found);
    expect(ppms(inBaseCurrency(own, inverse, [pair]))).not.toEqual(ppms(found));
    expect(ppms(inBaseCurrency(own, direct, [past(0)]))).toEqual([1_000]);
  });
  test("one way and back is where it began, but for rounding down", () => {
    const moves = fc.integer({ min: -900_000, max: 3_000_000 });
    fc.assert(
      fc.property(moves, moves, (own, rate) => {
        const there = inBaseCurrency(past(own), direct, [past(rate)]);
        const [back = 0] = ppms(inBaseCurrency(there, inverse, [past(rate)]));
        const off = 1 + 1_000_000 / (1_000_000 + rate);
        return back <= own && own - back <= off;
      }),
      { numRuns: 500, seed: 6 },
    );
  });
});
