import { covers } from "@countersign/testing/covers";
import { describe, expect, test } from "vitest";
import { expectGolden } from "../testing/golden.ts";
import { APPLE } from "../testing/order-fixture.ts";
import { encodeBondDetails } from "./encode-bond.ts";
import {
  type ContractDetailsView,
  encodeContractDetails,
  encodeContractDetailsEnd,
  encodeMarketRule,
  encodeOptionParameters,
  encodeOptionParametersEnd,
  encodeSymbolSamples,
} from "./encode-contract.ts";

const SHARE: ContractDetailsView = {
  contract: APPLE,
  lastTradeTime: "",
  fund: undefined,
  ineligibilityReasons: [],
  ...{ marketName: "NMS", minTick: "0.01", orderTypes: "LMT,MKT", validExchanges: "SMART,NASDAQ", priceMagnifier: 1 },
  ...{ underlyingConId: 0, longName: "APPLE INC", contractMonth: "", industry: "Technology", category: "Computers" },
  ...{ subcategory: "Computers", timeZoneId: "US/Eastern", tradingHours: "20261121:CLOSED", liquidHours: "L" },
  ...{ securityIds: [{ tag: "ISIN", value: "US0378331005" }], aggGroup: 1, underlyingSymbol: "", stockType: "COMMON" },
  ...{ underlyingSecType: "", marketRuleIds: "26,26", realExpirationDate: "", minSize: "1", sizeIncrement: "1" },
  suggestedSizeIncrement: "100",
};
const SHARE_LINE =
  "10|3|AAPL|STK|||0||SMART|USD|AAPL|NMS|NMS|265598|0.01||LMT,MKT|SMART,NASDAQ|1|0|APPLE INC|NASDAQ||Technology|" +
  "Computers|Computers|US/Eastern|20261121:CLOSED|L|||1|ISIN|US0378331005|1|||26,26||COMMON|1|1|100|0";
const FUND_VIEW = {
  ...{ name: "Vanguard 500", family: "Vanguard", type: "Blend", managementFee: "0.04" },
  ...{ minimumInitialPurchase: "3000", subsequentMinimumPurchase: "1", distributionPolicy: "Y", assetType: "004" },
};
const BOND_VIEW = {
  ...{ cusip: "91282CLW9", coupon: "4.25", maturity: "20341115", issueDate: "20241115", ratings: "AA+" },
  ...{ bondType: "GOVT", couponType: "FIXED", callable: true, descAppend: "T 4 1/4 11/15/34" },
};

function withSecType(secType: string): ContractDetailsView {
  return { ...SHARE, contract: { ...APPLE, secType } };
}

describe("contract details", () => {
  test("a share has 44 tokens", () => {
    covers("reply/contractData", "reply/contractDataEnd");
    expect(encodeContractDetails(3, SHARE, 193).tokens).toHaveLength(44);
    const [event] = expectGolden((sv) => encodeContractDetails(3, SHARE, sv), SHARE_LINE);
    expect(event?.args[1]).toMatchObject({ longName: "APPLE INC", minTick: 0.01, contract: { conId: 265598 } });
    expect(expectGolden(() => encodeContractDetailsEnd(3), "52|1|3")[0]?.name).toBe("contractDetailsEnd");
  });

  test("an option names its last trading day twice from 182 on, and its strike and right", () => {
    covers("gate/182");
    const contract = { ...APPLE, secType: "OPT", expiry: "20271217", strike: "230", right: "C", multiplier: "100" };
    const option = { ...SHARE, contract };
    const tokens = (serverVersion: number) => encodeContractDetails(3, option, serverVersion).tokens.slice(2, 8);
    expect(tokens(193)).toEqual(["AAPL", "OPT", "20271217", "20271217", "230", "C"]);
    expect(tokens(182)).toEqual(tokens(193));
    expect(tokens(181)).toEqual(["AAPL", "OPT", "20271217", "230", "C", "SMART"]);
    expectGolden(
      (sv) => encodeContractDetails(3, option, sv),
      SHARE_LINE.replace("STK|||0||", "OPT|20271217|20271217|230|C|").replace("0.01||", "0.01|100|"),
    );
  });

  test("a future names the hour of its last trade behind its expiry", () => {
    const contract = { ...APPLE, secType: "FUT", expiry: "20271217", multiplier: "5" };
    const future = { ...SHARE, contract, lastTradeTime: "08:30 US/Central" };
    const [event] = expectGolden(
      (sv) => encodeContractDetails(3, future, sv),
      SHARE_LINE.replace("STK|||", "FUT|20271217 08:30 US/Central|20271217|").replace("0.01||", "0.01|5|"),
    );
    expect(event?.args[1]).toMatchObject({ contract: { lastTradeDate: "20271217" } });
  });

  test("a fund carries 17 tokens more from 179 on", () => {
    covers("gate/179");
    const fund = { ...withSecType("FUND"), fund: FUND_VIEW };
    const count = (serverVersion: number) => encodeContractDetails(3, fund, serverVersion).tokens.length;
    expect([count(178), count(179), count(181)]).toEqual([42, 59, 59]);
    const [event] = expectGolden(
      (sv) => encodeContractDetails(3, fund, sv),
      `${SHARE_LINE.replace("STK", "FUND").slice(0, -1)}Vanguard 500|Vanguard|Blend|0|0||0.04|0|0|0||3000|1|All||Y|004|0`,
    );
    expect(event?.args[1]).toMatchObject({ fundFamily: "Vanguard", fundAssetType: "004", fundClosed: false });
  });

  test("reasons why it is not eligible are listed from 186 on", () => {
    covers("gate/186");
    const view = { ...SHARE, ineligibilityReasons: [{ id: "R1", description: "Not for this account" }] };
    expect(encodeContractDetails(3, view, 185).tokens.at(-1)).toBe("100");
    const [event] = expectGolden(
      (sv) => encodeContractDetails(3, view, sv),
      `${SHARE_LINE.slice(0, -1)}1|R1|Not for this account`,
    );
    expect(event?.args[1]).toMatchObject({ ineligibilityReasonList: [{ id: "R1" }] });
  });
});

test("a bond has its own message, which carries the trading hours from 188 on", () => {
  covers("reply/bondContractData", "gate/188");
  const bond = { details: withSecType("BOND"), bond: BOND_VIEW };
  const [event] = expectGolden(
    (sv) => encodeBondDetails(3, bond, sv),
    "18|3|AAPL|BOND|91282CLW9|4.25|20341115|20241115|AA+|GOVT|FIXED|0|1|0|T 4 1/4 11/15/34|SMART|USD|NMS|NMS|265598|" +
      "0.01|LMT,MKT|SMART,NASDAQ|||0||APPLE INC|US/Eastern|20261121:CLOSED|L|||1|ISIN|US0378331005|1|26,26|1|1|100",
  );
  expect(event?.args[1]).toMatchObject({ cusip: "91282CLW9", coupon: 4.25, callable: true, liquidHours: "L" });
  const count = (serverVersion: number) => encodeBondDetails(3, bond, serverVersion).tokens.length;
  expect(count(188) - count(187)).toBe(3);
});

test("symbol samples, market rule, option parameters", () => {
  covers("reply/symbolSamples", "reply/marketRule", "reply/secDefOptParam", "reply/secDefOptParamEnd");
  const sample = {
    ...{ conId: 1, symbol: "A", secType: "STK", primaryExchange: "NYSE", currency: "USD" },
    ...{ derivatives: ["OPT", "FUT"], description: "A CO" },
  };
  const [samples] = expectGolden(() => encodeSymbolSamples(3, [sample]), "79|3|1|1|A|STK|NYSE|USD|2|OPT|FUT|A CO|");
  expect(samples?.args[1]).toMatchObject([{ derivativeSecTypes: ["OPT", "FUT"], contract: { description: "A CO" } }]);
  const increments = [
    { lowEdge: "0", increment: "0.01" },
    { lowEdge: "3", increment: "0.05" },
  ];
  const [rule] = expectGolden(() => encodeMarketRule(110, increments), "93|110|2|0|0.01|3|0.05");
  expect(rule?.args[0]).toBe(110);
  const view = { exchange: "CBOE", underlyingConId: 1, tradingClass: "A", multiplier: "100" };
  const [parameters] = expectGolden(
    () => encodeOptionParameters(5, { ...view, expirations: ["20271217"], strikes: ["200", "210.5"] }),
    "75|5|CBOE|1|A|100|1|20271217|2|200|210.5",
  );
  expect(parameters?.args.slice(-1)).toEqual([[200, 210.5]]);
  expectGolden(() => encodeOptionParametersEnd(5), "76|5");
});
