import { utcText } from "@countersign/clock/clock";
import { ManualClock } from "@countersign/clock/manual-clock";
import { denied, Fault, ok } from "@countersign/contracts/denial";
import type { RateSide } from "@countersign/contracts/messages/md-fx.v1";
import { RPCS } from "@countersign/contracts/subjects";
import { quoteWith } from "@countersign/testing/quote";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PairBook } from "./pair-book.ts";
import { PAIRS } from "./pairs.ts";
import { pathsBetween } from "./paths.ts";
import { Rates } from "./rates.ts";
import { serveFx } from "./serve-fx.ts";

const clock = new ManualClock(Date.UTC(2026, 10, 23, 15));
const CURRENCIES = [...new Set(PAIRS.flatMap(({ base, quoted }) => [base, quoted]))];

type Side = readonly [bid: string | null, ask: string | null];

/** Rates over the given pairs and no others; a conId is the place in the table. Ages in ms by pair. */
function ratesOf(sides: Readonly<Record<string, Side>>, ages: Readonly<Record<string, number>> = {}) {
  return new Rates({
    clock,
    conidOf: async ({ name }) => (name in sides ? PAIRS.findIndex((pair) => pair.name === name) + 1 : null),
    quote: async (conid) => {
      const { name, quoted } = PAIRS[conid - 1] ?? { name: "", quoted: "" };
      const [bid, ask] = sides[name] ?? [null, null];
      const ageMs = ages[name] ?? 0;
      return ok(quoteWith({ conid, currency: quoted, bid, ask, ageMs, asOf: utcText(clock.nowMs() - ageMs) }));
    },
    spreadMaxPercent: "2",
  });
}

const SIDES = {
  "EUR.USD": ["1.0998", "1.1002"],
  "USD.JPY": ["149.99", "150.01"],
  "USD.SEK": ["9.4990", "9.5010"],
  "GBP.USD": [null, "1.3"],
} as const;
const ask = (from: string, to: string, side: RateSide = "mid") => ({ from, to, side, maxAgeMs: 5_000 });

/** The answers of the bus, asked for without one. */
function served(rates: Rates): (request: object) => Promise<unknown> {
  const handlers = new Map<string, (request: never) => Promise<unknown>>();
  const serve = ({ subject }: { subject: string }, handler: (request: never) => Promise<unknown>) =>
    handlers.set(subject, handler);
  serveFx({ serve } as never, rates);
  return (request) => handlers.get(RPCS.convert.subject)?.(request as never) ?? Promise.reject(new Error("not served"));
}

describe("an amount", () => {
  const convert = served(ratesOf(SIDES));
  const of = (amount: string) => ({ amount: { amount, currency: "USD" }, to: "JPY", side: "mid", maxAgeMs: 5_000 });

  test("in another currency, to the smallest unit of it", async () => {
    expect(await convert(of("10.33"))).toMatchObject({ value: { converted: { amount: "1550", currency: "JPY" } } });
  });

  test("that has no place in the other currency -> INVALID_ARGUMENT, and no message that cannot be read", async () => {
    expect(await convert(of("9".repeat(20)))).toMatchObject({ denial: { code: "INVALID_ARGUMENT" } });
  });
});

describe("a rate", () => {
  test.each([
    ["EUR", "USD", "mid", "1.1", "direct", ["EUR.USD"]],
    ["USD", "EUR", "mid", "0.909090909091", "inverse", ["EUR.USD"]],
    ["EUR", "JPY", "mid", "165", "crossed", ["EUR.USD", "USD.JPY"]],
    ["SEK", "JPY", "mid", "15.789473684211", "crossed", ["USD.SEK", "USD.JPY"]],
    ["EUR", "USD", "sell", "1.0998", "direct", ["EUR.USD"]],
    ["EUR", "USD", "buy", "1.1002", "direct", ["EUR.USD"]],
    ["USD", "EUR", "sell", "0.908925649881", "inverse", ["EUR.USD"]],
    ["USD", "EUR", "buy", "0.909256228406", "inverse", ["EUR.USD"]],
  ] as const)("%s to %s at %s is %s, %s", async (from, to, side, rate, method, pairs) => {
    const reply = await ratesOf(SIDES).get(ask(from, to, side));
    if (reply.outcome === "denied") throw new Error(reply.denial.message);
    expect({ ...reply.value, rate: Number(reply.value.rate) }).toMatchObject({ rate: Number(rate), method, side });
    expect(reply.value.legs.map(({ pair }) => pair)).toEqual(pairs);
  });

  test("is as old as its oldest leg", async () => {
    const reply = await ratesOf(SIDES, { "EUR.USD": 100, "USD.JPY": 2_500 }).get(ask("EUR", "JPY"));
    expect(reply).toMatchObject({ value: { ageMs: 2_500, asOf: utcText(clock.nowMs() - 2_500) } });
  });

  test("goes another way where the broker does not quote the pair, not where it has no price", async () => {
    const sides = { ...SIDES, "EUR.SEK": [null, null] } as const;
    await expect(ratesOf(sides).get(ask("EUR", "SEK"))).rejects.toMatchObject({ code: "MARKET_DATA_UNAVAILABLE" });
    expect(await ratesOf(SIDES).get(ask("EUR", "SEK"))).toMatchObject({ value: { method: "crossed" } });
  });

  test("without any way -> NO_RATE", async () => {
    expect(await ratesOf(SIDES).get(ask("CHF", "USD"))).toMatchObject({ denial: { code: "NO_RATE" } });
    expect(await ratesOf(SIDES).get(ask("XXX", "USD"))).toMatchObject({ denial: { code: "NO_RATE" } });
  });

  test.each([
    ["one-sided", ["1.1", null]],
    ["crossed", ["1.2", "1.1"]],
    ["zero", ["0", "1.1"]],
    ["negative", ["-1", "1.1"]],
    ["more than 2 % apart", ["1.0", "1.03"]],
  ] as const)("from a quote that is %s -> an error that names the pair, never a rate", async (_, side) => {
    const asked = ratesOf({ ...SIDES, "EUR.USD": side }).get(ask("EUR", "JPY"));
    await expect(asked).rejects.toMatchObject({ code: "MARKET_DATA_UNAVAILABLE", message: /^EUR\.USD/ });
  });
});

describe("the ways between currencies", () => {
  const pairOf = fc.tuple(fc.constantFrom(...CURRENCIES), fc.constantFrom(...CURRENCIES));

  test("there is one between any two of the table, which passes no currency twice", () => {
    for (const from of CURRENCIES)
      for (const to of CURRENCIES) {
        if (from === to) continue;
        const [best] = pathsBetween(from, to);
        expect(best, `${from} to ${to}`).toBeDefined();
        expect(best?.length).toBeLessThanOrEqual(2);
      }
  });

  test("there and back costs at most the spreads of the legs, and never earns anything", async () => {
    const table = fc.array(
      fc.tuple(fc.double({ min: 0.01, max: 20_000, noNaN: true }), fc.integer({ min: 0, max: 150 })),
      {
        minLength: PAIRS.length,
        maxLength: PAIRS.length,
      },
    );
    await fc.assert(
      fc.asyncProperty(table, pairOf, async (prices, [from, to]) => {
        fc.pre(from !== to);
        const sides = Object.fromEntries(PAIRS.map(({ name }, at) => [name, sideOf(prices[at] ?? [1, 0])]));
        const rates = ratesOf(sides);
        const rateOf = async (side: RateSide, a: string, b: string) => {
          const reply = await rates.get(ask(a, b, side));
          if (reply.outcome === "denied") throw new Error(reply.denial.message);
          return { rate: Number(reply.value.rate), legs: reply.value.legs };
        };
        const there = await rateOf("sell", from, to);
        const back = await rateOf("sell", to, from);
        const spreads = there.legs.reduce((product, { bid, ask: offer }) => (product * Number(bid)) / Number(offer), 1);
        // Twelve decimals are few digits of a very small rate.
        const blur = 1e-12 / there.rate + 1e-12 / back.rate + 1e-11;
        expect(there.rate * back.rate).toBeLessThanOrEqual(1 + 1e-15);
        expect(there.rate * back.rate).toBeGreaterThanOrEqual(spreads * (1 - 4 * blur) - blur);
        const mid = await rateOf("mid", from, to);
        const buy = await rateOf("buy", from, to);
        expect(there.rate).toBeLessThanOrEqual(mid.rate * (1 + 4 * blur));
        expect(mid.rate).toBeLessThanOrEqual(buy.rate * (1 + 4 * blur));
      }),
      { numRuns: 200 },
    );
  });
});

/** A bid with seven digits, and an ask so many hundredths of a percent above it. */
function sideOf([bid, spread]: readonly [number, number]): Side {
  const digits = Number(bid.toPrecision(7));
  return [digits.toFixed(9), (digits * (1 + spread / 10_000)).toFixed(9)];
}

describe("the book of pairs", () => {
  const pair = PAIRS[0] ?? { name: "", base: "", quoted: "" };

  test("asks the broker once for a pair, however many want it", async () => {
    let asked = 0;
    const details = async () => {
      asked += 1;
      return ok({
        total: 1,
        instruments: [{ conid: 12087792, symbol: "EUR", currency: "USD" }],
        source: "tws",
        asOf: "",
      });
    };
    const book = new PairBook({ clock, details: details as never, absentTtlMs: 1_000 });
    expect(await Promise.all([1, 2, 3].map(() => book.conidOf(pair)))).toEqual([12087792, 12087792, 12087792]);
    expect(asked).toBe(1);
  });

  test("remembers for a while that there is none; a broker that does not answer is no proof", async () => {
    let answer = (): never | ReturnType<typeof denied> => {
      throw new Fault("BROKER_UNAVAILABLE");
    };
    let asked = 0;
    const details = async () => {
      asked += 1;
      return answer();
    };
    const book = new PairBook({ clock, details, absentTtlMs: 1_000 });
    await expect(book.conidOf(pair)).rejects.toMatchObject({ code: "BROKER_UNAVAILABLE" });
    answer = () => denied("UNKNOWN_INSTRUMENT");
    expect(await book.conidOf(pair)).toBeNull();
    expect(await book.conidOf(pair)).toBeNull();
    expect(asked).toBe(2);
    await clock.advance(1_001);
    expect(await book.conidOf(pair)).toBeNull();
    expect(asked).toBe(3);
  });
});
