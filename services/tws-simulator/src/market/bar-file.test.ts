import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { ManualClock } from "@countersign/clock/manual-clock";
import { toText } from "@countersign/money/decimal";
import { tempDir } from "@countersign/testing/temp-dir";
import { EventName } from "@stoqey/ib";
import fc from "fast-check";
import { afterAll, describe, expect, test } from "vitest";
import { AAPL, TestSimulator } from "../testing/test-simulator.ts";
import { BAR_FILE_HEADER, parseBars, readBarFile } from "./bar-file.ts";
import { barOf } from "./bars.ts";
import { buildBook } from "./book.ts";
import { Calendar } from "./calendar.ts";
import type { Instrument } from "./instrument.ts";
import { Market } from "./market.ts";
import { createRng } from "./rng.ts";

const book = buildBook();
const folder = tempDir("bars-");
afterAll(() => folder.remove());

const START_MS = Date.UTC(2026, 10, 20, 14, 30, 0);
const MINUTE_MS = 60_000;
const RISING = "265598,2026-11-20T14:30:00Z,100.00,106.00,97.00,103.00,600";
const FALLING = "265598,2026-11-20T14:31:00Z,103.00,104.00,98.00,99.00,300";
const LATER = "265598,2026-11-20T15:30:00Z,120.00,120.00,120.00,120.00,1";

const file = (...lines: string[]) => [BAR_FILE_HEADER, ...lines, ""].join("\n");
const apple = book.get(265598) as Instrument;

function market(text: string, nowMs = START_MS) {
  const bars = parseBars(text, book);
  const calendar = new Calendar("open");
  return new Market({ clock: new ManualClock(nowMs), rng: createRng(7), book, calendar, bars });
}

describe("prices from bars", () => {
  const subject = market(file(RISING, FALLING, LATER));
  const price = (seconds: number) => subject.rawPrice(apple, START_MS + seconds * 1000);

  test("open, low, high, close of a bar that rises; high before low in one that falls; then the price stands", () => {
    expect([0, 20, 40, 60, 80, 100, 120, 1800].map(price)).toEqual([100, 97, 106, 103, 104, 98, 99, 99]);
    expect([price(-3600), price(3600), price(7200)]).toEqual([100, 120, 120]);
  });

  test("quotes follow on tick, and an option follows its underlying", () => {
    const { bid, ask } = subject.quote(apple, START_MS + 20_000);
    expect([toText(bid), toText(ask)]).toEqual(["96.99", "97.01"]);
    const call = [...book.values()].find(({ underlyingConId, right }) => underlyingConId === 265598 && right === "C");
    const plain = new Market({
      clock: new ManualClock(START_MS),
      rng: createRng(7),
      book,
      calendar: new Calendar("open"),
    });
    expect(subject.rawPrice(call as Instrument, START_MS)).toBeLessThan(plain.rawPrice(call as Instrument, START_MS));
  });

  test("an instrument without bars keeps its seeded path", () => {
    const other = book.get(272093) as Instrument;
    const plain = new Market({
      clock: new ManualClock(START_MS),
      rng: createRng(7),
      book,
      calendar: new Calendar("open"),
    });
    expect(subject.rawPrice(other, START_MS)).toBe(plain.rawPrice(other, START_MS));
  });

  test("bars of the file come back as they were, two of them as one, half of one by its path", () => {
    const bar = (from: number, to: number) => {
      const { open, high, low, close, volume } = barOf(subject, apple, {
        startMs: START_MS + from * MINUTE_MS,
        endMs: START_MS + to * MINUTE_MS,
      });
      return [open, high, low, close, volume].join(" ");
    };
    expect(bar(0, 1)).toBe("100 106 97 103 600");
    expect(bar(1, 2)).toBe("103 104 98 99 300");
    expect(bar(0, 2)).toBe("100 106 97 99 900");
    expect(bar(0, 0.5)).toBe("100 101.5 97 101.5 300");
    expect(bar(10, 11)).toBe("99 99 99 99 0");
  });
});

describe("a file that does not hold is refused with its line", () => {
  test.each([
    ["no header", RISING, "line 1"],
    ["nothing but the header", file(), "has no bars"],
    ["a field too many", file(`${RISING},1`), "line 2: has 8 fields"],
    ["an unknown instrument", file(RISING.replace("265598", "99")), "line 2: the book has no instrument 99"],
    ["a time without a zone", file(RISING.replace("00Z", "00")), "line 2: 2026-11-20T14:30:00 is no time"],
    ["a day that is not there", file(RISING.replace("11-20", "13-20")), "line 2"],
    ["a price of zero", file(RISING.replace("97.00", "0")), "line 2: 0 is no price"],
    ["a price with an exponent", file(RISING.replace("97.00", "9e1")), "line 2: 9e1 is no price"],
    ["a close above the high", file(RISING.replace("103.00", "107.00")), "line 2: open and close"],
    ["a volume with a fraction", file(RISING.replace("600", "0.5")), "line 2: 0.5 is no volume"],
    ["a bar before its turn", file(FALLING, RISING), "line 3: is not after"],
    ["the same bar twice", file(RISING, RISING), "line 3: is not after"],
    ["an empty line", file(RISING, "", FALLING), "line 3: has 1 fields"],
  ])("%s", (_name, text, message) => expect(() => parseBars(text, book)).toThrow(message));

  test("a file that is not there is named", () => {
    expect(() => readBarFile("/nowhere/bars.csv", book)).toThrow("--bars: /nowhere/bars.csv: ENOENT");
  });
});

test("any damage to a file is refused by line, or leaves bars that hold", () => {
  const good = file(RISING, FALLING, LATER);
  const damage = fc.record({
    at: fc.nat(good.length),
    length: fc.nat(8),
    text: fc.string({ unit: "binary", maxLength: 8 }),
  });
  fc.assert(
    fc.property(damage, ({ at, length, text }) => {
      const damaged = good.slice(0, at) + text + good.slice(at + length);
      try {
        for (const series of parseBars(damaged, book).values()) {
          const range = series.range(0, Number.MAX_SAFE_INTEGER);
          if (range === undefined || !(range.low > 0 && range.low <= range.high)) return false;
        }
        return true;
      } catch (error) {
        return /^line \d+: /.test(String((error as Error).message));
      }
    }),
    { numRuns: 2_000, seed: 7 },
  );
});

test("a simulator with a file: quotes, history and fills are those of the file", async () => {
  const path = join(folder.path, "bars.csv");
  writeFileSync(path, file(RISING, FALLING, LATER).replaceAll("\n", "\r\n"));
  const clock = new ManualClock(START_MS + 2 * MINUTE_MS);
  const simulator = await TestSimulator.start({ clock, advance: (ms) => clock.advance(ms), bars: path });
  try {
    const client = await simulator.library();
    client.api.reqHistoricalData(1, AAPL, "", "120 S", "1 min" as never, "TRADES" as never, 0, 2, false);
    await client.waitFor(EventName.historicalData, ([, time]) => String(time).startsWith("finished"));
    const bars = client.of(EventName.historicalData).map(({ args }) => args.slice(2, 7));
    expect(bars.slice(0, 2)).toEqual([
      [100, 106, 97, 103, 600],
      [103, 104, 98, 99, 300],
    ]);
    const id = client.place(AAPL, { orderType: "MKT" as never, lmtPrice: undefined as never });
    await client.waitFor(EventName.orderStatus, ([orderId]) => orderId === id);
    await clock.advance(10);
    const [filled] = await client.waitFor(
      EventName.orderStatus,
      ([orderId, status]) => orderId === id && status === "Filled",
    );
    expect(filled?.args[4]).toBe(99.01);
  } finally {
    simulator.stop();
  }
});
