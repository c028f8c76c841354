import { add, type Decimal, ZERO } from "@countersign/money/decimal";
import type { Book, Holding, WorkingOrder } from "./book.ts";
import { type Exposure, exposureOf, type Groups, groupsOf, isNothing } from "./worst-case.ts";

export type GroupKind = keyof Groups;

/** The exposure of a whole account, in base currency, before any new order. */
export interface Totals {
  readonly holdings: ReadonlyMap<number, Holding>;
  readonly orders: ReadonlyMap<number, readonly WorkingOrder[]>;
  readonly exposures: ReadonlyMap<number, Exposure>;
  /** Sum of the worst of each instrument, without sign. */
  readonly gross: Decimal;
  /** With sign, when everything that buys fills, and when everything that sells fills. */
  readonly netLong: Decimal;
  readonly netShort: Decimal;
  readonly groups: Readonly<Record<GroupKind, ReadonlyMap<string, Decimal>>>;
  /** Instruments that the account holds or may come to hold. */
  readonly count: number;
}

const NONE: readonly WorkingOrder[] = [];
const known = new WeakMap<Book, WeakMap<readonly WorkingOrder[], Totals>>();

/** Computed once for a book and its working orders: most orders are judged against the same two. */
export function totalsOf(book: Book, working: readonly WorkingOrder[]): Totals {
  const ofBook = known.get(book) ?? new WeakMap<readonly WorkingOrder[], Totals>();
  known.set(book, ofBook);
  const found = ofBook.get(working);
  if (found !== undefined) return found;
  const totals = compute(book, working);
  ofBook.set(working, totals);
  return totals;
}

function compute(book: Book, working: readonly WorkingOrder[]): Totals {
  const orders = new Map<number, WorkingOrder[]>();
  for (const order of working) {
    const list = orders.get(order.conid);
    if (list === undefined) orders.set(order.conid, [order]);
    else list.push(order);
  }
  const holdings = new Map<number, Holding>();
  const exposures = new Map<number, Exposure>();
  const groups = { industry: new Map<string, Decimal>(), category: new Map(), assetClass: new Map() };
  let [gross, netLong, netShort, count] = [ZERO, ZERO, ZERO, 0];
  for (const holding of book.holdings) {
    const exposure = remembered(holding, orders.get(holding.conid) ?? NONE);
    holdings.set(holding.conid, holding);
    exposures.set(holding.conid, exposure);
    if (isNothing(exposure)) continue;
    count += 1;
    gross = add(gross, exposure.worst);
    netLong = add(netLong, exposure.netLong);
    netShort = add(netShort, exposure.netShort);
    const names = groupsOf(holding);
    for (const kind of KINDS) groups[kind].set(names[kind], add(groups[kind].get(names[kind]) ?? ZERO, exposure.worst));
  }
  return { holdings, orders, exposures, gross, netLong, netShort, groups, count };
}

const KINDS = ["industry", "category", "assetClass"] as const;

const exposuresOfRows = new WeakMap<Holding, { orders: readonly WorkingOrder[]; exposure: Exposure }>();

/** Of an instrument in which nothing changed since the last computation. */
function remembered(holding: Holding, orders: readonly WorkingOrder[]): Exposure {
  const last = exposuresOfRows.get(holding);
  if (last?.orders.length === orders.length && last.orders.every((order, index) => order === orders[index]))
    return last.exposure;
  const exposure = exposureOf(holding, orders);
  exposuresOfRows.set(holding, { orders, exposure });
  return exposure;
}
