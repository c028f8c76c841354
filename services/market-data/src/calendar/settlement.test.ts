import { join } from "node:path";
import type { Instrument } from "@countersign/contracts/instrument";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addDays, weekdayOf } from "./dates.ts";
import { readExchanges } from "./exchange-file.ts";
import { settlementOf } from "./settlement.ts";

const exchanges = readExchanges(join(import.meta.dirname, "../../../../config"));
const instrument = (changes: Partial<Instrument>) =>
  ({
    secType: "STK",
    primaryExchange: "NASDAQ",
    exchange: "SMART",
    currency: "USD",
    lastTradeDate: "",
    ...changes,
  }) as Instrument;
const settles = (changes: Partial<Instrument>, tradeDate: string) => {
  const reply = settlementOf(exchanges, instrument(changes), tradeDate);
  return reply.outcome === "ok" ? reply.value.settlementDate : reply.denial.code;
};
const stock = (primaryExchange: string) => ({ primaryExchange });
const pair = (symbol: string, currency: string) => ({ secType: "CASH", symbol, currency, primaryExchange: "" });

describe("a trade settles", () => {
  test.each([
    ["one day later in New York", stock("NASDAQ"), "2026-11-23", "2026-11-24"],
    ["two days later before that changed", stock("NYSE"), "2024-05-24", "HOLIDAYS_UNKNOWN"],
    ["over a weekend", stock("NYSE"), "2026-11-20", "2026-11-23"],
    ["over Thanksgiving", stock("NYSE"), "2026-11-25", "2026-11-27"],
    ["traded on Columbus Day, when banks are closed", stock("NYSE"), "2026-10-12", "2026-10-13"],
    ["not on Columbus Day", stock("NYSE"), "2026-10-09", "2026-10-13"],
    ["two days later in Frankfurt", stock("IBIS"), "2026-11-23", "2026-11-25"],
    [
      "on the day before Christmas, when Xetra is closed and the euro is paid",
      stock("IBIS"),
      "2026-12-22",
      "2026-12-24",
    ],
    ["two days later on the last day before the planned change", stock("LSE"), "2027-10-08", "2027-10-12"],
    ["one day later from the planned change on", stock("LSE"), "2027-10-11", "2027-10-12"],
    ["one day later in Mumbai", stock("NSE"), "2026-11-23", "2026-11-25"],
    ["two days later in Tokyo", stock("TSEJ"), "2026-11-20", "2026-11-25"],
    ["over New Year into a year that is known", stock("TSEJ"), "2026-12-30", "2027-01-05"],
    ["over New Year into a year that is not", stock("NSE"), "2026-12-31", "HOLIDAYS_UNKNOWN"],
    ["where no holidays are known", stock("TADAWUL"), "2026-11-23", "HOLIDAYS_UNKNOWN"],
    ["where the table has no exchange", stock("MOON"), "2026-11-23", "SETTLEMENT_UNKNOWN"],
    ["on a day without trading", stock("NYSE"), "2026-11-26", "INVALID_ARGUMENT"],
    ["on a Saturday", stock("NYSE"), "2026-11-21", "INVALID_ARGUMENT"],
    ["on a date that is none", stock("NYSE"), "2026-02-30", "INVALID_ARGUMENT"],
    [
      "an option of New York",
      { secType: "OPT", primaryExchange: "", lastTradeDate: "20261218" },
      "2026-11-25",
      "2026-11-27",
    ],
    ["a future", { secType: "FUT", lastTradeDate: "20261218 08:30 US/Central" }, "2026-11-25", "SETTLEMENT_UNKNOWN"],
    ["after its last day", { secType: "OPT", lastTradeDate: "20261120" }, "2026-11-23", "INVALID_ARGUMENT"],
  ])("%s", (_name, changes, tradeDate, expected) => expect(settles(changes, tradeDate)).toBe(expected));

  test.each([
    ["two days", pair("EUR", "USD"), "2026-11-23", "2026-11-25"],
    ["one day for the Canadian dollar", pair("USD", "CAD"), "2026-11-23", "2026-11-24"],
    ["one day for the lira", pair("USD", "TRY"), "2026-11-23", "2026-11-24"],
    ["never on a holiday of the dollar, of a cross neither", pair("EUR", "GBP"), "2026-11-24", "2026-11-27"],
    ["a holiday of the dollar in between counts as a day", pair("EUR", "USD"), "2026-11-10", "2026-11-12"],
    ["a holiday of the yen in between does not", pair("USD", "JPY"), "2026-11-20", "2026-11-25"],
    ["not at Easter", pair("EUR", "USD"), "2026-04-02", "2026-04-08"],
    ["a currency without a calendar", pair("USD", "SEK"), "2026-11-23", "HOLIDAYS_UNKNOWN"],
    ["on a Sunday", pair("EUR", "USD"), "2026-11-22", "INVALID_ARGUMENT"],
  ])("spot currencies: %s", (_name, changes, tradeDate, expected) =>
    expect(settles(changes, tradeDate)).toBe(expected),
  );
});

test("never before the trade plus its cycle, never on a closed day, and a later trade never settles earlier", () => {
  const known = exchanges.list().filter(({ settlement }) => settlement.yearsKnown.includes(2026));
  fc.assert(
    fc.property(fc.constantFrom(...known), fc.integer({ min: 0, max: 340 }), (exchange, day) => {
      const code = exchange.codes[0] ?? "";
      const date = addDays("2026-01-01", day);
      const reply = settlementOf(exchanges, instrument(stock(code)), date);
      if (reply.outcome === "denied") {
        expect(reply.denial.code).toBe("INVALID_ARGUMENT");
        return;
      }
      const { settlementDate, cycleDays } = reply.value;
      expect(settlementDate >= addDays(date, cycleDays)).toBe(true);
      expect(exchange.weekend).not.toContain(weekdayOf(settlementDate));
      expect(exchanges.settlementDays(exchange)?.closed.get(2026)?.has(settlementDate)).toBe(false);
      const next = settlementOf(exchanges, instrument(stock(code)), addDays(date, 1));
      if (next.outcome === "ok") expect(next.value.settlementDate >= settlementDate).toBe(true);
    }),
    { numRuns: 1_000 },
  );
});
