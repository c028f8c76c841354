import type { Contract, Execution, Order, OrderState } from "@stoqey/ib";
import type { WireContract, WireExecution, WireLeg, WireMargins, WireOrder } from "./wire.ts";
import { cleanText, wireDecimal } from "./wire-numbers.ts";

const TEXT_MAX = 500;

/** The objects of the client library in our words. Pure. */
export function contractOf(contract: Contract): WireContract {
  const multiplier = wireDecimal(contract.multiplier);
  return {
    conid: contract.conId ?? 0,
    symbol: cleanText(contract.symbol, 40),
    secType: cleanText(contract.secType, 10),
    currency: cleanText(contract.currency, 3),
    exchange: cleanText(contract.exchange, 20),
    primaryExchange: cleanText(contract.primaryExch, 20),
    localSymbol: cleanText(contract.localSymbol, 40),
    tradingClass: cleanText(contract.tradingClass, 40),
    // The library reads a missing multiplier as 0.
    multiplier: multiplier === "0" ? null : multiplier,
    lastTradeDate: cleanText(contract.lastTradeDateOrContractMonth, 40),
    strike: wireDecimal(contract.strike),
    right: cleanText(contract.right, 5),
  };
}

/** None when one of them cannot be read: half a combination would pass for another one. */
function legsOf({ comboLegs = [] }: Contract): WireLeg[] {
  const legs = comboLegs.flatMap(({ conId, ratio, action }): WireLeg[] => {
    const side = action === "BUY" || action === "SELL" ? action : undefined;
    const isWhole = Number.isSafeInteger(ratio) && Number.isSafeInteger(conId);
    if (side === undefined || !isWhole || ratio === undefined || ratio < 1 || conId === undefined || conId < 1)
      return [];
    return [{ conid: conId, side, ratio }];
  });
  return legs.length === comboLegs.length ? legs : [];
}

export function marginsOf(state: OrderState): WireMargins {
  return {
    initialChange: wireDecimal(state.initMarginChange),
    initialAfter: wireDecimal(state.initMarginAfter),
    maintenanceChange: wireDecimal(state.maintMarginChange),
    maintenanceAfter: wireDecimal(state.maintMarginAfter),
    equityAfter: wireDecimal(state.equityWithLoanAfter),
    commission: wireDecimal(state.commission),
    commissionMin: wireDecimal(state.minCommission),
    commissionMax: wireDecimal(state.maxCommission),
    commissionCurrency: cleanText(state.commissionCurrency, 3),
    warning: cleanText(state.warningText, TEXT_MAX),
  };
}

export function orderOf(
  ids: { orderId: number | null; permId: string | null },
  source: { contract: Contract; order: Order; state: OrderState },
): WireOrder {
  const { contract, order, state } = source;
  return {
    orderId: ids.orderId,
    clientId: ids.orderId === null ? null : (order.clientId ?? null),
    permId: ids.permId,
    orderRef: cleanText(order.orderRef, 64),
    account: cleanText(order.account, 20),
    contract: contractOf(contract),
    legs: legsOf(contract),
    side: cleanText(order.action, 10),
    quantity: wireDecimal(order.totalQuantity),
    filledQuantity: wireDecimal(order.filledQuantity),
    orderType: cleanText(order.orderType, 20),
    limitPrice: wireDecimal(order.lmtPrice),
    auxPrice: wireDecimal(order.auxPrice),
    trailStopPrice: wireDecimal(order.trailStopPrice),
    trailingPercent: wireDecimal(order.trailingPercent),
    timeInForce: cleanText(order.tif, 10),
    outsideRth: order.outsideRth === true,
    parentId: order.parentId ? order.parentId : null,
    whatIf: order.whatIf === true,
    status: cleanText(state.status, 40),
    completedStatus: cleanText(state.completedStatus, 200),
    margins: marginsOf(state),
  };
}

export function executionOf(permId: string | null, contract: Contract, execution: Execution): WireExecution {
  return {
    execId: cleanText(execution.execId, 64),
    time: cleanText(execution.time, 64),
    account: cleanText(execution.acctNumber, 20),
    contract: contractOf(contract),
    side: cleanText(execution.side, 5),
    quantity: wireDecimal(execution.shares),
    price: wireDecimal(execution.price),
    cumulativeQuantity: wireDecimal(execution.cumQty),
    averagePrice: wireDecimal(execution.avgPrice),
    exchange: cleanText(execution.exchange, 20),
    orderId: execution.orderId ?? 0,
    clientId: execution.clientId ?? 0,
    permId,
    orderRef: cleanText(execution.orderRef, 64),
  };
}
