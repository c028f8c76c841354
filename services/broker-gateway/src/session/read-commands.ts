import type { BarSize, WhatToShow as Kind } from "@countersign/contracts/bars";
import type { Contract, ScannerSubscription } from "@stoqey/ib";
import {
  BarSizeSetting,
  DurationUnit,
  type IBApi,
  ScanCode,
  type SecType,
  TickByTickDataType,
  WhatToShow,
} from "./ib-library.ts";

/** TWS offers more scans than the client library can ask for. */
export const canAskFor = (scan: string): boolean => Object.hasOwn(ScanCode, scan);

/** The library without whatever changes something at the broker, also as a what-if. */
export type ReadApi = Omit<
  IBApi,
  "placeOrder" | "placeNewOrder" | "modifyOrder" | "cancelOrder" | "reqGlobalCancel" | "exerciseOptions" | "replaceFA"
>;

export interface Traded {
  readonly conid: number;
  readonly exchange: string;
}

/** Null: any. */
export interface DetailsQuery {
  readonly conid: number | null;
  readonly symbol: string | null;
  readonly secType: string | null;
  readonly currency: string | null;
  readonly exchange: string | null;
  readonly primaryExchange: string | null;
  readonly lastTradeDate: string | null;
  readonly strike: string | null;
  readonly right: "C" | "P" | null;
  readonly multiplier: string | null;
  readonly localSymbol: string | null;
  readonly tradingClass: string | null;
  readonly includeExpired: boolean;
  readonly securityId: { readonly type: string; readonly id: string } | null;
}

export interface ScanQuery {
  readonly instrument: string;
  readonly location: string;
  readonly scan: string;
  readonly rows: number;
  readonly priceAbove: string | null;
  readonly priceBelow: string | null;
  readonly volumeAbove: number | null;
}

type Shown = "TRADES" | "MIDPOINT" | "BID" | "ASK" | "BID_ASK";

export interface BarsQuery {
  readonly barSize: BarSize;
  readonly duration: string;
  /** As TWS writes UTC: `20261120-14:30:00`; empty for now. */
  readonly end: string;
  readonly whatToShow: Kind | "AGGTRADES";
  readonly regularHoursOnly: boolean;
}

const REAL_TIME_BAR_SECONDS = 5;
/** Bars and times as seconds since the epoch, so that no time zone is left to guess. */
const AS_EPOCH = 2;
const NO_OPTIONS: [] = [];

/** The requests that place nothing. `ready` throws while no command may be given. */
export class ReadCommands {
  readonly #ready: () => ReadApi;

  constructor(ready: () => ReadApi) {
    this.#ready = ready;
  }

  accountUpdates(subscribe: boolean, account: string): void {
    this.#ready().reqAccountUpdates(subscribe, account);
  }
  accountValues(id: number, account: string, modelCode: string | null): void {
    this.#ready().reqAccountUpdatesMulti(id, account, modelCode ?? "", false);
  }
  cancelAccountValues(id: number): void {
    this.#ready().cancelAccountUpdatesMulti(id);
  }
  modelPositions(id: number, account: string, modelCode: string | null): void {
    this.#ready().reqPositionsMulti(id, account, modelCode ?? "");
  }
  cancelModelPositions(id: number): void {
    this.#ready().cancelPositionsMulti(id);
  }
  pnl(id: number, account: string, modelCode: string | null): void {
    this.#ready().reqPnL(id, account, modelCode ?? "");
  }
  cancelPnl(id: number): void {
    this.#ready().cancelPnL(id);
  }
  positionPnl(id: number, account: string, conid: number): void {
    this.#ready().reqPnLSingle(id, account, "", conid);
  }
  cancelPositionPnl(id: number): void {
    this.#ready().cancelPnLSingle(id);
  }
  familyCodes(): void {
    this.#ready().reqFamilyCodes();
  }
  userInfo(id: number): void {
    this.#ready().reqUserInfo(id);
  }

  details(id: number, query: DetailsQuery): void {
    this.#ready().reqContractDetails(id, contractOf(query));
  }
  optionChains(
    id: number,
    underlying: { readonly conid: number; readonly symbol: string; readonly secType: string },
    exchange: string | null,
  ): void {
    this.#ready().reqSecDefOptParams(
      ...([id, underlying.symbol, exchange ?? "", underlying.secType, underlying.conid] as const),
    );
  }
  marketRule(ruleId: number): void {
    this.#ready().reqMarketRule(ruleId);
  }
  smartComponents(id: number, bboExchange: string): void {
    this.#ready().reqSmartComponents(id, bboExchange);
  }
  depthExchanges(): void {
    this.#ready().reqMktDepthExchanges();
  }

  ticks(
    id: number,
    traded: Traded,
    how: { readonly genericTicks: readonly number[]; readonly snapshot: boolean },
  ): void {
    this.#ready().reqMktData(id, tradedOf(traded), how.genericTicks.join(","), how.snapshot, false);
  }
  depth(id: number, traded: Traded, rows: number, smart: boolean): void {
    this.#ready().reqMktDepth(id, tradedOf(traded), rows, smart, NO_OPTIONS);
  }
  cancelDepth(id: number, smart: boolean): void {
    this.#ready().cancelMktDepth(id, smart);
  }
  tickByTick(id: number, traded: Traded, kind: "Last" | "AllLast" | "BidAsk" | "MidPoint"): void {
    this.#ready().reqTickByTickData(id, tradedOf(traded), TickByTickDataType[kind], 0, false);
  }
  cancelTickByTick(id: number): void {
    this.#ready().cancelTickByTickData(id);
  }
  liveBars(id: number, traded: Traded, how: { readonly whatToShow: Shown; readonly regularHoursOnly: boolean }): void {
    const { whatToShow, regularHoursOnly } = how;
    this.#ready().reqRealTimeBars(
      ...([id, tradedOf(traded), REAL_TIME_BAR_SECONDS, WhatToShow[whatToShow], regularHoursOnly] as const),
    );
  }
  cancelLiveBars(id: number): void {
    this.#ready().cancelRealTimeBars(id);
  }

  /** `from` or `until` as TWS writes UTC: `20261120-14:30:00`; empty for the other. */
  pastTicks(
    id: number,
    traded: Traded,
    how: {
      readonly from: string;
      readonly until: string;
      readonly count: number;
      readonly whatToShow: Shown;
      readonly regularHoursOnly: boolean;
    },
  ): void {
    this.#ready().reqHistoricalTicks(
      ...([id, tradedOf(traded), how.from, how.until, how.count] as const),
      ...([WhatToShow[how.whatToShow], how.regularHoursOnly, false] as const),
    );
  }
  bars(id: number, traded: Traded, how: BarsQuery): void {
    const barSize = Object.values(BarSizeSetting).find((size) => size === how.barSize);
    if (barSize === undefined) throw new RangeError(`no bar size: ${how.barSize}`);
    this.#ready().reqHistoricalData(
      ...([id, tradedOf(traded), how.end, how.duration, barSize, how.whatToShow as WhatToShow] as const),
      ...([how.regularHoursOnly, AS_EPOCH, false] as const),
    );
  }
  headTimestamp(
    id: number,
    traded: Traded,
    how: { readonly whatToShow: Kind | "AGGTRADES"; readonly regularHoursOnly: boolean },
  ): void {
    this.#ready().reqHeadTimestamp(
      ...([id, tradedOf(traded), how.whatToShow as WhatToShow, how.regularHoursOnly, AS_EPOCH] as const),
    );
  }
  cancelHeadTimestamp(id: number): void {
    this.#ready().cancelHeadTimestamp(id);
  }
  histogram(id: number, traded: Traded, how: { readonly days: number; readonly regularHoursOnly: boolean }): void {
    this.#ready().reqHistogramData(id, tradedOf(traded), how.regularHoursOnly, how.days, DurationUnit.DAY);
  }
  cancelHistogram(id: number): void {
    this.#ready().cancelHistogramData(id);
  }
  /** `until` as TWS writes UTC; empty for now. */
  schedule(
    id: number,
    traded: Traded,
    how: { readonly days: number; readonly regularHoursOnly: boolean; readonly until: string },
  ): void {
    this.#ready().reqHistoricalData(
      ...([id, tradedOf(traded), how.until, `${how.days} D`, BarSizeSetting.DAYS_ONE, WhatToShow.SCHEDULE] as const),
      ...([how.regularHoursOnly, AS_EPOCH, false] as const),
    );
  }

  scanParameters(): void {
    this.#ready().reqScannerParameters();
  }
  /** Throws a RangeError when the client library does not know the scan. */
  scan(id: number, query: ScanQuery): void {
    const scanCode = (ScanCode as unknown as Record<string, ScanCode | undefined>)[query.scan];
    if (scanCode === undefined) throw new RangeError(`no scan: ${query.scan}`);
    const subscription = {
      numberOfRows: query.rows,
      instrument: query.instrument,
      locationCode: query.location,
      scanCode,
      ...(query.priceAbove === null ? {} : { abovePrice: Number(query.priceAbove) }),
      ...(query.priceBelow === null ? {} : { belowPrice: Number(query.priceBelow) }),
      ...(query.volumeAbove === null ? {} : { aboveVolume: query.volumeAbove }),
    };
    this.#ready().reqScannerSubscription(id, subscription as ScannerSubscription, NO_OPTIONS, NO_OPTIONS);
  }
  cancelScan(id: number): void {
    this.#ready().cancelScannerSubscription(id);
  }

  newsProviders(): void {
    this.#ready().reqNewsProviders();
  }
  headlines(
    id: number,
    query: {
      readonly conid: number;
      readonly providers: string;
      readonly from: string;
      readonly until: string;
      readonly limit: number;
    },
  ): void {
    const { conid, providers, from, until, limit } = query;
    this.#ready().reqHistoricalNews(id, conid, providers, from, until, limit, NO_OPTIONS);
  }
  article(id: number, provider: string, articleId: string): void {
    this.#ready().reqNewsArticle(id, provider, articleId, NO_OPTIONS);
  }
}

function tradedOf({ conid, exchange }: Traded): Contract {
  return { conId: conid, exchange };
}

function contractOf(query: DetailsQuery): Contract {
  const given = {
    conId: query.conid,
    symbol: query.symbol,
    secType: query.secType as SecType | null,
    currency: query.currency,
    exchange: query.exchange,
    primaryExch: query.primaryExchange,
    lastTradeDateOrContractMonth: query.lastTradeDate,
    strike: query.strike === null ? null : Number(query.strike),
    right: query.right,
    multiplier: query.multiplier === null ? null : Number(query.multiplier),
    localSymbol: query.localSymbol,
    tradingClass: query.tradingClass,
    secIdType: query.securityId?.type ?? null,
    secId: query.securityId?.id ?? null,
  };
  const set = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));
  return { ...set, includeExpired: query.includeExpired };
}
