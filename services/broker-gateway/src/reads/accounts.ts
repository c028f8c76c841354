import { denied, Fault, ok } from "@countersign/contracts/denial";
import { counting } from "@countersign/orders/corrections";
import type { Parts } from "../connect-parts.ts";
import { accountExecutionOf, openOrderOf } from "./orders-and-fills.ts";
import { SOURCE, utcAt } from "./reader.ts";

/** What is known about the accounts, each answer for one account that TWS manages. A link that is not up is a Fault. */

export function accountsOf(parts: Parts) {
  const { mode, link, clock } = parts;
  requireUp(parts);
  return ok({ mode, accounts: [...link.accounts], asOf: utcAt(clock, link.heardAtMs) });
}

export async function summaryOf(parts: Parts, account: string) {
  if (!manages(parts, account)) return denied("ACCOUNT_NOT_PERMITTED");
  return ok(await parts.summaries.read(account, parts.config.summaryAgeMsMax));
}

export async function positionsOf(parts: Parts, account: string) {
  if (!manages(parts, account)) return denied("ACCOUNT_NOT_PERMITTED");
  const { positions, asOf } = await parts.positions.read(account);
  return ok({ account, positions: [...positions], source: SOURCE, asOf });
}

/** The same for who may hold the rows already: they are told only where its version is not the one of now. */
export async function heldPositionsOf(parts: Parts, account: string, held: string | null) {
  if (!manages(parts, account)) return denied("ACCOUNT_NOT_PERMITTED");
  const { version, positions, asOf } = await parts.positions.read(account);
  return ok({ account, version, positions: version === held ? null : [...positions], source: SOURCE, asOf });
}

export async function openOrdersOf(parts: Parts, account: string) {
  if (!manages(parts, account)) return denied("ACCOUNT_NOT_PERMITTED");
  const list = await parts.lists.openOrders();
  const orders = list.rows.filter((row) => row.account === account).map((row) => openOrderOf(parts.table, row));
  return ok({ account, orders: orders.map(readable), asOf: utcAt(parts.clock, list.atMs) });
}

export async function executionsOf(parts: Parts, account: string) {
  if (!manages(parts, account)) return denied("ACCOUNT_NOT_PERMITTED");
  const list = await parts.lists.executions();
  const own = counting(list.rows.filter((row) => row.account === account));
  const executions = own.map((row) => readable(accountExecutionOf(parts.table, row)));
  return ok({ account, executions, asOf: utcAt(parts.clock, list.atMs) });
}

export function manages(parts: Parts, account: string): boolean {
  requireUp(parts);
  return parts.link.accounts.includes(account);
}

/** A row that cannot be read must not be left out: the list would pass for complete. */
function readable<T>(row: T | undefined): T {
  if (row === undefined) throw new Fault("BROKER_UNAVAILABLE", "TWS has not completed what it says about an order yet");
  return row;
}

function requireUp({ link }: Parts): void {
  if (link.state !== "up") throw new Fault("BROKER_UNAVAILABLE", `the link to TWS is ${link.state} (${link.detail})`);
}
