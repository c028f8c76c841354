import {
  type CommissionReport,
  type Contract,
  type ContractDescription,
  type ContractDetails,
  EventName,
  type Execution,
  type IBApi,
  type Order,
  type OrderState,
} from "@stoqey/ib";
import { contractOf, detailsOf, executionOf, orderOf } from "./ib-translate.ts";
import { permIdOf } from "./perm-id.ts";
import type { BrokerEvent } from "./wire.ts";
import { cleanText, wireDecimal } from "./wire-numbers.ts";

const TEXT_MAX = 500;
const BARS_END = "finished";

type Emit = (event: BrokerEvent) => void;
type On = (event: EventName, listener: (...values: never[]) => void) => void;

/**
 * Turns every callback of one IBApi into an event. A listener that throws would stop the library in the middle of a
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
    const bidSize = bidSizeOf(tokens);
    if (bidSize !== undefined) emit(bidSize);
  });
  listenToOrders(on, emit, () => permId);
  listenToAccount(on, emit);
  listenToContracts(on, emit);
  listenToMarketData(on, emit);
  on(EventName.error, (error: Error, code: number, id: number) => {
    const text = cleanText(error.message, TEXT_MAX);
    emit(id < 0 ? { kind: "notice", code, text } : { kind: "error", id, code, text });
  });
  on(EventName.info, (text: string, code: number) => emit({ kind: "notice", code, text: cleanText(text, TEXT_MAX) }));
  on(EventName.currentTime, (epochSeconds: number) => emit({ kind: "currentTime", epochSeconds }));
  on(EventName.nextValidId, (orderId: number) => emit({ kind: "nextOrderId", orderId }));
}

const TICK_PRICE = "1";
const BID = "1";
const BID_SIZE = 0;

/** The size in a bid's price message. The library drops it, because the field's number is 0 and it tests for truth. */
function bidSizeOf(tokens: readonly string[]): BrokerEvent | undefined {
  const [message, , reqId, tickType, , size] = tokens;
  if (message !== TICK_PRICE || tickType !== BID) return undefined;
  return { kind: "tick", reqId: Number(reqId), field: BID_SIZE, value: wireDecimal(Number(size)) };
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

function listenToAccount(on: On, emit: Emit): void {
  on(EventName.managedAccounts, (text: string) => {
    const accounts = text.split(",").map((account) => account.trim());
    // Some versions end the list with a comma.
    emit({ kind: "accounts", accounts: accounts.filter((account) => account !== "") });
  });
  on(EventName.position, (account: string, contract: Contract, quantity: number, averageCost?: number) =>
    emit({
      kind: "position",
      account,
      contract: contractOf(contract),
      quantity: wireDecimal(quantity),
      averageCost: wireDecimal(averageCost),
    }),
  );
  on(EventName.positionEnd, () => emit({ kind: "positionsEnd" }));
  on(EventName.accountSummary, (reqId: number, account: string, tag: string, value: string, currency: string) =>
    emit({ kind: "summaryRow", reqId, account, tag: tag.replace(/^\$LEDGER-/, ""), value, currency }),
  );
  on(EventName.accountSummaryEnd, (reqId: number) => emit({ kind: "summaryEnd", reqId }));
}

function listenToContracts(on: On, emit: Emit): void {
  on(EventName.contractDetails, (reqId: number, details: ContractDetails) =>
    emit({ kind: "details", reqId, details: detailsOf(details) }),
  );
  on(EventName.contractDetailsEnd, (reqId: number) => emit({ kind: "detailsEnd", reqId }));
  on(EventName.symbolSamples, (reqId: number, samples: ContractDescription[]) => {
    const rows = samples.flatMap(({ contract }) =>
      contract === undefined
        ? []
        : [{ contract: contractOf(contract), description: cleanText(contract.description, TEXT_MAX) }],
    );
    emit({ kind: "symbols", reqId, rows });
  });
}

function listenToMarketData(on: On, emit: Emit): void {
  const tick = (reqId: number, field: number, value: number | undefined) =>
    emit({ kind: "tick", reqId, field, value: wireDecimal(value) });
  on(EventName.tickPrice, tick);
  on(EventName.tickSize, tick);
  on(EventName.tickGeneric, tick);
  on(EventName.marketDataType, (reqId: number, dataType: number) => emit({ kind: "dataType", reqId, dataType }));
  on(EventName.tickSnapshotEnd, (reqId: number) => emit({ kind: "snapshotEnd", reqId }));
  on(EventName.historicalData, (...[reqId, time, open, high, low, close, volume]: BarValues) => {
    if (time.startsWith(BARS_END)) {
      emit({ kind: "barsEnd", reqId });
      return;
    }
    const prices = {
      open: wireDecimal(open),
      high: wireDecimal(high),
      low: wireDecimal(low),
      close: wireDecimal(close),
    };
    emit({ kind: "bar", reqId, bar: { time, ...prices, volume: wireDecimal(volume) } });
  });
}

type BarValues = [reqId: number, time: string, open: number, high: number, low: number, close: number, volume: number];
