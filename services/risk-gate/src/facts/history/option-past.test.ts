import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { holding } from "../../testing/book-facts.ts";
import type { Past } from "./closes.ts";
import { optionPast } from "./option-past.ts";
import { PortfolioHistory } from "./portfolio.ts";

const past = (...ppms: readonly number[]): Past => ({
  returns: ppms.map((ppm, at) => ({ date: `2026-11-0${at + 1}`, ppm })),
  ...{ averageVolume: "100", volumeSessions: 20, asOf: "2026-11-23T15:00:00.000Z" },
});
const at = (right: "C" | "P", underlying: Past, rate?: Past) =>
  optionPast(9, right, {
    ...{ underlying, own: "none" },
    ...(rate === undefined ? { way: [], pairs: [] } : { way: [{ conid: 1, inverse: false }], pairs: [rate] }),
  });

describe("what an option may have lost", () => {
  test("a call that is held loses when its underlying falls, a written one when it rises; a put the other way round", () => {
    const underlying = past(10_000, -20_000, 0);
    expect(at("C", underlying).losses).toEqual({ long: [0, 20_000, 0], short: [10_000, 0, 0] });
    expect(at("P", underlying).losses).toEqual({ long: [10_000, 0, 0], short: [0, 20_000, 0] });
    expect(at("C", underlying).returns).toEqual(underlying.returns);
  });
  test("a rate that hides a move of the underlying hides no loss: -10 % x 1.1, and 10 % more is owed", () => {
    const found = at("P", past(-100_000), past(100_000));
    expect(found.returns[0]?.ppm).toBe(-10_000);
    expect(found.losses).toEqual({ long: [0], short: [110_000 + 100_000] });
    expect(at("C", past(-100_000), past(-100_000)).losses).toEqual({ long: [90_000 + 100_000], short: [0] });
  });
  test("its volume is its own, and none where nobody knows it", () => {
    expect(at("C", past(0))).toMatchObject({ averageVolume: null, volumeSessions: 0 });
    const own = { ...past(0), averageVolume: "7" };
    const found = optionPast(9, "C", { underlying: past(0), way: [], pairs: [], own });
    expect(found).toMatchObject({ averageVolume: "7", volumeSessions: 20 });
  });
  test("is the same object for the same pasts, and another for another right", () => {
    const underlying = past(1_000);
    expect(at("C", underlying)).toBe(at("C", underlying));
    expect(at("P", underlying)).not.toBe(at("C", underlying));
  });
});

describe("an account with options", () => {
  const option = (quantity: string, right: "C" | "P" = "C") =>
    holding({
      ...{ conid: 9, secType: "OPT", multiplier: "100", quantity, unitValue: "805", obligation: "3000" },
      option: { right, strike: "30", underlyingConid: 1 },
    });
  const heldProfits = (quantity: string, underlying: Past, right: "C" | "P" = "C") => {
    const book = { baseCurrency: "USD", holdings: [option(quantity, right)] };
    const found = new PortfolioHistory().of({ book, working: [] }, [9], () => at(right, underlying));
    return typeof found === "string" ? found : found.profits.held;
  };
  test("loses what strike and price move by, at most the price of what is held, and gains nothing", () => {
    // 2 x 3805 x 10 % is 761; 2 x 805 is all there is.
    expect(heldProfits("2", past(-100_000, -500_000, 500_000))).toEqual([-76_100, -161_000, 0]);
    expect(heldProfits("-2", past(-100_000, -500_000, 500_000))).toEqual([0, 0, -380_500]);
    expect(heldProfits("-2", past(-100_000, 500_000), "P")).toEqual([-76_100, 0]);
  });
  test("followed from change to change it says the same as made anew", () => {
    const followed = new PortfolioHistory();
    const underlying = past(-100_000, 30_000, -500_000, 500_000);
    const quantity = fc.integer({ min: -9, max: 9 });
    fc.assert(
      fc.property(quantity, fc.integer({ min: -9, max: 9 }), (options, shares) => {
        const rows = [option(String(options)), holding({ conid: 1, quantity: String(shares) })];
        const book = { baseCurrency: "USD", holdings: rows.filter((one) => one.quantity !== "0") };
        const pastOf = (conid: number) => (conid === 9 ? at("C", underlying) : underlying);
        const now = { book, working: [] };
        expect(followed.of(now, [9], pastOf)).toEqual(new PortfolioHistory().of(now, [9], pastOf));
      }),
      { numRuns: 100, seed: 6 },
    );
  });
});

/** Black and Scholes, only to be held against the bounds. */
function worth(right: "C" | "P", spot: number, { strike, days, volatility }: Model): number {
  const deviation = volatility * Math.sqrt(days / 365);
  const d1 = Math.log(spot / strike) / deviation + deviation / 2;
  const call = spot * normal(d1) - strike * normal(d1 - deviation);
  return right === "C" ? call : call - spot + strike;
}
interface Model {
  readonly strike: number;
  readonly days: number;
  readonly volatility: number;
}
function normal(x: number): number {
  const t = 1 / (1 + 0.2316419 * Math.abs(x));
  const tail = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  const below = (Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)) * tail;
  return x >= 0 ? 1 - below : below;
}

test("no option of a textbook loses more on a move than the bound says, either way", () => {
  const numbers = fc.record({
    strike: fc.integer({ min: 20, max: 400 }),
    days: fc.integer({ min: 1, max: 900 }),
    volatility: fc.double({ min: 0.05, max: 2, noNaN: true }),
    ppm: fc.integer({ min: -900_000, max: 1_500_000 }),
    right: fc.constantFrom("C" as const, "P" as const),
  });
  fc.assert(
    fc.property(numbers, ({ ppm, right, ...model }) => {
      const [from, to] = [100, 100 * (1 + ppm / 1e6)].map((spot) => Math.max(0, worth(right, spot, model)));
      const { losses } = at(right, past(ppm));
      const bound = ((from ?? 0) + model.strike) / 1e6;
      const change = (to ?? 0) - (from ?? 0);
      expect(-change).toBeLessThanOrEqual(Math.min(from ?? 0, bound * (losses?.long[0] ?? 0)) + 1e-3);
      expect(change).toBeLessThanOrEqual(bound * (losses?.short[0] ?? 0) + 1e-3);
    }),
    { numRuns: 500, seed: 6 },
  );
});
