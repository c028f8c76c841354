import {
  add,
  compare,
  type Decimal,
  decimal,
  divideRoundingHalfEven,
  isZero,
  multiply,
  subtract,
  toText,
  ZERO,
} from "@countersign/money/decimal";
import type { AccountValueView, PositionView } from "../codec/encode-account.ts";
import { type Instrument, isOption } from "../market/instrument.ts";
import { averageCost } from "./ledger.ts";
import { money } from "./margin-check.ts";
import type { Account, Position } from "./model.ts";
import { contractView } from "./order-views.ts";
import { BASE_CURRENCY, type Valuation, type Valuer } from "./valuation.ts";

/** The metrics that are both summary tags and account values, with their value in the base currency. */
function metrics(valuation: Valuation): readonly (readonly [key: string, value: Decimal])[] {
  const { availableFunds, excessLiquidity, equityWithLoan, initialMargin, maintenanceMargin } = valuation;
  return [
    ["AccruedCash", ZERO],
    ["AccruedDividend", ZERO],
    ["AvailableFunds", availableFunds],
    ["BuyingPower", valuation.buyingPower],
    ["EquityWithLoanValue", equityWithLoan],
    ["ExcessLiquidity", excessLiquidity],
    ["FullAvailableFunds", availableFunds],
    ["FullExcessLiquidity", excessLiquidity],
    ["FullInitMarginReq", initialMargin],
    ["FullMaintMarginReq", maintenanceMargin],
    ["GrossPositionValue", valuation.grossPositionValue],
    ["InitMarginReq", initialMargin],
    ["LookAheadAvailableFunds", availableFunds],
    ["LookAheadExcessLiquidity", excessLiquidity],
    ["LookAheadInitMarginReq", initialMargin],
    ["LookAheadMaintMarginReq", maintenanceMargin],
    ["MaintMarginReq", maintenanceMargin],
    ["NetLiquidation", valuation.netLiquidation],
    ["PreviousDayEquityWithLoanValue", equityWithLoan],
    ["RegTEquity", equityWithLoan],
    ["RegTMargin", initialMargin],
    ["SMA", availableFunds],
    ["SettledCash", valuation.cash],
    ["TotalCashValue", valuation.cash],
  ];
}

function cushion(valuation: Valuation): string {
  if (compare(valuation.netLiquidation, ZERO) <= 0) return "0";
  return toText(divideRoundingHalfEven(valuation.excessLiquidity, valuation.netLiquidation, 6));
}

function leverage(valuation: Valuation): string {
  if (compare(valuation.netLiquidation, ZERO) <= 0) return "0";
  return toText(divideRoundingHalfEven(valuation.grossPositionValue, valuation.netLiquidation, 2));
}

function plainRows(account: Account, valuation: Valuation): AccountValueView[] {
  const rows: [string, string, string][] = [
    ["AccountType", "INDIVIDUAL", ""],
    ["Cushion", cushion(valuation), ""],
    ["DayTradesRemaining", "-1", ""],
    ["HighestSeverity", "0", ""],
    ["Leverage", leverage(valuation), ""],
    ["LookAheadNextChange", "0", ""],
  ];
  for (const [key, value] of metrics(valuation)) rows.push([key, money(value), BASE_CURRENCY]);
  return rows.map(([key, value, currency]) => ({ account: account.id, key, value, currency }));
}

/** The ledger of one currency, or of all in the base currency under the name BASE. */
function ledgerRows(account: Account, currency: string, totals: Ledger): AccountValueView[] {
  const rows: [string, string][] = [
    ["AccountCode", account.id],
    ["AccruedCash", "0.00"],
    ["CashBalance", money(totals.cash)],
    ["Currency", currency],
    ["ExchangeRate", toText(totals.rate)],
    ["FutureMarketValue", "0.00"],
    ["FuturesPNL", money(totals.futuresPnl)],
    [
      "NetLiquidationByCurrency",
      money(add(add(totals.cash, totals.stockValue), add(totals.optionValue, totals.futuresPnl))),
    ],
    ["OptionMarketValue", money(totals.optionValue)],
    ["RealCurrency", currency],
    ["RealizedPnL", money(totals.realizedPnl)],
    ["StockMarketValue", money(totals.stockValue)],
    ["TotalCashBalance", money(totals.cash)],
    ["UnrealizedPnL", money(totals.unrealizedPnl)],
  ];
  return rows.map(([key, value]) => ({ account: account.id, key, value, currency }));
}

interface Ledger {
  readonly rate: Decimal;
  readonly cash: Decimal;
  readonly stockValue: Decimal;
  readonly optionValue: Decimal;
  readonly futuresPnl: Decimal;
  readonly unrealizedPnl: Decimal;
  readonly realizedPnl: Decimal;
}

function currencyLedger(valuer: Valuer, account: Account, currency: string): Ledger {
  const sums = { stockValue: ZERO, optionValue: ZERO, futuresPnl: ZERO, unrealizedPnl: ZERO, realizedPnl: ZERO };
  for (const [conId, position] of Object.entries(account.positions)) {
    const instrument = valuer.instrument(Number(conId));
    if (instrument.currency !== currency) continue;
    const { marketValue, unrealizedPnl } = valuer.positionValue(instrument, position);
    sums.realizedPnl = add(sums.realizedPnl, decimal(position.realizedPnl));
    if (isZero(decimal(position.quantity))) continue;
    sums.unrealizedPnl = add(sums.unrealizedPnl, unrealizedPnl);
    if (instrument.secType === "FUT") {
      sums.futuresPnl = add(sums.futuresPnl, subtract(marketValue, decimal(position.grossCost)));
    } else if (isOption(instrument)) sums.optionValue = add(sums.optionValue, marketValue);
    else if (instrument.secType !== "CASH") sums.stockValue = add(sums.stockValue, marketValue);
  }
  return { rate: valuer.rate(currency), cash: decimal(account.cash[currency] ?? "0"), ...sums };
}

function baseLedger(valuer: Valuer, account: Account): Ledger {
  const valuation = valuer.value(account);
  const { cash, stockValue, optionValue, futuresPnl, unrealizedPnl } = valuation;
  let realizedPnl = ZERO;
  for (const [conId, position] of Object.entries(account.positions)) {
    const rate = valuer.rate(valuer.instrument(Number(conId)).currency);
    realizedPnl = add(realizedPnl, multiply(decimal(position.realizedPnl), rate));
  }
  return { rate: decimal("1"), cash, stockValue, optionValue, futuresPnl, unrealizedPnl, realizedPnl };
}

function currencies(valuer: Valuer, account: Account): string[] {
  const held = Object.keys(account.positions).map((conId) => valuer.instrument(Number(conId)).currency);
  return [...new Set([...Object.keys(account.cash), ...held])].sort();
}

/** Every row of reqAccountUpdates: metrics, then the ledger of all currencies together and of each. */
export function accountRows(valuer: Valuer, account: Account): AccountValueView[] {
  const rows = [
    { account: account.id, key: "AccountCode", value: account.id, currency: "" },
    { account: account.id, key: "AccountReady", value: "true", currency: "" },
    ...plainRows(account, valuer.value(account)),
    ...ledgerRows(account, "BASE", baseLedger(valuer, account)),
  ];
  for (const currency of currencies(valuer, account)) {
    rows.push(...ledgerRows(account, currency, currencyLedger(valuer, account, currency)));
  }
  return rows;
}

/** The rows of one summary request: tags in alphabetical order; unknown tags give nothing, as with TWS. */
export function summaryRows(valuer: Valuer, account: Account, tags: readonly string[]): AccountValueView[] {
  const wanted = new Set(tags);
  const rows = plainRows(account, valuer.value(account)).filter((row) => wanted.has(row.key));
  rows.sort((left, right) => (left.key < right.key ? -1 : 1));
  for (const tag of tags) {
    const match = /^\$LEDGER(?::([A-Z]+))?$/.exec(tag);
    if (match === null) continue;
    const chosen = match[1];
    if (chosen === undefined || chosen === "ALL")
      rows.push(...ledgerRows(account, "BASE", baseLedger(valuer, account)));
    if (chosen === undefined) continue;
    for (const currency of currencies(valuer, account)) {
      if (chosen === "ALL" || chosen === currency) {
        rows.push(...ledgerRows(account, currency, currencyLedger(valuer, account, currency)));
      }
    }
  }
  return rows;
}

export function positionView(
  valuer: Valuer,
  account: Account,
  held: { instrument: Instrument; position: Position },
): PositionView {
  const { instrument, position } = held;
  const { marketPrice, marketValue, unrealizedPnl } = valuer.positionValue(instrument, position);
  const closed = isZero(decimal(position.quantity));
  return {
    account: account.id,
    contract: contractView(instrument),
    quantity: position.quantity,
    averageCost: toText(averageCost(position)),
    marketPrice: toText(marketPrice),
    marketValue: money(marketValue),
    unrealizedPnl: closed ? "0.00" : money(unrealizedPnl),
    realizedPnl: money(decimal(position.realizedPnl)),
  };
}

/** All positions of an account, those closed today included with quantity 0. */
export function positionViews(valuer: Valuer, account: Account): PositionView[] {
  return Object.entries(account.positions).map(([conId, position]) =>
    positionView(valuer, account, { instrument: valuer.instrument(Number(conId)), position }),
  );
}
