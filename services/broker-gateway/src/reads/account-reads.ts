import { Fault } from "@countersign/contracts/denial";
import type { AccountValue, PortfolioRow } from "@countersign/contracts/messages/account-reads.v1";
import type { Serial } from "../serial.ts";
import type { WireAccountValue, WirePortfolioRow } from "../session/wire-reads.ts";
import { ask } from "./question.ts";
import type { ReadDeps } from "./reader.ts";

const TIMEOUT_MS = 6_000;

/**
 * Everything of the account window. TWS keeps one subscription for the whole connection and its rows carry no id, so
 * one account at a time is asked for, under `lane`.
 */
export function accountUpdates(deps: ReadDeps & { readonly lane: Serial }, account: string) {
  const values: AccountValue[] = [];
  const portfolio: PortfolioRow[] = [];
  let updatedAt: string | null = null;
  const asked = () =>
    deps.requests.askUnnumbered({
      what: "account updates",
      timeoutMs: TIMEOUT_MS,
      send: (connection) => connection.reads.accountUpdates(true, account),
      on: (event) => {
        if (event.kind === "accountValue" && event.row.account === account) values.push(accountValueOf(event.row));
        if (event.kind === "portfolioRow" && event.row.account === account) portfolio.push(portfolioRowOf(event.row));
        if (event.kind === "accountTime") updatedAt = event.text;
        if (event.kind !== "accountEnd" || event.account !== account) return undefined;
        if (values.length === 0)
          return { failure: new Fault("BROKER_UNAVAILABLE", "TWS gave no value of the account") };
        return { result: { account, values, portfolio, updatedAt } };
      },
    });
  return deps.lane.run(async () => {
    try {
      return await asked();
    } finally {
      deps.requests.tell((connection) => connection.reads.accountUpdates(false, account));
    }
  });
}

export function accountValues(deps: ReadDeps, request: { account: string; modelCode: string | null }) {
  const values: AccountValue[] = [];
  return ask(deps, {
    what: "account values",
    timeoutMs: TIMEOUT_MS,
    send: (connection, id) => connection.reads.accountValues(id, request.account, request.modelCode),
    cancel: (connection, id) => connection.reads.cancelAccountValues(id),
    on: (event) => {
      if (event.kind === "accountMultiRow" && event.row.account === request.account) {
        if (isOfAnother(event.modelCode, request.modelCode)) return { failure: ofAnotherModel() };
        values.push(accountValueOf(event.row));
      }
      return event.kind === "accountMultiEnd" ? { result: { ...request, values } } : undefined;
    },
  });
}

export function modelPositions(deps: ReadDeps, request: { account: string; modelCode: string | null }) {
  const positions: ModelPosition[] = [];
  return ask<{ account: string; positions: ModelPosition[] }>(deps, {
    what: "positions",
    timeoutMs: TIMEOUT_MS,
    send: (connection, id) => connection.reads.modelPositions(id, request.account, request.modelCode),
    cancel: (connection, id) => connection.reads.cancelModelPositions(id),
    on: (event) => {
      if (event.kind === "positionMulti" && event.account === request.account) {
        const { quantity, averageCost } = event;
        const { conid, symbol, secType, currency } = event.contract;
        if (quantity === null || averageCost === null) return { failure: unreadable("a position") };
        if (isOfAnother(event.modelCode, request.modelCode)) return { failure: ofAnotherModel() };
        const modelCode = event.modelCode === "" ? null : event.modelCode;
        const row = { account: event.account, conid, symbol, secType, currency, quantity, averageCost, modelCode };
        // A position closed today is still told, as zero.
        if (quantity !== "0") positions.push(row);
      }
      return event.kind === "positionMultiEnd" ? { result: { account: request.account, positions } } : undefined;
    },
  });
}

interface ModelPosition {
  readonly account: string;
  readonly conid: number;
  readonly symbol: string;
  readonly secType: string;
  readonly currency: string;
  readonly quantity: string;
  readonly averageCost: string;
  readonly modelCode: string | null;
}

export function pnl(deps: ReadDeps, request: { account: string; modelCode: string | null }) {
  return ask(deps, {
    what: "profit and loss",
    timeoutMs: TIMEOUT_MS,
    send: (connection, id) => connection.reads.pnl(id, request.account, request.modelCode),
    cancel: (connection, id) => connection.reads.cancelPnl(id),
    on: (event) => {
      if (event.kind !== "pnl") return undefined;
      const { daily, unrealized, realized } = event;
      return { result: { ...request, daily, unrealized, realized } };
    },
  });
}

export function positionPnl(deps: ReadDeps, request: { account: string; conid: number }) {
  return ask(deps, {
    what: "profit and loss",
    timeoutMs: TIMEOUT_MS,
    send: (connection, id) => connection.reads.positionPnl(id, request.account, request.conid),
    cancel: (connection, id) => connection.reads.cancelPositionPnl(id),
    on: (event) => {
      if (event.kind !== "pnlSingle") return undefined;
      const { quantity, daily, unrealized, realized, value } = event;
      return { result: { ...request, quantity, daily, unrealized, realized, value } };
    },
  });
}

export function userInfo(deps: ReadDeps) {
  return ask<{ whiteBrandingId: string | null }>(deps, {
    what: "user info",
    timeoutMs: TIMEOUT_MS,
    send: (connection, id) => connection.reads.userInfo(id),
    on: (event) => {
      if (event.kind !== "userInfo") return undefined;
      return { result: { whiteBrandingId: event.whiteBrandingId === "" ? null : event.whiteBrandingId } };
    },
  });
}

/** What TWS tells of the whole account is no answer to a question about one model. */
const isOfAnother = (told: string, asked: string | null): boolean => asked !== null && told !== asked;
const ofAnotherModel = () => new Fault("BROKER_REFUSED", "TWS answered for another model than was asked for");

function unreadable(what: string): Fault {
  return new Fault("BROKER_REFUSED", `TWS sent ${what} without its figures`);
}

function accountValueOf({ key, value, currency }: WireAccountValue): AccountValue {
  return { key, value, currency: currency === "" ? null : currency };
}

function portfolioRowOf(row: WirePortfolioRow): PortfolioRow {
  const { conid, symbol, secType, currency } = row.contract;
  const { quantity, marketPrice, marketValue, averageCost, unrealizedPnl, realizedPnl } = row;
  if (quantity === null) throw unreadable("a portfolio row");
  const figures = { marketPrice, marketValue, averageCost, unrealizedPnl, realizedPnl };
  return { conid, symbol, secType, currency, quantity, ...figures };
}
