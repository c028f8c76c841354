import { describe, expect, test } from "vitest";
import type { WireDetails } from "../session/wire.ts";
import { instrumentOf } from "./contracts.ts";

/** As the reader of TWS's frames hands it over: what was empty or 0 there is null here. */
const described = (secType: string, multiplier: string | null) =>
  ({
    contract: {
      ...{ conid: 2_000_000_071, symbol: "AAPL", secType, multiplier, exchange: "SMART", primaryExchange: "" },
      ...{ currency: "USD", localSymbol: "", tradingClass: "", lastTradeDate: "20261218", strike: "230", right: "C" },
    },
    ...{ longName: "APPLE INC", minTick: "0.01", minSize: "1", sizeIncrement: "1", orderTypes: "LMT", industry: "" },
    ...{ validExchanges: "SMART", category: "", timeZoneId: "US/Eastern", tradingHours: "", liquidHours: "" },
    underlyingConid: 265598,
  }) as WireDetails;

describe("the multiplier of a contract", () => {
  test.each(["FUT", "CONTFUT", "OPT", "FOP", "WAR", "IOPT"])(
    "%s without one -> refused, never taken for 1",
    (secType) => {
      expect(() => instrumentOf(described(secType, null))).toThrow(`TWS gives no multiplier for ${secType} 2000000071`);
      expect(instrumentOf(described(secType, "100")).multiplier).toBe("100");
    },
  );
  test.each(["STK", "CASH", "CFD", "CRYPTO", "IND"])(
    "%s without one -> 1: it is counted in units of its price",
    (secType) => {
      expect(instrumentOf(described(secType, null)).multiplier).toBe("1");
    },
  );
  test.each([
    ["STK", null, 100, "0.01"],
    ["FUT", "5000", 100, "50"],
    ["FUT", "1000", 3, "333.33333334"],
    ["FUT", "50", 1, "50"],
    ["STK", null, null, "1"],
  ])(
    "%s of %s, in prices that TWS magnifies by %s -> %s: what one unit is worth at a price of 1",
    (secType, multiplier, priceMagnifier, expected) => {
      expect(instrumentOf({ ...described(secType, multiplier), priceMagnifier }).multiplier).toBe(expected);
    },
  );
  test.each([0, -100])("prices that TWS magnifies by %s -> refused", (priceMagnifier) => {
    const details = { ...described("STK", null), priceMagnifier };
    expect(() => instrumentOf(details)).toThrow(`TWS magnifies prices of 2000000071 by ${priceMagnifier}`);
  });
});
