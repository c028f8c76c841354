import { decimal } from "@countersign/money/decimal";
import { addCash, newAccount } from "./ledger.ts";
import { type Account, type Execution, isOpen, type Order } from "./model.ts";
import type { Counters, StateRecord, StateStore, StoredState } from "./state-store.ts";

const FIRST_PERM_ID = 1_200_000_001;
const RETENTION_MS = 7 * 86_400_000;

function hex8(value: number): string {
  return (value >>> 0).toString(16).padStart(8, "0");
}

/** What is still worth keeping after a restart: everything open, and a week of what is done. */
export function keepRecent(nowMs: number): (state: StoredState) => StoredState {
  const oldest = nowMs - RETENTION_MS;
  return (state) => ({
    ...state,
    orders: state.orders.filter((order) => isOpen(order) || (order.completedMs ?? order.acceptedMs) >= oldest),
    executions: state.executions.filter((execution) => execution.timeMs >= oldest),
  });
}

/** Orders, executions, accounts and counters in memory, with each change on its way to the store. */
export class BrokerState {
  readonly accountIds: readonly string[];
  readonly #store: StateStore;
  readonly #execPrefix: string;
  readonly #orders = new Map<number, Order>();
  readonly #byClient = new Map<string, Order>();
  readonly #open = new Set<Order>();
  readonly #executions: Execution[];
  readonly #accounts = new Map<string, Account>();
  readonly #counters: Counters;
  readonly #dirty = new Set<Order | Account | Execution | "counters">();

  constructor(options: { store: StateStore; accounts: readonly string[]; cashUsd: string; seed: number }) {
    this.#store = options.store;
    this.accountIds = options.accounts;
    this.#execPrefix = hex8(0x0000e000 + (options.seed % 0x1000));
    const stored = options.store.load();
    this.#executions = [...stored.executions];
    this.#counters = stored.counters ?? {
      nextPermId: FIRST_PERM_ID,
      nextExecution: 1,
      accountDay: "",
      highestOrderIds: {},
    };
    for (const account of stored.accounts) this.#accounts.set(account.id, account);
    for (const id of options.accounts) {
      if (!this.#accounts.has(id)) this.#accounts.set(id, newAccount(id, options.cashUsd));
    }
    for (const order of stored.orders) this.#index(order);
  }

  account(id: string): Account {
    const found = this.#accounts.get(id);
    if (found === undefined) throw new Error(`no account ${id}`);
    return found;
  }

  /** US dollars; below zero: taken out. */
  moveCash(id: string, amount: string): void {
    const account = this.account(id);
    addCash(account, "USD", decimal(amount));
    this.#dirty.add(account);
  }

  order(clientId: number, orderId: number): Order | undefined {
    return this.#byClient.get(`${clientId}:${orderId}`);
  }

  /** The open order of any client with this id: the latest one where several clients use the same id. */
  openOrderOfAnyClient(orderId: number): Order | undefined {
    return this.openOrders().findLast((order) => order.orderId === orderId && orderId !== 0);
  }

  orders(): Order[] {
    return [...this.#orders.values()];
  }

  openOrders(): Order[] {
    return [...this.#open];
  }

  executions(): readonly Execution[] {
    return this.#executions;
  }

  addOrder(order: Order): void {
    this.#index(order);
    this.touch(order);
  }

  addExecution(execution: Execution): void {
    this.#executions.push(execution);
    this.#dirty.add(execution);
  }

  /** Marks a changed order or account; an order that is dead leaves the open ones, one that came back returns. */
  touch(changed: Order | Account): void {
    if ("permId" in changed) {
      if (isOpen(changed)) this.#open.add(changed);
      else this.#open.delete(changed);
    }
    this.#dirty.add(changed);
  }

  /** An order that was over works again. */
  reopen(order: Order): void {
    order.completedMs = undefined;
    order.completedStatus = "";
    this.#open.add(order);
  }

  /** Gives an order that was placed by hand an id of client 0. */
  bind(order: Order): void {
    order.orderId = this.takeBoundId();
    this.#byClient.set(`${order.clientId}:${order.orderId}`, order);
    this.touch(order);
  }

  /** Below zero and below all that were taken. */
  takeBoundId(): number {
    let lowest = 0;
    for (const { orderId } of this.#orders.values()) lowest = Math.min(lowest, orderId);
    return lowest - 1;
  }

  /** Ids above `highest` can be used again, those of open orders excepted. */
  rollBackOrderIds(clientId: number, highest: number): void {
    let floor = highest;
    for (const order of this.#orders.values()) {
      if (order.clientId !== clientId || order.orderId <= highest) continue;
      if (isOpen(order)) floor = Math.max(floor, order.orderId);
    }
    for (const order of this.#orders.values()) {
      if (order.clientId === clientId && order.orderId > floor) this.#byClient.delete(`${clientId}:${order.orderId}`);
    }
    this.#counters.highestOrderIds[String(clientId)] = floor;
    this.#dirty.add("counters");
  }

  takePermId(): number {
    this.#dirty.add("counters");
    this.#counters.nextPermId += 1;
    return this.#counters.nextPermId - 1;
  }

  /** The name of a fill; its executions add two segments, of which the last counts corrections. */
  takeFillId(): string {
    this.#dirty.add("counters");
    this.#counters.nextExecution += 1;
    return `${this.#execPrefix}.${hex8(this.#counters.nextExecution - 1)}`;
  }

  highestOrderId(clientId: number): number {
    return this.#counters.highestOrderIds[String(clientId)] ?? 0;
  }

  /** A client's next order id must exceed every id that it used or saw. */
  raiseHighestOrderId(clientId: number, orderId: number): void {
    if (orderId <= this.highestOrderId(clientId)) return;
    this.#counters.highestOrderIds[String(clientId)] = orderId;
    this.#dirty.add("counters");
  }

  /** At a new day closed positions leave the books and realized results start from zero. */
  rollDay(date: string): void {
    if (this.#counters.accountDay === date) return;
    this.#counters.accountDay = date;
    this.#dirty.add("counters");
    for (const account of this.#accounts.values()) {
      account.realizedPnl = "0";
      for (const [conId, position] of Object.entries(account.positions)) {
        position.realizedPnl = "0";
        if (position.quantity === "0") delete account.positions[conId];
      }
      this.#dirty.add(account);
    }
  }

  /** Writes all changes since the last call. */
  save(): void {
    if (this.#dirty.size === 0) return;
    const records: StateRecord[] = [];
    for (const changed of this.#dirty) {
      if (changed === "counters") records.push({ kind: "counters", value: this.#counters });
      else if ("execId" in changed) records.push({ kind: "execution", value: changed });
      else if ("permId" in changed) records.push({ kind: "order", value: changed });
      else records.push({ kind: "account", value: changed });
    }
    this.#dirty.clear();
    this.#store.append(records);
  }

  close(): void {
    this.save();
    this.#store.close();
  }

  #index(order: Order): void {
    this.#orders.set(order.permId, order);
    if (order.orderId !== 0) this.#byClient.set(`${order.clientId}:${order.orderId}`, order);
    if (isOpen(order)) this.#open.add(order);
  }
}
