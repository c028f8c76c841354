const AAPL = { conid: 265598 };
const anywhere = { exchange: null, currency: null };
const bySymbol = (symbol: string) => ({
  ...{ symbol, ...anywhere, secType: "STK", currency: "USD" },
  ...{ expiry: null, strike: null, right: null, multiplier: null, tradingClass: null },
});
const ofChain = { ...AAPL, exchange: null, tradingClass: null };
/** Two calls on AAPL of the simulator's book. */
const [LOW, HIGH] = [2_000_000_071, 2_000_000_072];

/** One example of every question about markets that the admin API takes, by the last part of its path. */
export const MARKET_QUESTIONS: Readonly<Record<string, object>> = {
  quote: { ...AAPL, maxAgeMs: 5_000 },
  contract: AAPL,
  details: { ...AAPL, maxAgeMs: 60_000 },
  resolve: { by: bySymbol("AAPL") },
  "resolve-many": { items: [AAPL, bySymbol("NOSUCH")] },
  chain: { ...ofChain, expiryFrom: null, expiryTo: null, strikeFrom: null, strikeTo: null },
  "chain-contracts": { ...ofChain, expirations: ["20271217"], strikes: ["200", "210"], right: "C", values: false },
  futures: { symbol: "MES", ...anywhere, tradingClass: null, multiplier: null, includeExpired: false },
  combo: {
    legs: [
      { by: { conid: LOW }, action: "BUY", ratio: 1 },
      { by: { conid: HIGH }, action: "SELL", ratio: 1 },
    ],
  },
  session: AAPL,
  calendar: { ...AAPL, pastDays: 1 },
  exchange: { name: "NASDAQ" },
  settlement: { ...AAPL, tradeDate: "2026-11-24" },
  convert: { amount: { amount: "100", currency: "EUR" }, to: "USD", side: "mid", maxAgeMs: 60_000 },
  "currency-pairs": { currency: "EUR" },
  depth: { ...AAPL, rows: 5, smart: true, maxAgeMs: 0 },
  histogram: { ...AAPL, days: 3, regularHoursOnly: true, maxAgeMs: 60_000 },
  "scan-catalogue": { maxAgeMs: 60_000 },
  scan: {
    ...{ instrument: "STK", location: "STK.US.MAJOR", scan: "TOP_PERC_GAIN", rows: 5, maxAgeMs: 60_000 },
    ...{ priceAbove: null, priceBelow: null, volumeAbove: null },
  },
  "news-sources": { maxAgeMs: 60_000 },
  "news-headlines": { ...AAPL, providers: ["BRFG"], from: null, until: null, limit: 3, maxAgeMs: 60_000 },
  // Nobody wrote it: the broker's refusal is an answer by the document too.
  "news-article": { provider: "BRFG", articleId: "BRFG$1", maxAgeMs: 60_000 },
};

type Read = [method: string, path: string, body: Record<string, unknown> | undefined];
const ofAccount = (what: string): Read => ["GET", `/api/v1/accounts/DU1234567/${what}`, undefined];

/** What is asked of the broker, who may refuse it in his own words. */
export const READS: Read[] = [
  ...["summary", "positions", "executions", "pnl?modelCode=x", "positions/265598/pnl", "window", "limits"].map(
    ofAccount,
  ),
  ...Object.entries(MARKET_QUESTIONS).map(([name, body]): Read => ["POST", `/api/v1/market/${name}`, { ...body }]),
];
