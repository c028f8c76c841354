import { type Instrument, PLAIN } from "./instrument.ts";

type Row = readonly [pair: string, conId: number, price: string];

/** The pairs that trade at IDEALPRO. ConIds below 2,000,000,000 are those of IB. */
const MAJORS: readonly Row[] = [
  ["EUR.USD", 12087792, "1.15200"],
  ["GBP.USD", 12087797, "1.31050"],
  ["USD.JPY", 15016059, "156.500"],
  ["USD.CHF", 12087820, "0.80700"],
  ["AUD.USD", 14433401, "0.64600"],
  ["USD.CAD", 15016062, "1.41000"],
  ["NZD.USD", 39453441, "0.56100"],
  ["EUR.GBP", 12087807, "0.87900"],
  ["EUR.JPY", 14321016, "180.300"],
  ["GBP.JPY", 14321015, "205.100"],
  ["CHF.JPY", 2_000_000_111, "193.900"],
  ["EUR.CHF", 12087817, "0.92950"],
  ["AUD.JPY", 2_000_000_113, "101.100"],
  ["CAD.JPY", 2_000_000_114, "111.000"],
  ["NZD.JPY", 2_000_000_115, "87.800"],
  ["EUR.AUD", 2_000_000_116, "1.78300"],
  ["EUR.NZD", 2_000_000_117, "2.05300"],
  ["GBP.AUD", 2_000_000_118, "2.02900"],
  ["GBP.NZD", 2_000_000_119, "2.33600"],
  ["AUD.CAD", 2_000_000_120, "0.91050"],
  ["AUD.NZD", 2_000_000_121, "1.15150"],
];

/** One pair with the dollar for every other currency of the book, so that each account value has a rate. */
const OTHERS: readonly Row[] = [
  ["USD.AED", 2_000_000_131, "3.67250"],
  ["USD.BRL", 2_000_000_132, "5.34000"],
  ["USD.CNH", 113342317, "7.11000"],
  ["USD.CZK", 2_000_000_134, "21.0300"],
  ["USD.DKK", 2_000_000_135, "6.48000"],
  ["USD.EGP", 2_000_000_136, "47.5500"],
  ["USD.HKD", 2_000_000_137, "7.78400"],
  ["USD.HUF", 2_000_000_138, "331.500"],
  ["USD.IDR", 2_000_000_139, "16700.0"],
  ["USD.ILS", 2_000_000_140, "3.26000"],
  ["USD.INR", 2_000_000_141, "88.7000"],
  ["USD.KRW", 2_000_000_142, "1470.00"],
  ["USD.MXN", 2_000_000_143, "18.4500"],
  ["USD.MYR", 2_000_000_144, "4.15000"],
  ["USD.NOK", 2_000_000_145, "10.1800"],
  ["USD.PLN", 2_000_000_146, "3.68000"],
  ["USD.SAR", 2_000_000_147, "3.75000"],
  ["USD.SEK", 2_000_000_148, "9.53000"],
  ["USD.SGD", 2_000_000_149, "1.30600"],
  ["USD.THB", 2_000_000_150, "32.4500"],
  ["USD.TRY", 2_000_000_151, "42.3500"],
  ["USD.TWD", 2_000_000_152, "31.3000"],
  ["USD.ZAR", 2_000_000_153, "17.2000"],
];

const NAMES: Readonly<Record<string, string>> = {
  EUR: "European Monetary Union Euro",
  GBP: "British pound",
  USD: "United States dollar",
  AUD: "Australian dollar",
  NZD: "New Zealand dollar",
  CHF: "Swiss franc",
  CAD: "Canadian dollar",
};
/** Pegged or managed against the dollar: hardly any moves. */
const QUIET: ReadonlySet<string> = new Set(["AED", "HKD", "SAR"]);

export function forexPairs(): Instrument[] {
  return [...MAJORS, ...OTHERS].map(pair);
}

function pair([localSymbol, conId, referencePrice]: Row): Instrument {
  const [symbol = "", currency = ""] = localSymbol.split(".");
  // Half a pip: the pip is the fourth decimal, and the second where one dollar is a hundred units or more.
  const small = Number(referencePrice) < 20;
  return {
    ...PLAIN,
    ...{ conId, symbol, currency, localSymbol, referencePrice },
    secType: "CASH",
    exchange: "IDEALPRO",
    primaryExchange: "",
    validExchanges: ["IDEALPRO"],
    fillVenue: "IDEALPRO",
    tradingClass: localSymbol,
    marketName: localSymbol,
    longName: NAMES[symbol] ?? symbol,
    marketRuleId: small ? 239 : 59,
    minTick: small ? "0.00005" : "0.005",
    minSize: "0.01",
    sizeIncrement: "0.01",
    suggestedSize: "1000",
    hours: "forex",
    liveliness: QUIET.has(currency) ? 0.01 : 0.25,
    displayedSize: 2_000_000,
  };
}
