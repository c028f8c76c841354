import type { Account } from "../broker/model.ts";
import { type FlexSource, type Period, tradesOf } from "./flex-data.ts";
import { cashRows, confirmationRow, isHeld, positionRow, tradeRow } from "./flex-rows.ts";
import { flexDateTime } from "./flex-time.ts";
import { type Xml, xmlText } from "./xml.ts";

export interface FlexQuery {
  readonly name: string;
  /** AF = activity, TCF = trade confirmations. */
  readonly type: "AF" | "TCF";
  /** How IB names the usual period. */
  readonly periodName: string;
}

/** The queries that this account has, by their id. */
export const FLEX_QUERIES: ReadonlyMap<string, FlexQuery> = new Map([
  ["100001", { name: "Activity", type: "AF", periodName: "Last7Days" }],
  ["100002", { name: "Trade Confirmations", type: "TCF", periodName: "Today" }],
]);

/** The document of one query: a statement for each account, made from the executions and the books as they are now. */
export function statementText(source: FlexSource, query: FlexQuery, made: { period: Period; nowMs: number }): string {
  const { period, nowMs } = made;
  const statements = source.state.accountIds.map((id) => ({
    name: "FlexStatement",
    attributes: {
      accountId: id,
      fromDate: period.from,
      toDate: period.to,
      period: query.periodName,
      whenGenerated: flexDateTime(nowMs),
    },
    content: sections(source, query, { account: source.state.account(id), period }),
  }));
  return xmlText({
    name: "FlexQueryResponse",
    attributes: { queryName: query.name, type: query.type },
    content: [{ name: "FlexStatements", attributes: { count: String(statements.length) }, content: statements }],
  });
}

function sections(source: FlexSource, query: FlexQuery, part: { account: Account; period: Period }): Xml[] {
  const { account, period } = part;
  const trades = tradesOf(source, account, period);
  if (query.type === "TCF") return [{ name: "TradeConfirms", content: trades.map(confirmationRow) }];
  const positions = Object.entries(account.positions)
    .filter(([, position]) => isHeld(position))
    .map(([conId, position]) => {
      const instrument = source.valuer.instrument(Number(conId));
      return positionRow(source, account, { instrument, position, reportDate: period.to });
    });
  return [
    { name: "Trades", content: trades.map((trade) => tradeRow(source, trade)) },
    { name: "OpenPositions", content: positions },
    { name: "CashReport", content: cashRows(source, account, { trades, period }) },
  ];
}
