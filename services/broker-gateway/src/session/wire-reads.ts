import type { WireContract } from "./wire.ts";

/** What TWS answers to the reads that place nothing; null where it gave nothing or one of its sentinels. */
export interface WirePortfolioRow {
  readonly account: string;
  readonly contract: WireContract;
  readonly quantity: string | null;
  readonly marketPrice: string | null;
  readonly marketValue: string | null;
  readonly averageCost: string | null;
  readonly unrealizedPnl: string | null;
  readonly realizedPnl: string | null;
}

export interface WireAccountValue {
  readonly account: string;
  readonly key: string;
  /** As TWS writes it: a number, a name, a time. */
  readonly value: string;
  /** Empty when the value is no money. */
  readonly currency: string;
}

export interface WireOptionFigures {
  readonly impliedVolatility: string | null;
  readonly delta: string | null;
  readonly optionPrice: string | null;
  readonly presentValueOfDividends: string | null;
  readonly gamma: string | null;
  readonly vega: string | null;
  readonly theta: string | null;
  readonly underlyingPrice: string | null;
}

export interface WireDepthRow {
  readonly position: number;
  /** 0 insert, 1 update, 2 delete. */
  readonly operation: number;
  readonly side: "bid" | "ask";
  readonly marketMaker: string;
  readonly price: string | null;
  readonly size: string | null;
  readonly smart: boolean;
}

/** One trade, quote or midpoint; what its kind has not is null. */
export interface WireTrade {
  readonly epochSeconds: number;
  readonly price: string | null;
  readonly size: string | null;
  readonly bid: string | null;
  readonly ask: string | null;
  readonly bidSize: string | null;
  readonly askSize: string | null;
  readonly exchange: string;
  readonly conditions: string;
}

export interface WireLiveBar {
  readonly epochSeconds: number;
  readonly open: string | null;
  readonly high: string | null;
  readonly low: string | null;
  readonly close: string | null;
  readonly volume: string | null;
  readonly averagePrice: string | null;
  readonly count: number | null;
}

export interface WireOptionChain {
  readonly exchange: string;
  readonly underlyingConid: number;
  readonly tradingClass: string;
  readonly multiplier: string | null;
  readonly expirations: readonly string[];
  readonly strikes: readonly string[];
}

export interface WireScanRow {
  readonly rank: number;
  readonly contract: WireContract;
  readonly marketName: string;
  readonly distance: string;
  readonly benchmark: string;
  readonly projection: string;
  readonly legs: string;
}

type Numbered<Kind extends string, Body = unknown> = { readonly kind: Kind; readonly reqId: number } & Body;

export type ReadEvent =
  | { readonly kind: "accountValue"; readonly row: WireAccountValue }
  | { readonly kind: "accountTime"; readonly text: string }
  | { readonly kind: "portfolioRow"; readonly row: WirePortfolioRow }
  | { readonly kind: "accountEnd"; readonly account: string }
  | Numbered<"accountMultiRow", { readonly modelCode: string; readonly row: WireAccountValue }>
  | Numbered<"accountMultiEnd">
  | Numbered<
      "positionMulti",
      {
        readonly account: string;
        readonly modelCode: string;
        readonly contract: WireContract;
        readonly quantity: string | null;
        readonly averageCost: string | null;
      }
    >
  | Numbered<"positionMultiEnd">
  | Numbered<
      "pnl",
      { readonly daily: string | null; readonly unrealized: string | null; readonly realized: string | null }
    >
  | Numbered<
      "pnlSingle",
      {
        readonly quantity: string | null;
        readonly daily: string | null;
        readonly unrealized: string | null;
        readonly realized: string | null;
        readonly value: string | null;
      }
    >
  | { readonly kind: "familyCodes"; readonly rows: readonly { readonly account: string; readonly code: string }[] }
  | Numbered<"userInfo", { readonly whiteBrandingId: string }>
  | Numbered<"optionChain", { readonly chain: WireOptionChain }>
  | Numbered<"optionChainsEnd">
  | {
      readonly kind: "marketRule";
      readonly ruleId: number;
      readonly rows: readonly { readonly lowEdge: string | null; readonly increment: string | null }[];
    }
  | Numbered<
      "smartComponents",
      { readonly rows: readonly { readonly bit: number; readonly exchange: string; readonly letter: string }[] }
    >
  | {
      readonly kind: "depthExchanges";
      readonly rows: readonly {
        readonly exchange: string;
        readonly secType: string;
        readonly listingExchange: string;
        readonly serviceDataType: string;
        readonly aggregationGroup: number | null;
      }[];
    }
  | Numbered<"tickText", { readonly field: number; readonly text: string }>
  | Numbered<"tickOption", { readonly field: number; readonly figures: WireOptionFigures }>
  | Numbered<
      "tickParameters",
      { readonly minTick: string | null; readonly bboExchange: string; readonly snapshotPermissions: number | null }
    >
  | Numbered<"depthRow", { readonly row: WireDepthRow }>
  | Numbered<"tickByTick", { readonly tickType: number; readonly trade: WireTrade }>
  | Numbered<"liveBar", { readonly bar: WireLiveBar }>
  | Numbered<"barUpdate", { readonly time: string; readonly close: string | null }>
  | Numbered<"historicalTicks", { readonly rows: readonly WireTrade[]; readonly done: boolean }>
  | Numbered<"headTimestamp", { readonly text: string }>
  | Numbered<"histogram", { readonly rows: readonly { readonly price: string | null; readonly size: string | null }[] }>
  | Numbered<
      "schedule",
      {
        readonly timeZoneId: string;
        readonly sessions: readonly { readonly start: string; readonly end: string; readonly date: string }[];
      }
    >
  | { readonly kind: "scannerParameters"; readonly xml: string }
  | Numbered<"scan", { readonly rows: readonly WireScanRow[] }>
  | {
      readonly kind: "newsProviders";
      readonly rows: readonly { readonly code: string; readonly name: string }[];
    }
  | Numbered<
      "headline",
      { readonly time: string; readonly provider: string; readonly articleId: string; readonly headline: string }
    >
  | Numbered<"headlinesEnd", { readonly hasMore: boolean }>
  | Numbered<"article", { readonly articleType: number; readonly text: string }>
  | { readonly kind: "bulletin"; readonly text: string };
