import { type Contract, EventName, type Execution, IBApi, type Order, type OrderState } from "@stoqey/ib";

/** One order as the broker has it. */
export interface TrueOrder {
  readonly permId: number;
  readonly status: string;
}

export interface Truth {
  /** Every order that carries our reference; more than one is a duplicate. */
  readonly orders: ReadonlyMap<string, readonly TrueOrder[]>;
  /** Quantities by execution id, by our reference. */
  readonly executions: ReadonlyMap<string, ReadonlyMap<string, number>>;
}

const TIMEOUT_MS = 20_000;
const EXECUTIONS_ID = 1;

/** What the broker has, asked by another client with the unmodified client library, past everything of the gateway. */
export async function readTruth(port: number, clientId: number): Promise<Truth> {
  const api = new IBApi({ host: "127.0.0.1", port, maxReqPerSec: 1_000 });
  const orders = new Map<string, Map<number, TrueOrder>>();
  const executions = new Map<string, Map<string, number>>();
  const see = (order: Order, state: OrderState) => {
    const ref = order.orderRef ?? "";
    const permId = order.permId ?? 0;
    const ofRef = orders.get(ref) ?? new Map<number, TrueOrder>();
    orders.set(ref, ofRef.set(permId, { permId, status: String(state.status) }));
  };
  api.on(EventName.openOrder, (_id: number, _contract: Contract, order: Order, state: OrderState) => see(order, state));
  api.on(EventName.completedOrder, (_contract: Contract, order: Order, state: OrderState) => see(order, state));
  api.on(EventName.execDetails, (_id: number, _contract: Contract, execution: Execution) => {
    const ref = execution.orderRef ?? "";
    const ofRef = executions.get(ref) ?? new Map<string, number>();
    executions.set(ref, ofRef.set(execution.execId ?? "", execution.shares ?? 0));
  });
  try {
    await until(api, EventName.nextValidId, () => api.connect(clientId));
    await until(api, EventName.openOrderEnd, () => api.reqAllOpenOrders());
    await until(api, EventName.completedOrdersEnd, () => api.reqCompletedOrders(false));
    await until(api, EventName.execDetailsEnd, () => api.reqExecutions(EXECUTIONS_ID, {}));
  } finally {
    api.disconnect();
  }
  const list = [...orders].map(([ref, ofRef]) => [ref, [...ofRef.values()]] as const);
  return { orders: new Map(list), executions };
}

function until(api: IBApi, event: EventName, ask: () => unknown): Promise<void> {
  const late = AbortSignal.timeout(TIMEOUT_MS);
  return new Promise((resolve, reject) => {
    late.addEventListener("abort", () => reject(new Error(`no ${event} in ${TIMEOUT_MS} ms`)), { once: true });
    api.once(event, () => resolve());
    ask();
  });
}
