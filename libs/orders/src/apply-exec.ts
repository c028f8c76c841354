import type { Difference, ExecFact, Execution } from "@countersign/contracts/facts/exec-facts.v1";
import type { Amount } from "@countersign/contracts/money";
import type { LegView, ProposalView } from "@countersign/contracts/proposal-view";
import {
  add,
  compare,
  decimal,
  divideRoundingHalfEven,
  isZero,
  multiply,
  toText,
  ZERO,
} from "@countersign/money/decimal";
import { withAbsences } from "./absences.ts";
import { counting } from "./corrections.ts";

type Intent = Extract<ExecFact, { type: "intent/1" }>;
type LegFact = Extract<ExecFact, { type: "leg/1" }>;
/** What one order at the broker is, whether it is the order of a ticket, its entry or an exit. */
export type AtBroker = Omit<LegView, "leg" | "state" | "quantity">;

/** A broker that repeats itself must not let a view grow without end. */
const SAID_MAX = 50;
const AVERAGE_DECIMALS = 8;

export function openedBy(intent: Intent): NonNullable<ProposalView["order"]> {
  const { orderRef, orderId, clientId, legs } = intent;
  const opened = (ids: { orderRef: string; orderId: number }): AtBroker => ({
    ...ids,
    clientId,
    permId: null,
    status: null,
    filledQuantity: "0",
    averagePrice: null,
    executions: [],
    commission: [],
    message: null,
    said: [],
    drift: [],
  });
  return {
    ...opened({ orderRef, orderId }),
    legs: (legs ?? []).map(({ leg, ...ids }) => ({ leg, state: "INTENT", ...opened(ids) })),
    unprotected: legs === undefined ? null : "0",
  };
}

/** Facts about a change of the order, which concern its terms and not what the broker does with it. */
/** About a change of an order, from its intent to its end. */
export type ChangeFact = Extract<ExecFact, { type: "modifyRequested/1" | "termsReplaced/1" | "modifyClosed/1" }>;
export type OrderFact = Exclude<ExecFact, Intent | LegFact | ChangeFact>;

export function isChange(fact: ExecFact): fact is ChangeFact {
  return fact.type === "modifyRequested/1" || fact.type === "termsReplaced/1" || fact.type === "modifyClosed/1";
}

/** One order with what the gateway or the broker said. Executions are keyed by execId: a repeat changes nothing. */
export function applyToOrder<T extends AtBroker>(order: T, fact: OrderFact): T {
  return applyOne(withAbsences(order, fact), fact);
}

function applyOne<T extends AtBroker>(order: T, fact: OrderFact): T {
  switch (fact.type) {
    case "acknowledged/1":
      return { ...order, permId: fact.permId ?? order.permId, status: fact.status };
    case "partiallyFilled/1":
    case "filled/1":
      return withExecution({ ...order, permId: fact.permId ?? order.permId }, fact.execution, fact.type === "filled/1");
    case "comboLegFilled/1":
      return withLegExecution(order, fact.execution);
    case "corrected/1":
      return withCorrection(order, fact.execution);
    case "commission/1":
      return withCommission(order, fact.execId, fact.commission, fact.realizedPnl);
    case "cancelled/1":
      return withWords({ ...order, status: "Cancelled" }, fact);
    case "brokerRejected/1":
      return withWords({ ...order, status: "Rejected" }, fact);
    case "brokerSaid/1":
      return withWords(order, fact);
    case "drifted/1":
      return { ...order, drift: fact.differences satisfies Difference[] };
    case "killedNotSent/1":
    case "lost/1":
    case "closedAbsent/1":
    case "completed/1":
      return { ...order, message: fact.reason };
    case "closeRequested/1":
      return { ...order, closeRequestedBy: fact.actor.id };
    case "modified/1":
      return { ...order, permId: fact.permId ?? order.permId };
    case "resolvedOpen/1":
    case "resolvedPartial/1":
    case "resolvedFilled/1":
    case "resolvedCancelled/1":
    case "resolvedRejected/1":
      return { ...order, status: fact.shown.slice(0, 40), message: fact.reason };
    case "disputed/1":
      return { ...order, message: fact.evidence };
    case "absent/1":
    case "sendStarted/1":
    case "cancelRequested/1":
      return order;
  }
}

function withWords<T extends AtBroker>(
  order: T,
  fact: { at: string; code: number | null; text: string; advancedReject?: string },
): T {
  const { at, code, text, advancedReject = null } = fact;
  if (text === "") return order;
  const message = text.slice(0, 1000);
  if (code === null || order.said.length >= SAID_MAX) return { ...order, message };
  return { ...order, message, said: [...order.said, { at, code, text, advancedReject }] };
}

function withExecution<T extends AtBroker>(order: T, execution: Execution, complete: boolean): T {
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

/** What a fill did in one leg of a combination is listed, and does not count as filled: the combination's own execution does. */
function withLegExecution<T extends AtBroker>(order: T, execution: Execution): T {
  if (order.executions.some((known) => known.execId === execution.execId)) return order;
  return { ...order, executions: [...order.executions, { ...execution, commission: null, realizedPnl: null }] };
}

/** The list shows each execution as it was last corrected; what was before stays in the log. */
function withCorrection<T extends AtBroker>(order: T, execution: Execution): T {
  const versions = [...order.executions, { ...execution, commission: null, realizedPnl: null }];
  const executions = counting(versions);
  const own = executions.filter(({ comboLeg }) => comboLeg === undefined);
  const filled = own.map(({ quantity }) => decimal(quantity)).reduce(add, ZERO);
  const cost = own.map(({ quantity, price }) => multiply(decimal(quantity), decimal(price))).reduce(add, ZERO);
  return {
    ...order,
    executions,
    filledQuantity: toText(filled),
    averagePrice: isZero(filled) ? null : toText(divideRoundingHalfEven(cost, filled, AVERAGE_DECIMALS)),
    commission: sumByCurrency(executions.map(({ commission }) => commission)),
  };
}

function withCommission<T extends AtBroker>(
  order: T,
  execId: string,
  commission: Amount,
  realizedPnl: string | null,
): T {
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
