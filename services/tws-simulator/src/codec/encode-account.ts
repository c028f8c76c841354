import { type ContractView, contractTokens } from "./contract-view.ts";
import { type Reply, UNSET_DOUBLE } from "./literals.ts";

export interface AccountValueView {
  readonly account: string;
  readonly key: string;
  readonly value: string;
  readonly currency: string;
}

export function encodeAccountSummary(reqId: number, row: AccountValueView): Reply {
  const tokens = ["63", "1", String(reqId), row.account, row.key, row.value, row.currency];
  return { name: "accountSummary", tokens };
}

export function encodeAccountSummaryEnd(reqId: number): Reply {
  return { name: "accountSummaryEnd", tokens: ["64", "1", String(reqId)] };
}

export function encodeAccountValue(row: AccountValueView): Reply {
  return { name: "updateAccountValue", tokens: ["6", "2", row.key, row.value, row.currency, row.account] };
}

/** `time` is HH:MM in the time zone of the TWS. */
export function encodeAccountTime(time: string): Reply {
  return { name: "updateAccountTime", tokens: ["8", "1", time] };
}

export function encodeAccountDownloadEnd(account: string): Reply {
  return { name: "accountDownloadEnd", tokens: ["54", "1", account] };
}

export function encodeAccountUpdateMulti(reqId: number, row: AccountValueView, model: string): Reply {
  const tokens = ["73", "1", String(reqId), row.account, model, row.key, row.value, row.currency];
  return { name: "accountUpdateMulti", tokens };
}

export function encodeAccountUpdateMultiEnd(reqId: number): Reply {
  return { name: "accountUpdateMultiEnd", tokens: ["74", "1", String(reqId)] };
}

/** One position with its money in the contract's currency, as decimal text. */
export interface PositionView {
  readonly account: string;
  readonly contract: ContractView;
  readonly quantity: string;
  readonly averageCost: string;
  readonly marketPrice: string;
  readonly marketValue: string;
  readonly unrealizedPnl: string;
  readonly realizedPnl: string;
}

function positionContract(contract: ContractView): string[] {
  const exchange = contract.secType === "FUT" ? "" : contract.primaryExchange;
  return contractTokens(contract, { exchange, strike: "0.0", right: "" });
}

export function encodePosition(position: PositionView): Reply {
  const contract = positionContract(position.contract);
  const tokens = ["61", "3", position.account, ...contract, position.quantity, position.averageCost];
  return { name: "position", tokens };
}

export function encodePositionEnd(): Reply {
  return { name: "positionEnd", tokens: ["62", "1"] };
}

export function encodePositionMulti(reqId: number, position: PositionView, model: string): Reply {
  const head = ["71", "1", String(reqId), position.account];
  const tail = [position.quantity, position.averageCost, model];
  return { name: "positionMulti", tokens: [...head, ...positionContract(position.contract), ...tail] };
}

export function encodePositionMultiEnd(reqId: number): Reply {
  return { name: "positionMultiEnd", tokens: ["72", "1", String(reqId)] };
}

export function encodePortfolio(position: PositionView): Reply {
  const { contract } = position;
  const shown = { exchange: contract.primaryExchange, strike: "0", right: "0" };
  const money = [position.averageCost, position.unrealizedPnl, position.realizedPnl];
  const value = [position.quantity, position.marketPrice, position.marketValue];
  const tokens = ["7", "8", ...contractTokens(contract, shown), ...value, ...money, position.account];
  return { name: "updatePortfolio", tokens };
}

/** Undefined means not known and travels as the unset double. */
export interface PnlView {
  readonly daily: string | undefined;
  readonly unrealized: string | undefined;
  readonly realized: string | undefined;
}

function pnlTokens(pnl: PnlView): string[] {
  return [pnl.daily ?? UNSET_DOUBLE, pnl.unrealized ?? UNSET_DOUBLE, pnl.realized ?? UNSET_DOUBLE];
}

export function encodePnl(reqId: number, pnl: PnlView): Reply {
  return { name: "pnl", tokens: ["94", String(reqId), ...pnlTokens(pnl)] };
}

export function encodePnlSingle(reqId: number, row: { quantity: string; pnl: PnlView; value: string }): Reply {
  return { name: "pnlSingle", tokens: ["95", String(reqId), row.quantity, ...pnlTokens(row.pnl), row.value] };
}
