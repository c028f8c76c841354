import type { AccountMarks } from "@countersign/contracts/control";
import { toText, ZERO } from "@countersign/money/decimal";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { flowOf, LOOKS_KEPT, type Look } from "./cash-flow.ts";
import { nextMarks } from "./marks.ts";

const at = "2026-11-23T15:00:00.000Z";
const looks = (...pairs: [value: number, daily: number][]): Look[] =>
  pairs.map(([value, daily]) => ({ value: String(value), daily: String(daily), unrealized: null, at }));
const flow = (...pairs: [value: number, daily: number][]) => {
  const { confirmed, pending } = flowOf(looks(...pairs), "0.5");
  return [toText(confirmed), toText(pending)];
};

describe("what moved the value without a profit or loss", () => {
  test.each([
    [
      "a rise by profit",
      [
        [100_000, 0],
        [103_000, 3_000],
        [103_000, 3_000],
        [103_000, 3_000],
      ],
      "0",
      "0",
    ],
    [
      "a fall by loss",
      [
        [100_000, 0],
        [97_000, -3_000],
        [97_000, -3_000],
        [97_000, -3_000],
      ],
      "0",
      "0",
    ],
    [
      "a deposit, seen once",
      [
        [100_000, 0],
        [120_000, 0],
      ],
      "0",
      "20000",
    ],
    [
      "a deposit, seen three times",
      [
        [100_000, 0],
        [120_000, 0],
        [120_000, 0],
        [120_000, 0],
      ],
      "20000",
      "0",
    ],
    [
      "a deposit beside a profit",
      [
        [90_000, 0],
        [111_000, 1_000],
        [112_000, 2_000],
        [111_000, 1_000],
      ],
      "20000",
      "0",
    ],
    [
      "a withdrawal, seen three times",
      [
        [100_000, 0],
        [80_000, 0],
        [80_000, 0],
        [80_000, 0],
      ],
      "-20000",
      "0",
    ],
    [
      "a profit that is told late",
      [
        [100_000, 0],
        [103_000, 0],
        [103_000, 3_000],
        [103_000, 3_000],
      ],
      "0",
      "0",
    ],
    [
      "a loss that is told late",
      [
        [100_000, 0],
        [97_000, 0],
        [97_000, 0],
        [97_000, -3_000],
      ],
      "0",
      "0",
    ],
    [
      "the broker's new day after a profit",
      [
        [105_000, 5_000],
        [105_000, 0],
        [105_000, 0],
        [105_000, 0],
      ],
      "0",
      "0",
    ],
    [
      "the broker's new day after a loss",
      [
        [95_000, -5_000],
        [95_000, 0],
        [95_000, 0],
        [95_000, 0],
      ],
      "0",
      "0",
    ],
    [
      "a step as large as the least",
      [
        [100_000, 0],
        [100_500, 0],
        [100_500, 0],
        [100_500, 0],
      ],
      "500",
      "0",
    ],
    [
      "a smaller step, such as interest",
      [
        [100_000, 0],
        [100_499, 0],
        [100_499, 0],
        [100_499, 0],
      ],
      "0",
      "0",
    ],
  ] as [string, [number, number][], string, string][])("%s -> %s", (_, pairs, confirmed, pending) => {
    expect(flow(...pairs)).toEqual([confirmed, pending]);
  });
});

/** Many looks in a row at an account: value and profit of the day. */
function follow(pairs: readonly (readonly [value: number, daily: number])[], reset = 0): AccountMarks {
  let marks: AccountMarks | undefined;
  let kept: Look[] = [];
  for (const [value, daily] of pairs) {
    kept = [...kept, { value: String(value), daily: String(daily), unrealized: null, at }].slice(-LOOKS_KEPT);
    const found = flowOf(kept, "0.5");
    const now = { session: "2026-11-23", monday: "2026-11-23", dayStart: String(value - daily), rebaseAfter: 0 };
    marks = nextMarks(
      marks,
      { ...now, value: { amount: String(value), currency: "USD" }, flow: found, whileAway: ZERO, resetAfter: reset },
      at,
    );
    if (toText(found.confirmed) !== "0") kept = kept.slice(-1);
  }
  if (marks === undefined) throw new Error("no looks");
  return marks;
}
const times = (count: number, value: number, daily: number) =>
  Array.from({ length: count }, () => [value, daily] as const);

describe("the marks", () => {
  test("a deposit while the account is below its highest raises every mark by exactly itself", () => {
    const marks = follow([...times(4, 100_000, 0), ...times(4, 90_000, -10_000), ...times(4, 110_000, -10_000)]);
    expect(marks).toMatchObject({ highWaterMark: "120000", dayStart: "120000", week: { start: "120000" } });
    expect(marks.deposit?.amount).toBe("20000");
  });
  test("a withdrawal moves no mark, and is noted until a person resets the stop", () => {
    const pairs = [...times(4, 100_000, 0), ...times(4, 80_000, 0)];
    const marks = follow(pairs);
    expect(marks).toMatchObject({ highWaterMark: "100000", dayStart: "100000", withdrawn: "20000" });
    const now = {
      session: "2026-11-23",
      monday: "2026-11-23",
      dayStart: "0",
      rebaseAfter: 0,
      resetAfter: 9,
      whileAway: ZERO,
    };
    const none = flowOf([], "0.5");
    const after = nextMarks(marks, { ...now, value: { amount: "80000", currency: "USD" }, flow: none }, at);
    expect(after).toMatchObject({
      highWaterMark: "80000",
      dayStart: "80000",
      week: { start: "80000" },
      confirmedAfter: 9,
    });
    expect(after.withdrawn).toBeUndefined();
  });
  test("a reset without a withdrawal lowers nothing", () => {
    const marks = follow([...times(4, 100_000, 0), ...times(4, 97_000, -3_000)], 5);
    expect(marks).toMatchObject({ highWaterMark: "100000", dayStart: "100000" });
  });
  test("no order of profits, losses and deposits hides a loss: drawdown is never less than without the deposits", () => {
    const step = fc.record({
      profit: fc.integer({ min: -4_000, max: 4_000 }),
      deposit: fc.constantFrom(0, 0, 0, 30_000),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 12 }), (steps) => {
        let [value, daily, earned, highest] = [100_000, 0, 100_000, 100_000];
        const pairs = [...times(4, value, daily)];
        for (const { profit, deposit } of steps) {
          [value, daily, earned] = [value + profit + deposit, daily + profit, earned + profit];
          highest = Math.max(highest, earned);
          pairs.push(...times(4, value, daily));
        }
        expect(Number(follow(pairs).highWaterMark) - value).toBeGreaterThanOrEqual(highest - earned);
      }),
      { numRuns: 300, seed: 6 },
    );
  });
});
