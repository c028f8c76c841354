import { ManualClock } from "@countersign/clock/manual-clock";
import { add, compare, decimal, isMultipleOf, multiply, toText } from "@countersign/money/decimal";
import { describe, expect, test } from "vitest";
import { ticksText } from "./bars.ts";
import { buildBook } from "./book.ts";
import { Calendar } from "./calendar.ts";
import { findAll, findOne } from "./find-instrument.ts";
import type { Instrument } from "./instrument.ts";
import { incrementAt, Market } from "./market.ts";
import { createRng } from "./rng.ts";

const HOUR_MS = 3_600_000;
const NOW_MS = Date.UTC(2026, 10, 21, 3, 0, 0);
const book = buildBook();
const QUERY = {
  ...{ conId: 0, symbol: "", secType: "", expiry: "", strike: undefined, right: "", multiplier: "", exchange: "" },
  ...{ primaryExchange: "", currency: "", localSymbol: "", tradingClass: "" },
};

function market(seed = 7, nowMs = NOW_MS) {
  return new Market({ clock: new ManualClock(nowMs), rng: createRng(seed), book, calendar: new Calendar("open") });
}

function instrument(conId: number): Instrument {
  const found = book.get(conId);
  if (found === undefined) throw new Error(`no ${conId}`);
  return found;
}

describe("book", () => {
  test("ships at least 40 instruments, with the real conIds that are known", () => {
    expect(book.size).toBeGreaterThanOrEqual(40);
    const known = { AAPL: 265598, MSFT: 272093, SPY: 756733, "EUR.USD": 12087792, "USD.JPY": 15016059 };
    for (const [localSymbol, conId] of Object.entries(known)) expect(instrument(conId).localSymbol).toBe(localSymbol);
  });

  test("a symbol listed in two currencies is ambiguous until the currency is named", () => {
    expect(findOne(book, { ...QUERY, symbol: "ASML", secType: "STK" })).toEqual({ kind: "ambiguous", symbol: "ASML" });
    expect(findOne(book, { ...QUERY, symbol: "asml", secType: "STK", currency: "EUR" })).toMatchObject({
      kind: "one",
      instrument: { primaryExchange: "AEB" },
    });
  });

  test.each([
    ["an unknown conId", { conId: 99 }],
    ["a conId on an exchange where it does not trade", { conId: 265598, exchange: "LSE" }],
    ["no name at all", {}],
    ["an unknown symbol", { symbol: "NOPE" }],
  ])("%s -> nothing", (_name, query) => expect(findAll(book, { ...QUERY, ...query })).toEqual([]));

  test("an option is found by expiry, strike and right", () => {
    const query = { ...QUERY, symbol: "AAPL", secType: "OPT", expiry: "20271217", strike: "230", right: "C" };
    expect(findAll(book, query)).toHaveLength(1);
  });
});

describe("quotes", () => {
  test("every instrument, at a thousand instants: on tick, above zero, bid below ask", () => {
    const subject = market();
    for (const each of book.values()) {
      for (let step = 0; step < 20; step += 1) {
        const { bid, ask, last } = subject.quote(each, NOW_MS + step * 37_000_001);
        expect(compare(bid, ask)).toBe(-1);
        for (const price of [bid, ask, last]) {
          const increment = decimal(incrementAt(each, Number(toText(price))));
          const finer = decimal(incrementAt(each, 0));
          expect(isMultipleOf(price, increment) || isMultipleOf(price, finer)).toBe(true);
          expect(compare(price, decimal("0"))).toBe(1);
        }
      }
    }
  });

  test("the same seed gives the same quote in another process; another seed does not", () => {
    const apple = instrument(265598);
    expect(toText(market(7).quote(apple).bid)).toBe(toText(market(7).quote(apple).bid));
    expect(toText(market(8).quote(apple).bid)).not.toBe(toText(market(7).quote(apple).bid));
  });

  test("a second moves a price by less than 0.2 percent, and it stays within a third of its reference for a year", () => {
    const subject = market();
    const apple = instrument(265598);
    for (let day = 0; day < 365; day += 1) {
      const atMs = NOW_MS + day * 86_400_000;
      const before = subject.rawPrice(apple, atMs);
      expect(Math.abs(subject.rawPrice(apple, atMs + 1000) / before - 1)).toBeLessThan(0.002);
      expect(Math.abs(before / Number(apple.referencePrice) - 1)).toBeLessThan(0.33);
    }
  });

  test("while its market is closed an instrument keeps the price of the close, over a weekend and a lunch", () => {
    const deps = { clock: new ManualClock(NOW_MS), rng: createRng(7), book, calendar: new Calendar("real") };
    const subject = new Market(deps);
    const texts = (conId: number, ...instants: number[]) =>
      instants.map((atMs) => {
        const { bid, ask, last, bidSize } = subject.quote(instrument(conId), atMs);
        return [bid, ask, last].map(toText).join(" ") + bidSize;
      });
    const friday = Date.UTC(2026, 10, 21, 1, 0, 0);
    const [last, night, sunday, monday] = texts(
      265598,
      friday - 1,
      friday,
      friday + 43 * HOUR_MS,
      friday + 57 * HOUR_MS,
    );
    expect([night, sunday]).toEqual([last, last]);
    expect(monday).not.toBe(last);
    const toyota = [...book.values()].find(({ symbol }) => symbol === "7203")?.conId ?? 0;
    const noon = Date.UTC(2026, 10, 25, 2, 30, 0);
    const [before, during, after] = texts(toyota, noon - 1, noon + HOUR_MS / 2, noon + 2 * HOUR_MS);
    expect(during).toBe(before);
    expect(after).not.toBe(before);
  });

  test("a pinned price is the last price, with bid and ask around it, until it is released", () => {
    const subject = market();
    const apple = instrument(265598);
    const free = toText(subject.quote(apple).bid);
    subject.pin(apple, decimal("199.50"));
    const { bid, ask, last } = subject.quote(apple);
    expect([bid, last, ask].map(toText)).toEqual(["199.49", "199.5", "199.51"]);
    subject.unpin(apple.conId);
    expect(toText(subject.quote(apple).bid)).toBe(free);
  });

  test.each(["199.505", "0", "-1"])("pin at %s -> refused", (price) => {
    expect(() => market().pin(instrument(265598), decimal(price))).toThrow(RangeError);
  });

  test("a call is worth more at a lower strike and follows the pinned underlying", () => {
    const subject = market();
    const [call200, call260] = ["200", "260"].map((strike) =>
      findOne(book, { ...QUERY, symbol: "AAPL", secType: "OPT", strike, right: "C" }),
    );
    if (call200?.kind !== "one" || call260?.kind !== "one") throw new Error("no options");
    const before = subject.quote(call200.instrument).bid;
    expect(compare(before, subject.quote(call260.instrument).ask)).toBe(1);
    subject.pin(instrument(265598), decimal("300"));
    expect(compare(subject.quote(call200.instrument).bid, add(before, multiply(decimal("2"), decimal("10"))))).toBe(1);
  });
});

test("ticks as text are what exact multiplication gives", () => {
  for (const increment of ["0.01", "0.00005", "0.25", "0.0002", "0.1", "5"]) {
    for (const ticks of [1, 7, 20, 99, 100, 2304, 1_000_000]) {
      expect(ticksText(ticks, increment)).toBe(toText(multiply(decimal(increment), decimal(String(ticks)))));
    }
  }
});
