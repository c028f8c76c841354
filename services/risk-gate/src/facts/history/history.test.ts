import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { holding, msft, working } from "../../testing/book-facts.ts";
import type { Book, WorkingOrder } from "../book/book.ts";
import type { Past } from "./closes.ts";
import { PortfolioHistory } from "./portfolio.ts";
import { correlationPpm, deviationPpm, returnsOf, root, valueAtRisk } from "./statistics.ts";

describe("statistics in whole numbers", () => {
  test.each([
    ["100", "101", 10_000],
    ["100", "99.5", -5_000],
    ["3", "1", -666_666],
    ["0.25", "0.5", 1_000_000],
  ])("from %s to %s: %i millionths", (from, to, ppm) => {
    expect(
      returnsOf([
        ["2026-11-19", from],
        ["2026-11-20", to],
      ]),
    ).toEqual([{ date: "2026-11-20", ppm }]);
  });
  test.each([
    [
      "a close of zero",
      [
        ["2026-11-19", "0"],
        ["2026-11-20", "1"],
      ],
    ],
    [
      "a close below zero",
      [
        ["2026-11-19", "-1"],
        ["2026-11-20", "1"],
      ],
    ],
    [
      "a jump that no market makes",
      [
        ["2026-11-19", "1"],
        ["2026-11-20", "4.01"],
      ],
    ],
    [
      "a date twice",
      [
        ["2026-11-19", "1"],
        ["2026-11-19", "1"],
      ],
    ],
  ] as [string, [string, string][]][])("%s -> no returns, and why", (_, closes) => {
    expect(typeof returnsOf(closes)).toBe("string");
  });
  const values = fc.array(fc.integer({ min: -3_000_000, max: 3_000_000 }), { minLength: 3, maxLength: 60 });
  test("deviation and correlation are those of the textbook", () => {
    const mean = (of: readonly number[]) => of.reduce((sum, one) => sum + one, 0) / of.length;
    const product = (a: readonly number[], b: readonly number[]) =>
      a.reduce((sum, one, at) => sum + (one - mean(a)) * ((b[at] ?? 0) - mean(b)), 0);
    fc.assert(
      fc.property(values, values, (first, second) => {
        const [a, b] = [first, first.map((one, at) => (second[at] ?? 1) + Math.trunc(one / 2))];
        const deviation = Math.sqrt(product(a, a) / (a.length - 1));
        expect(Math.abs((deviationPpm(a) ?? -9) - deviation)).toBeLessThan(2);
        const both = Math.sqrt(product(a, a) * product(b, b));
        if (both > 1e6) expect(Math.abs((correlationPpm(a, b) ?? 9e9) - (product(a, b) / both) * 1e6)).toBeLessThan(3);
      }),
      { numRuns: 200, seed: 6 },
    );
  });
  test("a root is rounded down, whatever the size", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 40n }), (value) => {
        const found = root(value);
        return found * found <= value && (found + 1n) * (found + 1n) > value;
      }),
      { numRuns: 300, seed: 6 },
    );
  });
  test.each([
    [[-5, -3, -1, 2], "75", 3],
    [[-5, -3, -1, 2], "74.9", 3],
    [[-5, -3, -1, 2], "99", 5],
    [[2, -1, -5, -3], "50", 1],
  ])("of %j at %s %%: %i", (profits, confidence, loss) => {
    expect(valueAtRisk(profits, confidence)).toBe(loss);
  });
  test("the loss at a confidence is the one that stands at its place when all are sorted, equal ones counted", () => {
    const profits = fc.array(fc.integer({ min: -40, max: 40 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(profits, fc.integer({ min: 50, max: 99 }), (all, confidence) => {
        const place = Math.floor((all.length * (100 - confidence)) / 100);
        const sorted = all.toSorted((a, b) => a - b);
        return valueAtRisk(new Float64Array(all), String(confidence)) === 0 - (sorted[place] ?? Number.NaN);
      }),
      { numRuns: 400, seed: 6 },
    );
  });
});

describe("the past of an account", () => {
  const DATES = ["2026-11-16", "2026-11-17", "2026-11-18", "2026-11-19"];
  const past = (returns: readonly number[], dates = DATES): Past => ({
    returns: returns.map((ppm, at) => ({ date: dates[at] ?? "", ppm })),
    ...{ averageVolume: "5", volumeSessions: 4, asOf: "2026-11-20T00:00:00.000Z" },
  });
  const pasts = new Map([
    [265598, past([10_000, -10_000, 20_000, 0])],
    [272093, past([20_000, -20_000, 40_000, 0])],
    [3, past([5_000, 5_000], ["2026-11-17", "2026-11-19"])],
  ]);
  const pastOf = (conid: number) => pasts.get(conid) ?? "its past has not been asked for yet";
  const book = (...holdings: Book["holdings"]): Book => ({ baseCurrency: "USD", holdings });
  const NONE: readonly WorkingOrder[] = [];

  test("profits are positions times returns, in cents, for what is held and for both ends", () => {
    const orders = [working({ remaining: "10" }), working({ order: "b", side: "SELL", remaining: "30" })];
    const found = new PortfolioHistory().of(
      { book: book(holding({ quantity: "10" })), working: orders },
      [265598],
      pastOf,
    );
    // 10 x 230 = 2300; with the purchase 4600; with the sale of 30: 20 short, -4600.
    expect(found).toMatchObject({
      profits: {
        held: [2300, -2300, 4600, 0],
        long: [4600, -4600, 9200, 0],
        short: [-4600, 4600, -9200, 0],
      },
    });
  });
  test("what moves alike is told, with which and how much", () => {
    const found = new PortfolioHistory().of({ book: book(msft({ quantity: "1" })), working: NONE }, [265598], pastOf);
    expect(found).toMatchObject({ correlated: [{ conid: 272093, with: 265598, ppm: 1_000_000 }] });
  });
  test("only the dates that all have in common count", () => {
    const found = new PortfolioHistory().of({ book: book(holding({ quantity: "10" })), working: NONE }, [3], pastOf);
    expect(found).toMatchObject({ dates: ["2026-11-17", "2026-11-19"], profits: { held: [-2300, 0] } });
  });
  test("an instrument whose past is not known -> nothing, and why", () => {
    const found = new PortfolioHistory().of({ book: book(holding({ conid: 9 })), working: NONE }, [265598], pastOf);
    expect(found).toBe("9: its past has not been asked for yet");
  });
  test("followed from change to change it says the same as made anew", () => {
    const followed = new PortfolioHistory();
    const quantity = fc.integer({ min: -50, max: 50 });
    fc.assert(
      fc.property(
        fc.record({ first: quantity, second: quantity, third: quantity, part: fc.constantFrom(265598, 272093, 3) }),
        (drawn) => {
          const { first, second, third, part } = drawn;
          const held = [
            holding({ quantity: String(first) }),
            msft({ quantity: String(second) }),
            holding({ conid: 3, quantity: String(third) }),
          ];
          const now = { book: book(...held.filter((one) => one.quantity !== "0")), working: NONE };
          expect(followed.of(now, [part], pastOf)).toEqual(new PortfolioHistory().of(now, [part], pastOf));
        },
      ),
      { numRuns: 200, seed: 6 },
    );
  });
});
