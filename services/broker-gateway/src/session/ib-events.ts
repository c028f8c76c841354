import type { CommissionReport, Contract, Execution, Order, OrderState } from "@stoqey/ib";
import { EventName, type IBApi } from "./ib-library.ts";
import { executionOf, orderOf } from "./ib-translate.ts";
import { permIdOf } from "./perm-id.ts";
import type { BrokerEvent } from "./wire.ts";
import { cleanText, wireDecimal } from "./wire-numbers.ts";

const TEXT_MAX = 500;
/** What TWS says about an order is passed on word for word. */
const WORDS_MAX = 2_000;

type Emit = (event: BrokerEvent) => void;
type On = (event: EventName, listener: (...values: never[]) => void) => void;

/**
 * Turns the callbacks of one IBApi about orders and errors into events; all else is read from its frames. A listener that throws would stop the library in the middle of a
 * chunk, so each one is caught; `onFailure` gets what it threw.
 */
export function listenTo(api: IBApi, emit: Emit, onFailure: (error: unknown) => void): void {
  const on: On = (event, listener) => {
    (api.on as On).call(api, event, (...values: never[]) => {
      try {
        listener(...values);
      } catch (error) {
        onFailure(error);
      }
    });
  };
  let permId: string | null = null;
  on(EventName.received, (tokens: string[]) => {
    permId = permIdOf(tokens);
  });
  listenToOrders(on, emit, () => permId);
  on(EventName.error, (error: Error, code: number, id: number, advanced?: unknown) => {
    const text = cleanText(error.message, WORDS_MAX);
    const advancedReject =
      advanced === undefined ? {} : { advancedReject: cleanText(JSON.stringify(advanced), WORDS_MAX) };
    emit(id < 0 ? { kind: "notice", code, text } : { kind: "error", id, code, text, ...advancedReject });
  });
  on(EventName.info, (text: string, code: number) => emit({ kind: "notice", code, text: cleanText(text, TEXT_MAX) }));
  on(EventName.nextValidId, (orderId: number) => emit({ kind: "nextOrderId", orderId }));
}

function listenToOrders(on: On, emit: Emit, permId: () => string | null): void {
  on(EventName.openOrder, (orderId: number, contract: Contract, order: Order, state: OrderState) =>
    emit({ kind: "openOrder", order: orderOf({ orderId, permId: permId() }, { contract, order, state }) }),
  );
  on(EventName.openOrderEnd, () => emit({ kind: "openOrdersEnd" }));
  on(EventName.completedOrder, (contract: Contract, order: Order, state: OrderState) =>
    emit({ kind: "completedOrder", order: orderOf({ orderId: null, permId: permId() }, { contract, order, state }) }),
  );
  on(EventName.completedOrdersEnd, () => emit({ kind: "completedOrdersEnd" }));
  on(EventName.orderStatus, (...[orderId, status, filled, , , , , , clientId, whyHeld]: StatusValues) =>
    emit({
      kind: "orderStatus",
      orderId,
      clientId: clientId ?? null,
      permId: permId(),
      status: cleanText(status, 40),
      filled: wireDecimal(filled),
      whyHeld: cleanText(whyHeld, 100),
    }),
  );
  on(EventName.execDetails, (reqId: number, contract: Contract, execution: Execution) =>
    emit({ kind: "execution", reqId, execution: executionOf(permId(), contract, execution) }),
  );
  on(EventName.execDetailsEnd, (reqId: number) => emit({ kind: "executionsEnd", reqId }));
  on(EventName.commissionReport, (report: CommissionReport) =>
    emit({
      kind: "commission",
      execId: cleanText(report.execId, 64),
      commission: wireDecimal(report.commission),
      currency: cleanText(report.currency, 3),
      realizedPnl: wireDecimal(report.realizedPNL),
    }),
  );
}

type StatusValues = [
  orderId: number,
  status: string,
  filled: number,
  remaining: number,
  averagePrice: number,
  permId?: number,
  parentId?: number,
  lastPrice?: number,
  clientId?: number,
  whyHeld?: string,
];
