import { utcText } from "@countersign/clock/clock";
import { ManualClock } from "@countersign/clock/manual-clock";
import { ok } from "@countersign/contracts/denial";
import type { Quote } from "@countersign/contracts/instrument";
import { quoteWith } from "@countersign/testing/quote";
import { expect, test } from "vitest";
import type { Source } from "./broker-source.ts";
import { Quotes } from "./quotes.ts";
import { Rates } from "./rates.ts";

const clock = new ManualClock(Date.UTC(2026, 10, 23, 15));
const PAIRS = {
  1: ["EUR", "USD", "1.0998", "1.1002"],
  2: ["USD", "JPY", "149.99", "150.01"],
  3: ["GBP", "USD", null, "1.3"],
} as const;

function quoteOf(conid: number): Quote {
  const [, currency, bid, ask] = PAIRS[conid as keyof typeof PAIRS];
  return quoteWith({ conid, currency, bid, ask, asOf: utcText(clock.nowMs()) });
}

/** A source that answers from the table above; rates are computed by the code under test. */
const source: Source = {
  quote: async (conid) => ok(quoteOf(conid)),
  contract: () => Promise.reject(new Error("not asked")),
  bars: () => Promise.reject(new Error("not asked")),
  search: async ({ query, currency }) => {
    const found = Object.entries(PAIRS).filter(([, pair]) => pair[0] === query && pair[1] === currency);
    const candidates = found.map(([conid, pair]) => ({
      conid: Number(conid),
      symbol: pair[0],
      secType: "CASH",
      primaryExchange: "IDEALPRO",
      currency: pair[1],
      description: "",
    }));
    return ok({ candidates, source: "tws", asOf: utcText(clock.nowMs()) });
  },
};
const ttl = { instrumentTtlMs: 1000, absentTtlMs: 1000, barsTtlMs: 1000, searchTtlMs: 1000, cacheEntriesMax: 10 };
const config = { ...ttl, warmEveryMs: 1000, warmForMs: 1000, warmLinesMax: 5 };
const rates = new Rates({ source, quotes: new Quotes({ clock, source, config }) });

test.each([
  ["EUR", "USD", "1.1", "direct", ["EUR.USD"]],
  ["USD", "EUR", "0.909090909091", "inverse", ["EUR.USD"]],
  ["EUR", "JPY", "165", "crossed", ["EUR.USD", "USD.JPY"]],
])("%s to %s is %s, %s", async (from, to, rate, method, path) => {
  expect(await rates.get(from, to, 5_000)).toMatchObject({ rate, method, path });
});

test("a pair that nobody quotes -> an error, never a made-up rate", async () => {
  await expect(rates.get("CHF", "USD", 5_000)).rejects.toMatchObject({ code: "MARKET_DATA_UNAVAILABLE" });
});

test("a one-sided quote -> an error, never half a mid", async () => {
  await expect(rates.get("GBP", "USD", 5_000)).rejects.toMatchObject({ code: "MARKET_DATA_UNAVAILABLE" });
});
