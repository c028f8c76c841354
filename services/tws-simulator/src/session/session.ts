import type { Reply } from "../codec/literals.ts";
import type { Instrument } from "../market/instrument.ts";
import type { Quote } from "../market/market.ts";
import { Streams } from "./streams.ts";

/** One quote stream of a session: what was sent last decides what has to be sent next. */
export interface QuoteStream {
  readonly reqId: number;
  readonly instrument: Instrument;
  /** True for delayed tick ids. */
  readonly delayed: boolean;
  sent: Quote;
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
  marketDataType = 1;
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
