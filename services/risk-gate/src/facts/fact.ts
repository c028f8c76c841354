import type { AccountSummary, OpenOrder, Position } from "@countersign/contracts/account";
import type { AccountMarks, KillLevel } from "@countersign/contracts/control";
import type { Instrument, Quote } from "@countersign/contracts/instrument";
import type { State } from "@countersign/contracts/life";
import type { MarketSession } from "@countersign/contracts/market-session";
import type { Shortable } from "@countersign/contracts/messages/order-facts.v1";
import type { Mode } from "@countersign/contracts/mode";
import type { BrokerWhatIf } from "@countersign/contracts/verdict";
import type { OrderCounts } from "../counters/counts.ts";
import type { Siblings } from "../counters/siblings.ts";
import type { AgentUse } from "./agent-use.ts";
import type { Book, WorkingOrder } from "./book/book.ts";
import type { History } from "./history/history.ts";

/** A value with its origin, or its absence with the reason. There is no third. */
export type Fact<T> =
  | { readonly state: "known"; readonly value: T; readonly source: string; readonly asOf: string }
  | { readonly state: "missing"; readonly reason: string };

/** One of our own orders that the broker has, may have, or is about to get. */
export interface OwnOrder {
  readonly proposalId: string;
  readonly conid: number;
  readonly state: State;
  /** What it does with this instrument, also where that is a leg of a combination. */
  readonly side: "BUY" | "SELL";
  /** What of it may still be filled, by our own log. */
  readonly remaining: string;
}

/** What is asked about one instrument. */
export interface InstrumentFacts {
  readonly instrument: Fact<Instrument>;
  readonly quote: Fact<Quote>;
  readonly session: Fact<MarketSession>;
  /** What can be borrowed of it; absent: not asked, because it is not sold or no policy wants to know. */
  readonly shortable?: Fact<Shortable>;
}

/** Everything that a rule may look at. None of it comes from the caller. Rules reach instruments through `partsOf`. */
export interface Facts extends InstrumentFacts {
  readonly mode: Mode;
  /** Who proposes. */
  readonly agent: string;
  /** The proposal that is judged, so that the record of its verdict fits no other one; no rule looks at it. Absent: nothing is recorded. */
  readonly proposalId?: string;
  /** When the facts were gathered; the only time that a rule knows. */
  readonly at: string;
  readonly accounts: Fact<readonly string[]>;
  /** Of a combination, in the order of its legs; its own instrument, quote and session are missing then. */
  readonly legs?: readonly InstrumentFacts[];
  /** The order that this one replaces in place, as it was; absent: it is a new order. */
  readonly replaces?: { readonly proposalId: string; readonly quantity: string; readonly filledQuantity: string };
  /** What the proposer says the order is worth, to be compared and never relied on; absent: it is not being proposed now, and was compared then. */
  readonly claim?: { readonly notional: string | null };
  readonly summary: Fact<AccountSummary>;
  readonly positions: Fact<readonly Position[]>;
  readonly openOrders: Fact<readonly OpenOrder[]>;
  /** For the same account and instruments, as the log stood before anything was asked. */
  readonly ownOrders: Fact<readonly OwnOrder[]>;
  /** Everything that the account holds, valued; as old as the oldest price or rate in it. */
  readonly book: Fact<Book>;
  /** Everything of the account that may still fill: our own orders as the log stood before the positions were asked for, and foreign ones. */
  readonly working: Fact<readonly WorkingOrder[]>;
  /** How the order's instruments and the whole account moved from session to session; missing where no rule in force asks for it. */
  readonly history: Fact<History>;
  /** What the losses of the account are held against: its value at the start of the day and the week, and its highest. */
  readonly loss: Fact<AccountMarks>;
  /** Units of the account's base currency for one unit of the instrument's currency. */
  readonly rate: Fact<string>;
  readonly whatIf: Fact<BrokerWhatIf>;
  /** How much the account, the agent and the instruments have done before this order, from the log of orders. */
  readonly counters: Fact<OrderCounts>;
  /** Our other orders that have to do with this one. */
  readonly siblings: Fact<Siblings>;
  /** Stops of ours that are open for the account, with trails and the stop losses of brackets. */
  readonly openStops: Fact<number>;
  /** What the agent has used of its budgets before this order. */
  readonly agentUse: Fact<AgentUse>;
  readonly kill: Fact<{ level: KillLevel; reason: string }>;
}

/** A fact with what vouches for it: where it comes from, and the last time at which it held. */
export function known<T>(value: T, source: string, asOf: string): Fact<T> {
  return { state: "known", value, source, asOf };
}

/** A fact that is not there, and why; whoever needs it denies. */
export function missing(reason: string): { readonly state: "missing"; readonly reason: string } {
  return { state: "missing", reason: reason.slice(0, 300) };
}
