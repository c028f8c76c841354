import {
  add,
  type Decimal,
  decimal,
  isNegative,
  isZero,
  multiply,
  negate,
  toText,
  ZERO,
} from "@countersign/money/decimal";
import { averageCost, multiplierOf } from "../broker/ledger.ts";
import { money } from "../broker/margin-check.ts";
import type { Account, Position } from "../broker/model.ts";
import type { Instrument } from "../market/instrument.ts";
import type { FlexSource, FlexTrade, Period } from "./flex-data.ts";
import { flexDate, flexDateTime } from "./flex-time.ts";
import type { Xml } from "./xml.ts";

type Attributes = Record<string, string>;

/** What every row says about its instrument. */
function instrumentAttributes(instrument: Instrument): Attributes {
  const { conId, isin, currency, secType, localSymbol, longName, multiplier, right, strike, expiry } = instrument;
  const hasUnderlying = instrument.underlyingConId !== 0;
  return {
    currency,
    assetCategory: secType,
    subCategory: instrument.stockType,
    symbol: localSymbol,
    description: longName,
    conid: String(conId),
    securityID: isin,
    securityIDType: isin === "" ? "" : "ISIN",
    cusip: instrument.bond?.cusip ?? "",
    isin,
    listingExchange: instrument.primaryExchange || instrument.exchange,
    underlyingConid: hasUnderlying ? String(instrument.underlyingConId) : "",
    underlyingSymbol: instrument.underlyingSymbol,
    multiplier: multiplier === "" ? "1" : multiplier,
    strike,
    expiry,
    putCall: right,
  };
}

/** The amounts of one execution in the instrument's currency; money that leaves the account is negative. */
function amounts({ execution, instrument }: FlexTrade) {
  const quantity = execution.side === "BOT" ? decimal(execution.shares) : negate(decimal(execution.shares));
  const tradeMoney = multiply(multiply(quantity, decimal(execution.price)), multiplierOf(instrument));
  const commission = negate(decimal(execution.commission));
  const proceeds = negate(tradeMoney);
  const realized = decimal(execution.realizedPnl ?? "0");
  return { quantity, tradeMoney, commission, proceeds, netCash: add(proceeds, commission), realized };
}

/** A row of Trades in an activity statement. */
export function tradeRow(source: FlexSource, trade: FlexTrade): Xml {
  const { execution, instrument, order, settlementDate } = trade;
  const { quantity, tradeMoney, commission, proceeds, netCash, realized } = amounts(trade);
  const attributes = {
    accountId: execution.account,
    ...instrumentAttributes(instrument),
    fxRateToBase: toText(source.valuer.rate(instrument.currency)),
    tradeID: tradeId(execution.execId),
    reportDate: flexDate(execution.timeMs),
    dateTime: flexDateTime(execution.timeMs),
    tradeDate: flexDate(execution.timeMs),
    settleDateTarget: settlementDate,
    transactionType: "ExchTrade",
    exchange: execution.exchange,
    buySell: execution.side === "BOT" ? "BUY" : "SELL",
    quantity: toText(quantity),
    tradePrice: execution.price,
    tradeMoney: toText(tradeMoney),
    proceeds: toText(proceeds),
    taxes: "0",
    ibCommission: toText(commission),
    ibCommissionCurrency: execution.commissionCurrency,
    netCash: toText(netCash),
    openCloseIndicator: execution.realizedPnl === undefined ? "O" : "C",
    notes: "",
    cost: toText(add(negate(netCash), realized)),
    fifoPnlRealized: toText(realized),
    ibOrderID: String(execution.permId),
    ibExecID: execution.execId,
    orderReference: execution.orderRef,
    orderTime: order === undefined ? "" : flexDateTime(order.acceptedMs),
    orderType: order?.terms.orderType ?? "",
    levelOfDetail: "EXECUTION",
    isAPIOrder: "Y",
  };
  return { name: "Trade", attributes };
}

/** A row of a trade confirmation: the same execution under other names. */
export function confirmationRow(trade: FlexTrade): Xml {
  const { execution, instrument, order, settlementDate } = trade;
  const { quantity, tradeMoney, commission, proceeds, netCash } = amounts(trade);
  const attributes = {
    accountId: execution.account,
    ...instrumentAttributes(instrument),
    tradeID: tradeId(execution.execId),
    orderID: String(execution.permId),
    execID: execution.execId,
    orderReference: execution.orderRef,
    dateTime: flexDateTime(execution.timeMs),
    tradeDate: flexDate(execution.timeMs),
    settleDate: settlementDate,
    exchange: execution.exchange,
    buySell: execution.side === "BOT" ? "BUY" : "SELL",
    quantity: toText(quantity),
    price: execution.price,
    amount: toText(tradeMoney),
    proceeds: toText(proceeds),
    commission: toText(commission),
    commissionCurrency: execution.commissionCurrency,
    netCash: toText(netCash),
    code: execution.realizedPnl === undefined ? "O" : "C",
    orderTime: order === undefined ? "" : flexDateTime(order.acceptedMs),
    orderType: order?.terms.orderType ?? "",
    levelOfDetail: "EXECUTION",
    isAPIOrder: "Y",
  };
  return { name: "TradeConfirm", attributes };
}

/** A number from the parts of the execution's id: the same for each correction of it, its own for each leg. */
function tradeId(execId: string): string {
  const [session = "", count = "", leg = ""] = execId.split(".");
  return String(BigInt(`0x${session}${count}`) * 100n + BigInt(leg));
}

export function positionRow(
  source: FlexSource,
  account: Account,
  held: { instrument: Instrument; position: Position; reportDate: string },
): Xml {
  const { instrument, position, reportDate } = held;
  const { marketPrice, marketValue, unrealizedPnl } = source.valuer.positionValue(instrument, position);
  const attributes = {
    accountId: account.id,
    ...instrumentAttributes(instrument),
    fxRateToBase: toText(source.valuer.rate(instrument.currency)),
    reportDate,
    position: position.quantity,
    markPrice: toText(marketPrice),
    positionValue: toText(marketValue),
    costBasisPrice: toText(averageCost(position)),
    costBasisMoney: position.cost,
    fifoPnlUnrealized: toText(unrealizedPnl),
    side: isNegative(decimal(position.quantity)) ? "Short" : "Long",
    levelOfDetail: "SUMMARY",
  };
  return { name: "OpenPosition", attributes };
}

/** Cash by currency, behind the sum of all in the base currency. */
export function cashRows(
  source: FlexSource,
  account: Account,
  flows: { trades: readonly FlexTrade[]; period: Period },
): Xml[] {
  const currencies = Object.keys(account.cash).sort();
  const inBase = (sum: (currency: string) => Decimal) =>
    currencies.reduce((total, currency) => add(total, multiply(sum(currency), source.valuer.rate(currency))), ZERO);
  const ending = (currency: string) => decimal(account.cash[currency] ?? "0");
  const commissions = (currency: string) =>
    flows.trades
      .filter(({ instrument }) => instrument.currency === currency)
      .reduce((total, trade) => add(total, amounts(trade).commission), ZERO);
  const row = (currency: string, level: string, cash: Decimal, paid: Decimal): Xml => ({
    name: "CashReportCurrency",
    attributes: {
      accountId: account.id,
      currency,
      levelOfDetail: level,
      fromDate: flows.period.from,
      toDate: flows.period.to,
      commissions: toText(paid),
      endingCash: level === "BaseCurrency" ? money(cash) : toText(cash),
    },
  });
  return [
    row("BASE_SUMMARY", "BaseCurrency", inBase(ending), inBase(commissions)),
    ...currencies.map((currency) => row(currency, "Currency", ending(currency), commissions(currency))),
  ];
}

export function isHeld(position: Position): boolean {
  return !isZero(decimal(position.quantity));
}
