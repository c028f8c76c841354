import type { Position } from "@countersign/contracts/account";
import type { Execution } from "@countersign/contracts/facts/exec-facts.v1";
import type { Amount } from "@countersign/contracts/money";
import {
  add,
  type Decimal,
  decimal,
  isZero,
  multiply,
  negate,
  subtract,
  toText,
  ZERO,
} from "@countersign/money/decimal";
import { counting } from "@countersign/orders/corrections";
import type { ExecState } from "../fold/exec-state.ts";

/** What the broker shows of one account. */
export interface AtBroker {
  readonly account: string;
  readonly positions: readonly Pick<Position, "account" | "conid" | "secType" | "quantity">[];
  readonly cash: readonly Amount[];
}

/** What the broker shows and the executions on record do not explain: instrument -> quantity, currency -> amount; nothing else. */
export interface Unexplained {
  readonly positions: Readonly<Record<string, string>>;
  readonly cash: Readonly<Record<string, string>>;
}

type Traded = Pick<ExecState, "account" | "conids" | "instrument" | "executions" | "commissions">;

/** A pair of currencies is held as cash, and not everywhere as a position too. */
const CURRENCIES = "CASH";
/** Paid for in full when they are traded: price x quantity x multiplier moves as cash. Of others the log cannot say what does. */
const PAID_IN_FULL: readonly string[] = ["STK", "OPT", "FOP", "WAR", "FUND"];

/**
 * Pure: what is at the broker less what all executions on record have made of it. What was there before the first of them
 * stays in it, so nothing but a change of the result says that something happened without us.
 */
export function unexplained({ account, positions, cash }: AtBroker, orders: Iterable<Traded>): Unexplained {
  const held = new Map<string, Decimal>();
  const money = new Map<string, Decimal>();
  for (const { conid, secType, quantity } of positions)
    if (secType !== CURRENCIES) put(held, String(conid), decimal(quantity));
  for (const { currency, amount } of cash) put(money, currency, decimal(amount));
  for (const order of orders) if (order.account === account) withoutOrder(order, held, money);
  return { positions: rowsOf(held), cash: rowsOf(money) };
}

function withoutOrder(order: Traded, held: Map<string, Decimal>, money: Map<string, Decimal>): void {
  const { instrument, conids, executions, commissions } = order;
  for (const execution of counting(executions.values())) {
    const quantity = signed(execution);
    const conid = execution.comboLeg ?? (conids.length === 1 ? conids[0] : undefined);
    // Of a combination the executions in its legs count, not the one of the whole.
    if (conid !== undefined && instrument?.secType !== CURRENCIES) put(held, String(conid), negate(quantity));
    const described = describedBy(instrument, execution);
    if (described === undefined || !PAID_IN_FULL.includes(described.secType)) continue;
    const paid = multiply(multiply(quantity, decimal(execution.price)), decimal(described.multiplier));
    put(money, execution.currency, paid);
  }
  const charged = counting([...commissions].map(([execId, amount]) => ({ execId, ...amount })));
  for (const { amount, currency } of charged) put(money, currency, decimal(amount));
}

/** What traded: the order's instrument, or the leg of a combination; undefined: no ticket said it, or it is the combination. */
function describedBy(instrument: Traded["instrument"], { comboLeg }: Execution) {
  if (instrument === undefined || comboLeg === undefined) return instrument;
  return "legs" in instrument ? instrument.legs?.find(({ conid }) => conid === comboLeg) : undefined;
}

function signed({ side, quantity }: Execution): Decimal {
  return side === "BOT" ? decimal(quantity) : subtract(ZERO, decimal(quantity));
}

function put(rows: Map<string, Decimal>, key: string, more: Decimal): void {
  rows.set(key, add(rows.get(key) ?? ZERO, more));
}

function rowsOf(rows: ReadonlyMap<string, Decimal>): Record<string, string> {
  const found = [...rows].filter(([, value]) => !isZero(value)).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(found.map(([key, value]) => [key, toText(value)]));
}
