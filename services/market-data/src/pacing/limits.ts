/** One of the broker's limits. */
export interface Limit {
  /** So many in the window; without a window, so many at once. */
  readonly max: number;
  /** Length of the sliding window in ms; null: what counts is how many are open at once. */
  readonly windowMs: number | null;
  /** From when one counts as gone: when it was sent, or when its answer came, which is never before it reached the broker. */
  readonly from: "sent" | "answered";
  readonly text: string;
  readonly source: string;
}

const HISTORICAL = "TWS API, Historical Data Limitations";
const MARKET_DATA = "TWS API, Market Data Lines";

/** The limits of TWS for one connection and its user. Configuration may go below them and never above. */
export const LIMITS = {
  messages: {
    max: 50,
    windowMs: 1_000,
    from: "sent",
    text: "Messages in a second over one connection; broker-gateway holds the whole connection below it",
    source: "TWS API, error 100",
  },
  historical: {
    max: 60,
    windowMs: 600_000,
    from: "answered",
    text: "Requests for bars of 30 s or less and for real-time bars; BID_ASK counts twice",
    source: HISTORICAL,
  },
  identical: {
    max: 1,
    windowMs: 15_000,
    from: "answered",
    text: "The same request for historical data",
    source: HISTORICAL,
  },
  burst: {
    max: 5,
    windowMs: 2_000,
    from: "answered",
    text: "Requests for one contract, exchange and kind of data; the sixth is the violation",
    source: HISTORICAL,
  },
  historicalOpen: {
    max: 50,
    windowMs: null,
    from: "sent",
    text: "Requests for historical data that are open at once",
    source: HISTORICAL,
  },
  matchingSymbols: {
    max: 1,
    windowMs: 1_000,
    from: "answered",
    text: "Searches for matching symbols",
    source: "TWS API, Stock Contract Search",
  },
  lines: {
    max: 100,
    windowMs: null,
    from: "sent",
    text: "Lines of market data of one account, the smallest allowance there is",
    source: MARKET_DATA,
  },
  tickByTick: {
    max: 1,
    windowMs: 15_000,
    from: "answered",
    text: "Requests for tick-by-tick data of one instrument",
    source: "TWS API, Tick-by-Tick Data",
  },
  depth: {
    max: 3,
    windowMs: null,
    from: "sent",
    text: "Books of depth that are open at once, with the smallest allowance of lines",
    source: "TWS API, Market Depth",
  },
  scanners: {
    max: 10,
    windowMs: null,
    from: "sent",
    text: "Scans that are open at once",
    source: "TWS API, Market Scanner",
  },
} as const satisfies Record<string, Limit>;
export type LimitName = keyof typeof LIMITS;

/** Those whose windows a long run may shorten, here and in the simulator. */
const SCALED: readonly LimitName[] = ["historical", "identical", "burst"];

/** Null: what counts is how many are open at once. */
export function windowMsOf(limit: LimitName, timeScale: number): number | null {
  const { windowMs } = LIMITS[limit];
  return windowMs === null || !SCALED.includes(limit) ? windowMs : windowMs / timeScale;
}
