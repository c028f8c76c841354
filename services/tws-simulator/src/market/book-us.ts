/**
 * US stocks and funds: symbol, conId, name, primary exchange, industry, category, subcategory, price, liveliness.
 * ConIds below 2,000,000,000 are those of IB; the ones from 2,000,000,000 on are made up for this simulator.
 */
export type UsStockRow = readonly [
  symbol: string,
  conId: number,
  longName: string,
  primaryExchange: "NASDAQ" | "NYSE" | "ARCA",
  industry: string,
  category: string,
  subcategory: string,
  referencePrice: string,
  liveliness: number,
];

export const US_STOCKS: readonly UsStockRow[] = [
  ["AAPL", 265598, "APPLE INC", "NASDAQ", "Technology", "Computers", "Computers", "231.40", 1],
  ["MSFT", 272093, "MICROSOFT CORP", "NASDAQ", "Technology", "Software", "Applications Software", "472.10", 1],
  ["GOOGL", 208813719, "ALPHABET INC-CL A", "NASDAQ", "Communications", "Internet", "Web Portals/ISP", "278.50", 1],
  ["AMZN", 3691937, "AMAZON.COM INC", "NASDAQ", "Communications", "Internet", "E-Commerce/Products", "224.80", 1.2],
  ["TSLA", 76792991, "TESLA INC", "NASDAQ", "Consumer, Cyclical", "Auto Manufacturers", "Auto-Cars", "391.20", 2],
  ["NVDA", 4815747, "NVIDIA CORP", "NASDAQ", "Technology", "Semiconductors", "Electronic Compo-Semicon", "181.30", 1.6],
  ["META", 107113386, "META PLATFORMS INC-CLASS A", "NASDAQ", "Communications", "Internet", "Internet Content", "592.60", 1.3],
  ["JPM", 2_000_000_001, "JPMORGAN CHASE & CO", "NYSE", "Financial", "Banks", "Diversified Banking Inst", "301.70", 0.9],
  ["V", 2_000_000_002, "VISA INC-CLASS A SHARES", "NYSE", "Financial", "Diversified Financial Services", "Finance", "331.90", 0.8],
  ["JNJ", 2_000_000_003, "JOHNSON & JOHNSON", "NYSE", "Consumer, Non-cyclical", "Pharmaceuticals", "Medical", "203.40", 0.6],
  ["WMT", 2_000_000_004, "WALMART INC", "NYSE", "Consumer, Cyclical", "Retail", "Retail-Discount", "104.10", 0.7],
  ["PG", 2_000_000_005, "PROCTER & GAMBLE CO/THE", "NYSE", "Consumer, Non-cyclical", "Cosmetics", "Cosmetics", "148.90", 0.6],
  ["XOM", 2_000_000_006, "EXXON MOBIL CORP", "NYSE", "Energy", "Oil & Gas", "Oil Comp-Integrated", "117.20", 0.9],
  ["BAC", 2_000_000_007, "BANK OF AMERICA CORP", "NYSE", "Financial", "Banks", "Diversified Banking Inst", "51.60", 1],
  ["KO", 8894, "COCA-COLA CO/THE", "NYSE", "Consumer, Non-cyclical", "Beverages", "Beverages", "71.30", 0.5],
  ["DIS", 2_000_000_009, "WALT DISNEY CO/THE", "NYSE", "Communications", "Media", "Multimedia", "106.40", 1],
  ["IBM", 8314, "INTL BUSINESS MACHINES CORP", "NYSE", "Technology", "Computers", "Computer Services", "297.40", 0.8],
  ["INTC", 270639, "INTEL CORP", "NASDAQ", "Technology", "Semiconductors", "Electronic Compo-Semicon", "34.50", 1.6],
  ["AMD", 4391, "ADVANCED MICRO DEVICES", "NASDAQ", "Technology", "Semiconductors", "Semiconductors", "203.80", 1.8],
  ["CSCO", 2_000_000_013, "CISCO SYSTEMS INC", "NASDAQ", "Technology", "Telecommunications", "Networking", "76.10", 0.8],
  ["NFLX", 2_000_000_014, "NETFLIX INC", "NASDAQ", "Communications", "Internet", "Internet Content", "104.30", 1.3],
  ["ADBE", 2_000_000_015, "ADOBE INC", "NASDAQ", "Technology", "Software", "Electronic Forms", "324.90", 1.2],
  ["CRM", 2_000_000_016, "SALESFORCE INC", "NYSE", "Technology", "Software", "Applications Software", "227.10", 1.2],
  ["ORCL", 2_000_000_017, "ORACLE CORP", "NYSE", "Technology", "Software", "Enterprise Software", "198.80", 1.4],
  ["BA", 4762, "BOEING CO/THE", "NYSE", "Industrial", "Aerospace/Defense", "Aerospace", "179.10", 1.3],
];

/** Listings of European companies in New York: their symbols exist in Europe too, in another currency. */
export const US_LISTINGS_OF_EUROPEANS: readonly UsStockRow[] = [
  ["SAP", 2_000_000_031, "SAP SE-SPONSORED ADR", "NYSE", "Technology", "Software", "Enterprise Software", "238.60", 1],
  ["ASML", 2_000_000_032, "ASML HOLDING NV-NY REG SHS", "NASDAQ", "Technology", "Semiconductors", "Equipment", "986.40", 1.3],
  ["VOD", 2_000_000_033, "VODAFONE GROUP PLC-SP ADR", "NASDAQ", "Communications", "Telecommunications", "Cellular", "12.21", 0.8],
];

export const US_FUNDS: readonly UsStockRow[] = [
  ["SPY", 756733, "SS SPDR S&P 500 ETF TRUST-US", "ARCA", "Funds", "Equity Fund", "Growth&Income", "659.00", 0.6],
  ["QQQ", 320227571, "INVESCO QQQ TRUST SERIES 1", "NASDAQ", "Funds", "Equity Fund", "Growth", "590.10", 0.8],
  ["IWM", 9579970, "ISHARES RUSSELL 2000 ETF", "ARCA", "Funds", "Equity Fund", "Small Cap", "235.60", 0.8],
  ["DIA", 2_000_000_041, "SS SPDR DJIA ETF TRUST", "ARCA", "Funds", "Equity Fund", "Large Cap", "462.40", 0.6],
  ["GLD", 2_000_000_042, "SPDR GOLD SHARES", "ARCA", "Funds", "Commodity Fund", "Gold", "374.30", 0.7],
  ["TLT", 2_000_000_043, "ISHARES 20+ YEAR TREASURY BOND ETF", "NASDAQ", "Funds", "Debt Fund", "Long Term", "89.60", 0.5],
  ["XLF", 2_000_000_044, "SS FINANCIAL SELECT SECTOR SPDR", "ARCA", "Funds", "Equity Fund", "Financial", "52.10", 0.7],
];
