import type { TradableLeg } from "../broker/tradables.ts";
import type { Reply } from "../codec/literals.ts";
import type { Instrument } from "../market/instrument.ts";
import type { Quote } from "../market/market.ts";
import { Streams } from "./streams.ts";

/** 1 live, 2 frozen, 3 delayed, 4 delayed and frozen. */
export type MarketDataType = 1 | 2 | 3 | 4;

/** The extra ticks of a request: their ids, and the providers whose news is wanted; none of them = no news. */
export interface GenericTicks {
  readonly ids: ReadonlySet<number>;
  readonly providers: ReadonlySet<string>;
}

/** One quote stream of a session: what was sent last decides what has to be sent next. */
export interface QuoteStream {
  readonly reqId: number;
  readonly instrument: Instrument;
  /** Of a combination; empty for everything else. */
  readonly legs: readonly TradableLeg[];
  /** The market data type in force when it was asked for. */
  readonly wanted: MarketDataType;
  readonly generic: GenericTicks;
  /** False while the market is closed: nothing moves then. */
  open: boolean;
  sent: Quote;
  /** Headlines up to this instant were sent or are too old. */
  newsSeenMs: number;
  /** Tick 49 as it was sent last. */
  halted: string;
}

export interface SummarySubscription {
  readonly accounts: readonly string[];
  readonly tags: readonly string[];
  /** Last value by account, tag and currency. */
  readonly sent: Map<string, string>;
}

export interface AccountMultiSubscription {
  readonly account: string;
  readonly model: string;
  /** True = only the cash ledger and the net liquidation value. */
  readonly ledgerAndNetLiquidation: boolean;
  /** Last value by key and currency. */
  readonly sent: Map<string, string>;
}

/** What one connected client has asked for. Everything here ends with its connection. */
export class Subscriptions {
  accountUpdates: string | undefined;
  readonly accountRowsSent = new Map<string, string>();
  positions = false;
  /** Of client 0 only: orders placed by hand from now on are its own. */
  autoBind = false;
  marketDataType: MarketDataType = 1;
  readonly summaries = new Map<number, SummarySubscription>();
  readonly quotes = new Map<number, QuoteStream>();
  readonly positionsMulti = new Map<number, { readonly account: string; readonly model: string }>();
  readonly accountsMulti = new Map<number, AccountMultiSubscription>();
  readonly pnl = new Map<number, string>();
  readonly pnlSingle = new Map<number, { readonly account: string; readonly conId: number }>();
  readonly history = new Map<number, HistoryStream>();
  readonly streams = new Streams();
  /** The last bulletin that this client has; undefined = it wants none. */
  bulletinSeen: number | undefined;

  /** Market data ends without a word; orders and accounts go on. */
  loseMarketData(): void {
    this.quotes.clear();
    this.history.clear();
    this.streams.loseMarketData();
  }
}

export interface HistoryStream {
  readonly reqId: number;
  readonly push: () => Reply | undefined;
}

/** A connection past START_API, as the handlers see it. */
export interface Session {
  readonly clientId: number;
  readonly serverVersion: number;
  readonly subscriptions: Subscriptions;
  send(reply: Reply): void;
}
