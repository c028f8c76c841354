import type { RestingOrders } from "../counters/active-orders.ts";
import {
  type Counts,
  type OrderCounts,
  type ScopeCounts,
  type SessionCounts,
  WINDOW_NAMES,
  type Window,
} from "../counters/counts.ts";
import type { ReservedMargin } from "../counters/reserved-margins.ts";
import type { PartSiblings, Siblings } from "../counters/siblings.ts";
import { type Fact, known } from "../facts/fact.ts";

const AT = "2026-11-23T15:00:00.000Z";
const NO_MARGIN = { orders: 0, initial: "0", maintenance: "0" };
const NONE: Counts = { messages: 0, orders: 0, notional: "0" };

interface Changes {
  readonly windows?: Partial<Record<Window, Partial<Counts>>>;
  /** null: nobody knows when it began. */
  readonly session?: Partial<SessionCounts> | null;
}

/** The counters of one account, agent or instrument: nothing yet, but for the changes. */
export function scopeWith({ windows = {}, session = {} }: Changes = {}): ScopeCounts {
  const counts = WINDOW_NAMES.map((name) => [name, { ...NONE, ...windows[name] }]);
  const since = "2026-11-23T05:00:00.000Z";
  return {
    windows: Object.fromEntries(counts) as ScopeCounts["windows"],
    session: session === null ? null : { ...NONE, since, cancels: 0, executions: 0, ...session },
  };
}

/** Of an order of AAPL. */
export function countersWith(
  changes: {
    account?: Changes;
    agent?: Changes;
    instrument?: Changes;
    replaced?: string | null;
    reservedMargin?: ReservedMargin;
  } = {},
): Fact<OrderCounts> {
  const { account, agent, instrument, replaced, reservedMargin = NO_MARGIN } = changes;
  const value = {
    ...{ account: scopeWith(account), agent: scopeWith(agent) },
    instruments: [{ conid: 265598, ...scopeWith(instrument) }],
    reservedMargin,
    ...(replaced !== undefined && { replaced }),
  };
  return known(value, "orders", AT);
}

const NO_ORDERS: RestingOrders = { orders: 0, nearest: null, farthest: null, unpriced: 0, held: [] };
const NO_SIBLINGS = { sameSide: 0, opposite: NO_ORDERS, same: NO_ORDERS, bestFill: null, oppositeFillMs: null };

/** Our other orders in AAPL: none, but for the changes. */
export function siblingsWith({
  twins = [],
  opposite,
  same,
  ...part
}: Partial<Pick<Siblings, "twins">> &
  Partial<Omit<PartSiblings, "opposite" | "same">> & {
    opposite?: Partial<RestingOrders>;
    same?: Partial<RestingOrders>;
  } = {}): Fact<Siblings> {
  const orders = { opposite: { ...NO_ORDERS, ...opposite }, same: { ...NO_ORDERS, ...same } };
  return known({ twins, parts: [{ ...NO_SIBLINGS, conid: 265598, ...part, ...orders }] }, "orders", AT);
}

/** The same facts, of an order of these instruments: nothing done before, and no others. */
export function nothingBefore(conids: readonly number[]): { counters: Fact<OrderCounts>; siblings: Fact<Siblings> } {
  const scopes = { account: scopeWith(), agent: scopeWith() };
  return {
    counters: known(
      { ...scopes, reservedMargin: NO_MARGIN, instruments: conids.map((conid) => ({ conid, ...scopeWith() })) },
      "orders",
      AT,
    ),
    siblings: known({ twins: [], parts: conids.map((conid) => ({ ...NO_SIBLINGS, conid })) }, "orders", AT),
  };
}
