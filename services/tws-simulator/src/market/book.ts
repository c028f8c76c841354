import { AAPL_CHAIN, futures, indices, optionChain, SPY_CHAIN } from "./book-derivatives.ts";
import { forexPairs } from "./book-forex.ts";
import { otherKinds } from "./book-kinds.ts";
import { listings } from "./book-listings.ts";
import { EUROPEAN_LISTINGS, type EuropeanRow, MES } from "./book-other.ts";
import { US_FUNDS, US_ISINS, US_LISTINGS_OF_EUROPEANS, US_STOCKS, type UsStockRow } from "./book-us.ts";
import { type Instrument, PLAIN } from "./instrument.ts";

const US_VENUES = ["SMART", "AMEX", "NYSE", "CBOE", "PHLX", "ISE", "CHX", "ARCA", "ISLAND", "DRCTEDGE", "BEX", "BATS"];
const US_STOCK_VENUES = [...US_VENUES, "EDGEA", "BYX", "IEX", "EDGX", "FOXRIVER", "PEARL", "NYSENAT", "LTSE", "MEMX"];

function usStock(row: UsStockRow, stockType: "COMMON" | "ETF" | "ADR"): Instrument {
  const [symbol, conId, longName, primaryExchange, industry, category, subcategory, referencePrice, liveliness] = row;
  const marketName = primaryExchange === "NASDAQ" ? "NMS" : symbol;
  return {
    ...PLAIN,
    ...{ conId, symbol, longName, primaryExchange, industry, category, subcategory, referencePrice, liveliness },
    secType: "STK",
    currency: "USD",
    exchange: "SMART",
    validExchanges: primaryExchange === "NASDAQ" ? [...US_STOCK_VENUES, "NASDAQ"] : US_STOCK_VENUES,
    fillVenue: primaryExchange === "NYSE" ? "NYSE" : primaryExchange === "ARCA" ? "ARCA" : "ISLAND",
    localSymbol: symbol,
    tradingClass: marketName,
    marketName,
    stockType,
    isin: US_ISINS.get(symbol) ?? "",
    marketRuleId: 26,
    minTick: "0.01",
    sizeIncrement: "1",
    suggestedSize: "100",
    hours: "usStock",
    displayedSize: 1000,
    spreadTicks: 2,
  };
}

function european(row: EuropeanRow): Instrument {
  return {
    ...PLAIN,
    ...row,
    secType: "STK",
    primaryExchange: row.exchange,
    exchange: "SMART",
    validExchanges: ["SMART", row.exchange, ...(row.exchange === "IBIS" ? ["GETTEX", "TGATE"] : [])],
    fillVenue: row.exchange,
    marketName: row.tradingClass,
    stockType: "COMMON",
    liveliness: 1,
    displayedSize: 1000,
    spreadTicks: 2,
  };
}

function future(): Instrument {
  return {
    ...PLAIN,
    ...MES,
    symbol: "MES",
    secType: "FUT",
    currency: "USD",
    exchange: "CME",
    primaryExchange: "",
    validExchanges: ["CME", "QBALGO"],
    fillVenue: "CME",
    tradingClass: "MES",
    marketName: "MES",
    longName: "Micro E-Mini S&P 500 Stock Price Index",
    industry: "Indices",
    category: "Broad Range Equity Index",
    multiplier: "5",
    underlyingConId: 2_000_000_060,
    underlyingSymbol: "MES",
    underlyingSecType: "IND",
    marketRuleId: 67,
    minTick: "0.25",
    hours: "cme",
    liveliness: 0.6,
    displayedSize: 50,
  };
}

/** Above every conId of the book. */
const MADE_UP_FROM = 2_100_000_000;

function madeUpStock(_: unknown, index: number): Instrument {
  const name = `MADE UP ${index + 1} INC`;
  const kind = ["Technology", "Computers", "Computers"] as const;
  return usStock([`ZQ${index + 1}`, MADE_UP_FROM + index, name, "NASDAQ", ...kind, "100.00", 0.5], "COMMON");
}

/** The whole shipped book, and so many stocks more for those who need many. Fails when two instruments share a conId. */
export function buildBook(madeUpStocks = 0): ReadonlyMap<number, Instrument> {
  const stocks = US_STOCKS.map((row) => usStock(row, "COMMON"));
  const funds = US_FUNDS.map((row) => usStock(row, "ETF"));
  const mes = future();
  const all = [
    ...stocks,
    ...US_LISTINGS_OF_EUROPEANS.map((row) => usStock(row, "ADR")),
    ...funds,
    ...EUROPEAN_LISTINGS.map(european),
    ...listings(),
    ...forexPairs(),
    mes,
    ...futures(),
    ...indices(),
    ...optionChain(named(stocks, "AAPL"), AAPL_CHAIN),
    ...optionChain(named(funds, "SPY"), SPY_CHAIN),
    ...otherKinds(mes),
    ...Array.from({ length: madeUpStocks }, madeUpStock),
  ];
  const book = new Map(all.map((instrument) => [instrument.conId, instrument]));
  if (book.size !== all.length) throw new Error("two instruments of the book share a conId");
  return book;
}

function named(instruments: readonly Instrument[], symbol: string): Instrument {
  const found = instruments.find((instrument) => instrument.symbol === symbol);
  if (found === undefined) throw new Error(`the book has no ${symbol} to hang its options on`);
  return found;
}
