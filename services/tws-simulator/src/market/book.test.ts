import { describe, expect, test } from "vitest";
import { buildBook } from "./book.ts";
import { EXCHANGE_HOURS } from "./exchange-hours.ts";
import { findAll } from "./find-instrument.ts";
import type { Instrument } from "./instrument.ts";
import { MARKET_RULES } from "./market-rules.ts";

const book = buildBook();
const all = [...book.values()];
const QUERY = {
  ...{ conId: 0, symbol: "", secType: "", expiry: "", strike: undefined, right: "", multiplier: "", exchange: "" },
  ...{ primaryExchange: "", currency: "", localSymbol: "", tradingClass: "" },
};

/** Common names of exchanges, the code that IB gives each, its currency, its time zone, its usual hours. */
const EXCHANGES = [
  ["XETRA", "IBIS", "EUR", "Europe/Berlin", "0900-1730"],
  ["IBIS2", "IBIS2", "EUR", "Europe/Berlin", "0900-1730"],
  ["SBF", "SBF", "EUR", "Europe/Paris", "0900-1730"],
  ["AEB", "AEB", "EUR", "Europe/Amsterdam", "0900-1730"],
  ["MIL", "BVME", "EUR", "Europe/Rome", "0900-1730"],
  ["BME", "BM", "EUR", "Europe/Madrid", "0900-1730"],
  ["Vienna", "VSE", "EUR", "Europe/Vienna", "0900-1730"],
  ["BEL", "ENEXT.BE", "EUR", "Europe/Brussels", "0900-1730"],
  ["HEX", "HEX", "EUR", "Europe/Helsinki", "1000-1830"],
  ["GETTEX", "GETTEX", "EUR", "Europe/Berlin", "0800-2200"],
  ["TRADEGATE", "TGATE", "EUR", "Europe/Berlin", "0800-2200"],
  ["LSE", "LSE", "GBP", "Europe/London", "0800-1630"],
  ["LSEETF", "LSEETF", "GBP", "Europe/London", "0800-1630"],
  ["SWX", "EBS", "CHF", "Europe/Zurich", "0900-1730"],
  ["KFX", "CPH", "DKK", "Europe/Copenhagen", "0900-1700"],
  ["OSE", "OSE", "NOK", "Europe/Oslo", "0900-1620"],
  ["OMX", "SFB", "SEK", "Europe/Stockholm", "0900-1730"],
  ["WSE", "WSE", "PLN", "Europe/Warsaw", "0900-1700"],
  ["NYSE", "NYSE", "USD", "America/New_York", "0930-1600"],
  ["NASDAQ", "NASDAQ", "USD", "America/New_York", "0930-1600"],
  ["ARCA", "ARCA", "USD", "America/New_York", "0930-1600"],
  ["BATS", "BATS", "USD", "America/New_York", "0930-1600"],
  ["IEX", "IEX", "USD", "America/New_York", "0930-1600"],
  ["SMART", "SMART", "USD", "America/New_York", "0930-1600"],
  ["TSX", "TSE", "CAD", "America/Toronto", "0930-1600"],
  ["TSXV", "VENTURE", "CAD", "America/Toronto", "0930-1600"],
  ["B3", "B3", "BRL", "America/Sao_Paulo", "1000-1800"],
  ["MEXI", "MEXI", "MXN", "America/Mexico_City", "0830-1500"],
  ["TSE of Japan", "TSEJ", "JPY", "Asia/Tokyo", "0900-1130,1230-1530"],
  ["SEHK", "SEHK", "HKD", "Asia/Hong_Kong", "0930-1200,1300-1600"],
  ["KSE", "KSE", "KRW", "Asia/Seoul", "0900-1530"],
  ["ASX", "ASX", "AUD", "Australia/Sydney", "1000-1600"],
  ["TWSE", "TWSE", "TWD", "Asia/Taipei", "0900-1330"],
  ["SSE", "SEHKNTL", "CNH", "Asia/Shanghai", "0930-1130,1300-1500"],
  ["SZSE", "SEHKSZSE", "CNH", "Asia/Shanghai", "0930-1130,1300-1500"],
  ["NSE", "NSE", "INR", "Asia/Kolkata", "0915-1530"],
  ["SGX", "SGX", "SGD", "Asia/Singapore", "0900-1200,1300-1700"],
  ["SET", "SET", "THB", "Asia/Bangkok", "1000-1230,1400-1630"],
  ["IDX", "IDX", "IDR", "Asia/Jakarta", "0900-1200,1330-1550"],
  ["KLSE", "KLSE", "MYR", "Asia/Kuala_Lumpur", "0900-1230,1430-1700"],
  ["NZX", "NZX", "NZD", "Pacific/Auckland", "1000-1645"],
  ["TASE", "TASE", "ILS", "Asia/Jerusalem", "0959-1725"],
  ["TADAWUL", "TADAWUL", "SAR", "Asia/Riyadh", "1000-1500"],
  ["EGX", "EGX", "EGP", "Africa/Cairo", "1000-1430"],
  ["JSE", "JSE", "ZAR", "Africa/Johannesburg", "0900-1700"],
] as const;

const PAIRS = [
  ..."EURUSD GBPUSD USDJPY USDCHF AUDUSD USDCAD NZDUSD EURGBP EURJPY GBPJPY CHFJPY".split(" "),
  ..."EURCHF AUDJPY CADJPY NZDJPY EURAUD EURNZD GBPAUD GBPNZD AUDCAD AUDNZD".split(" "),
];

function hhmm(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, "0")}${String(minute % 60).padStart(2, "0")}`;
}

function offsetMinutes(zone: string, atMs: number): number {
  const shown = new Date(atMs).toLocaleString("en-US", { timeZone: zone });
  return (Date.parse(`${shown} UTC`) - atMs) / 60_000;
}

/** The check digit of an ISIN: letters as two digits, then Luhn. */
function isinHolds(isin: string): boolean {
  const digits = [...isin].map((character) => String(Number.parseInt(character, 36))).join("");
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const value = Number(digit) * (index % 2 === 0 ? 1 : 2);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return /^[A-Z]{2}[A-Z0-9]{9}\d$/.test(isin) && sum % 10 === 0;
}

describe("exchanges", () => {
  test.each(EXCHANGES)(
    "%s is %s: two instruments in %s, by the clock of %s, %s",
    (_name, code, currency, zone, hours) => {
      const listed = all.filter(
        (each) => each.secType === "STK" && each.currency === currency && each.validExchanges.includes(code),
      );
      expect(listed.length).toBeGreaterThanOrEqual(2);
      for (const instrument of listed) {
        const { conId, symbol, localSymbol } = instrument;
        expect(findAll(book, { ...QUERY, symbol, secType: "STK", exchange: code, currency })).toContain(instrument);
        expect(findAll(book, { ...QUERY, localSymbol, secType: "STK", exchange: code, currency })).toContain(
          instrument,
        );
        expect(findAll(book, { ...QUERY, conId, exchange: code })).toEqual([instrument]);
      }
      const own = listed.find((each) => each.primaryExchange === code) ?? listed[0];
      const isOffFloor = code === "GETTEX" || code === "TGATE";
      const found = EXCHANGE_HOURS[isOffFloor ? "offFloor" : (own as Instrument).hours];
      for (const atMs of [Date.UTC(2026, 0, 15, 12), Date.UTC(2026, 6, 15, 12)]) {
        expect(offsetMinutes(found.timeZoneId, atMs)).toBe(offsetMinutes(zone, atMs));
      }
      const sessions = found.liquid.map(({ openMinute, closeMinute }) => `${hhmm(openMinute)}-${hhmm(closeMinute)}`);
      expect(sessions.join(",")).toBe(hours);
    },
  );
});

describe("currencies", () => {
  test.each(PAIRS)("%s trades at IDEALPRO and nowhere else", (pair) => {
    const [symbol, currency] = [pair.slice(0, 3), pair.slice(3)];
    const [found, ...others] = findAll(book, { ...QUERY, symbol, currency, secType: "CASH", exchange: "IDEALPRO" });
    expect(found).toMatchObject({ localSymbol: `${symbol}.${currency}`, marketName: `${symbol}.${currency}` });
    expect(found).toMatchObject({ validExchanges: ["IDEALPRO"], minSize: "0.01" });
    expect(others).toEqual([]);
  });

  test("every currency of the book has a pair with the dollar", () => {
    const withDollar = all.filter((each) => each.secType === "CASH" && [each.symbol, each.currency].includes("USD"));
    const covered = new Set(withDollar.flatMap((each) => [each.symbol, each.currency]));
    expect([...new Set(all.map((each) => each.currency))].filter((currency) => !covered.has(currency))).toEqual([]);
  });
});

describe("every instrument", () => {
  test("each kind of security is there, an option chain and a series of futures among them", () => {
    const counts = new Map<string, number>();
    for (const { secType, stockType } of all) {
      const kind = stockType === "ETF" ? "ETF" : secType;
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
    }
    for (const kind of ["STK", "ETF", "CASH", "FUT", "OPT", "FOP", "IND", "BOND", "CRYPTO", "FUND"]) {
      expect(counts.get(kind) ?? 0, kind).toBeGreaterThanOrEqual(2);
    }
    expect(findAll(book, { ...QUERY, symbol: "ES", secType: "FUT", exchange: "CME" })).toHaveLength(4);
    const chain = { ...QUERY, symbol: "SPY", secType: "OPT", exchange: "SMART", expiry: "20270618", right: "P" };
    expect(findAll(book, chain)).toHaveLength(9);
  });

  test("ISINs pass their check digit", () => {
    expect(
      all.filter(({ isin }) => isin !== "" && !isinHolds(isin)).map(({ symbol, isin }) => `${symbol} ${isin}`),
    ).toEqual([]);
  });

  test("has a market rule that begins with its tick, an underlying that exists, a venue that is none of a router", () => {
    for (const each of all) {
      const rule = MARKET_RULES.get(each.marketRuleId);
      expect(rule?.[0]?.lowEdge, each.localSymbol).toBe("0");
      expect(Number(each.minTick), each.localSymbol).toBeGreaterThanOrEqual(Number(rule?.[0]?.increment));
      if (each.secType === "OPT" || each.secType === "FOP") expect(book.has(each.underlyingConId)).toBe(true);
      expect(each.fillVenue).not.toBe("SMART");
      expect(each.validExchanges).toContain(each.exchange);
    }
  });

  test("increments of a market rule rise with the price", () => {
    for (const [number, rule] of MARKET_RULES) {
      rule.slice(1).forEach((row, index) => {
        expect(Number(row.lowEdge), String(number)).toBeGreaterThan(Number(rule[index]?.lowEdge));
        expect(Number(row.increment), String(number)).toBeGreaterThan(Number(rule[index]?.increment));
      });
    }
  });
});
