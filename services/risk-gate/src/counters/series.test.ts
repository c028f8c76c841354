import { decimal, toText, ZERO } from "@countersign/money/decimal";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Series } from "./series.ts";
import { NOTHING } from "./tally.ts";

const order = (notional: string) => ({ ...NOTHING, orders: 1, notional: decimal(notional) });

describe("a window that rolls", () => {
  test("holds what happened for its whole length, and at most a bucket longer", () => {
    const minute = new Series({ lengthMs: 60_000, buckets: 60 });
    minute.add(500, order("10"));
    expect(toText(minute.total(60_499).notional)).toBe("10");
    expect(minute.total(62_000).orders).toBe(0);
    expect(toText(minute.total(62_000).notional)).toBe("0");
  });

  test("what is taken back is gone, and after the window there is nothing to take back", () => {
    const minute = new Series({ lengthMs: 60_000, buckets: 60 });
    minute.add(500, order("10"));
    minute.add(900, order("5"));
    minute.remove(500, order("10"));
    expect(toText(minute.total(1_000).notional)).toBe("5");
    expect(minute.total(120_000).orders).toBe(0);
    minute.remove(900, order("5"));
    expect(minute.total(120_000)).toEqual(NOTHING);
  });

  test("since a moment: the whole bucket in which it lies", () => {
    const days = new Series({ lengthMs: 4_000, buckets: 4 });
    for (const atMs of [100, 1_100, 2_100]) days.add(atMs, order("1"));
    expect(days.since(1_900).orders).toBe(2);
    expect(days.since(0).orders).toBe(3);
  });

  test("whatever comes in whatever order: never less than a naive list, and never what is a bucket older", () => {
    const events = fc.array(fc.record({ atMs: fc.nat(20_000), amount: fc.nat(100) }), { maxLength: 80 });
    fc.assert(
      fc.property(events, fc.nat(10_000), (given, laterMs) => {
        const series = new Series({ lengthMs: 6_000, buckets: 6 });
        for (const { atMs, amount } of given) series.add(atMs, order(String(amount)));
        const nowMs = Math.max(0, ...given.map(({ atMs }) => atMs)) + laterMs;
        const naive = (ageMs: number) =>
          given.filter(({ atMs }) => nowMs - atMs < ageMs).reduce((sum, { amount }) => sum + amount, 0);
        const sum = Number(toText(series.total(nowMs).notional));
        expect(sum).toBeGreaterThanOrEqual(naive(6_000));
        expect(sum).toBeLessThanOrEqual(naive(7_001));
        expect(series.size).toBeLessThanOrEqual(7);
      }),
      { numRuns: 300, seed: 6 },
    );
  });

  test("memory is bounded, whatever happens", () => {
    const series = new Series({ lengthMs: 1_000, buckets: 10 });
    for (let atMs = 0; atMs < 1_000_000; atMs += 100) series.add(atMs, { ...NOTHING, notional: ZERO, messages: 1 });
    expect(series.size).toBeLessThanOrEqual(21);
  });
});
