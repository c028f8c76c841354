import type { ExecFact, Execution } from "@countersign/contracts/facts/exec-facts.v1";
import type { Amount } from "@countersign/contracts/money";
import type { ProposalView } from "@countersign/contracts/proposal-view";
import { add, compare, decimal, toText } from "@countersign/money/decimal";

type Order = NonNullable<ProposalView["order"]>;

/** Adds what the gateway or the broker said to the order's view. Executions are keyed by execId: a repeat changes nothing. */
export function applyExec(view: ProposalView, fact: ExecFact): ProposalView {
  if (fact.type === "intent/1") return { ...view, order: openedBy(fact) };
  const order = view.order;
  if (order === null) return view;
  return { ...view, order: applyToOrder(order, fact) };
}

function openedBy(fact: Extract<ExecFact, { type: "intent/1" }>): Order {
  return {
    orderRef: fact.orderRef,
    orderId: fact.orderId,
    clientId: fact.clientId,
    permId: null,
    status: null,
    filledQuantity: "0",
    averagePrice: null,
    executions: [],
    commission: [],
    message: null,
  };
}

function applyToOrder(order: Order, fact: Exclude<ExecFact, { type: "intent/1" }>): Order {
  switch (fact.type) {
    case "acknowledged/1":
      return { ...order, permId: fact.permId ?? order.permId, status: fact.status };
    case "partiallyFilled/1":
    case "filled/1":
      return withExecution({ ...order, permId: fact.permId ?? order.permId }, fact.execution, fact.type === "filled/1");
    case "commission/1":
      return withCommission(order, fact.execId, fact.commission, fact.realizedPnl);
    case "cancelled/1":
      return { ...order, status: "Cancelled", message: fact.text === "" ? order.message : fact.text };
    case "brokerRejected/1":
      return { ...order, status: "Rejected", message: fact.text };
    case "killedNotSent/1":
    case "lost/1":
    case "closedAbsent/1":
      return { ...order, message: fact.reason };
    case "disputed/1":
      return { ...order, message: fact.evidence };
    case "sendStarted/1":
    case "cancelRequested/1":
      return order;
  }
}

function withExecution(order: Order, execution: Execution, complete: boolean): Order {
  if (order.executions.some((known) => known.execId === execution.execId)) return order;
  const newest = compare(decimal(execution.cumulativeQuantity), decimal(order.filledQuantity)) >= 0;
  return {
    ...order,
    status: complete ? "Filled" : order.status,
    filledQuantity: newest ? execution.cumulativeQuantity : order.filledQuantity,
    averagePrice: newest ? execution.averagePrice : order.averagePrice,
    executions: [...order.executions, { ...execution, commission: null, realizedPnl: null }],
  };
}

function withCommission(order: Order, execId: string, commission: Amount, realizedPnl: string | null): Order {
  const executions = order.executions.map((execution) =>
    execution.execId === execId ? { ...execution, commission, realizedPnl } : execution,
  );
  return { ...order, executions, commission: sumByCurrency(executions.map((execution) => execution.commission)) };
}

function sumByCurrency(amounts: readonly (Amount | null)[]): Amount[] {
  const sums = new Map<string, string>();
  for (const entry of amounts) {
    if (entry === null) continue;
    sums.set(entry.currency, toText(add(decimal(sums.get(entry.currency) ?? "0"), decimal(entry.amount))));
  }
  return [...sums].map(([currency, amount]) => ({ amount, currency }));
}
