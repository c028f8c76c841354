import type { WireExecution, WireOrder } from "../session/wire.ts";
import { type ReadDeps, shared } from "./reader.ts";

const LIST_TIMEOUT_MS = 5_000;

export interface ChargedExecution extends WireExecution {
  readonly commission: { readonly amount: string; readonly currency: string } | null;
}

/** A complete list: it came with its end marker, on one epoch of the link. */
export interface Complete<T> {
  readonly rows: readonly T[];
  readonly atMs: number;
  readonly epoch: number;
}

/** The lists that TWS gives of what it has: open orders, completed orders, executions. Each asked by one at a time. */
export class BrokerLists {
  readonly #deps: ReadDeps;
  readonly openOrders: () => Promise<Complete<WireOrder>>;
  readonly completedOrders: () => Promise<Complete<WireOrder>>;
  readonly executions: () => Promise<Complete<ChargedExecution>>;

  constructor(deps: ReadDeps) {
    this.#deps = deps;
    this.openOrders = shared(() => this.#openOrders());
    this.completedOrders = shared(() => this.#completedOrders());
    this.executions = shared(() => this.#executions());
  }

  #openOrders(): Promise<Complete<WireOrder>> {
    const found = new Map<string, WireOrder>();
    return this.#deps.requests.askUnnumbered({
      what: "open orders",
      timeoutMs: LIST_TIMEOUT_MS,
      whileReconciling: true,
      send: (connection) => connection.requestAllOpenOrders(),
      on: (event) => {
        if (event.kind === "openOrder" && !event.order.whatIf) {
          found.set(event.order.permId ?? `${event.order.clientId} ${event.order.orderId}`, event.order);
        }
        return event.kind === "openOrdersEnd" ? { result: this.#complete([...found.values()]) } : undefined;
      },
    });
  }

  #completedOrders(): Promise<Complete<WireOrder>> {
    const rows: WireOrder[] = [];
    return this.#deps.requests.askUnnumbered({
      what: "completed orders",
      timeoutMs: LIST_TIMEOUT_MS,
      whileReconciling: true,
      send: (connection) => connection.requestCompletedOrders(),
      on: (event) => {
        if (event.kind === "completedOrder") rows.push(event.order);
        return event.kind === "completedOrdersEnd" ? { result: this.#complete(rows) } : undefined;
      },
    });
  }

  #executions(): Promise<Complete<ChargedExecution>> {
    const rows = new Map<string, WireExecution>();
    const charges = new Map<string, ChargedExecution["commission"]>();
    const id = this.#deps.requests.newId();
    // Commissions carry no request id, so they are read beside the executions.
    return this.#deps.requests.askUnnumbered({
      what: "executions",
      timeoutMs: LIST_TIMEOUT_MS,
      whileReconciling: true,
      send: (connection) => connection.requestExecutions(id),
      on: (event) => {
        if (event.kind === "commission" && event.commission !== null) {
          charges.set(event.execId, { amount: event.commission, currency: event.currency });
        }
        if (event.kind === "execution") rows.set(event.execution.execId, event.execution);
        if (event.kind !== "executionsEnd" || event.reqId !== id) return undefined;
        const charged = [...rows.values()].map((row) => ({ ...row, commission: charges.get(row.execId) ?? null }));
        return { result: this.#complete(charged) };
      },
    });
  }

  #complete<T>(rows: readonly T[]): Complete<T> {
    return { rows, atMs: this.#deps.clock.monotonicMs(), epoch: this.#deps.link.epoch };
  }
}
