import type { Bus } from "@countersign/bus/bus";
import { BROKER_READS } from "@countersign/contracts/broker-reads";
import { denied, Fault, ok } from "@countersign/contracts/denial";
import { RPCS } from "@countersign/contracts/subjects";
import { cancelAtBroker } from "./cancel/cancel.ts";
import type { Parts } from "./connect-parts.ts";
import { serveReads } from "./read-handlers.ts";
import { bars } from "./reads/bars.ts";
import { accountExecutionOf, openOrderOf } from "./reads/orders-and-fills.ts";
import { SOURCE, utcAt } from "./reads/reader.ts";
import { search } from "./reads/search.ts";
import { whatIf } from "./reads/what-if.ts";
import { statusOf } from "./status.ts";
import { submit } from "./submit/submit.ts";

/** What this service answers. */
export const SERVED = [
  RPCS.submit,
  RPCS.cancelAtBroker,
  RPCS.brokerStatus,
  RPCS.accounts,
  RPCS.summary,
  RPCS.positions,
  RPCS.openOrders,
  RPCS.executions,
  RPCS.whatIf,
  RPCS.brokerQuote,
  RPCS.brokerBars,
  RPCS.brokerContract,
  RPCS.brokerSearch,
  ...Object.values(BROKER_READS),
] as const;

export function serveGateway(bus: Bus, parts: Parts): void {
  serveExec(bus, parts);
  serveAccounts(bus, parts);
  serveMarket(bus, parts);
  serveReads(bus, parts);
}

function serveExec(bus: Bus, parts: Parts): void {
  const { config, reconciler } = parts;
  const { acknowledgeWithinMs } = config;
  const deps = { ...parts, acknowledgeWithinMs, reconcileSoon: (why: string) => reconciler.soon(why) };
  bus.serve(RPCS.submit, (request, { params }) => submit(deps, request, params.account ?? ""));
  bus.serve(RPCS.cancelAtBroker, (request, { params }) => cancelAtBroker(parts, request, params.account ?? ""));
}

function serveAccounts(bus: Bus, parts: Parts): void {
  const { link, clock, mode, positions, summaries, config } = parts;
  bus.serve(RPCS.brokerStatus, async () => ok(statusOf(parts)));
  bus.serve(RPCS.accounts, async () => {
    requireUp(parts);
    return ok({ mode, accounts: [...link.accounts], asOf: utcAt(clock, link.heardAtMs) });
  });
  bus.serve(RPCS.summary, async ({ account }) => {
    requireUp(parts);
    if (!link.accounts.includes(account)) return denied("ACCOUNT_NOT_PERMITTED");
    return ok(await summaries.read(account, config.summaryAgeMsMax));
  });
  bus.serve(RPCS.positions, async ({ account }) => {
    requireUp(parts);
    if (!link.accounts.includes(account)) return denied("ACCOUNT_NOT_PERMITTED");
    return ok({ account, ...(await positions.read(account)), source: SOURCE });
  });
  bus.serve(RPCS.openOrders, async ({ account }) => {
    requireUp(parts);
    if (!link.accounts.includes(account)) return denied("ACCOUNT_NOT_PERMITTED");
    const list = await parts.lists.openOrders();
    const orders = list.rows.filter((row) => row.account === account).map((row) => openOrderOf(parts.table, row));
    return ok({ account, orders: orders.map(readable), asOf: utcAt(clock, list.atMs) });
  });
  bus.serve(RPCS.executions, async ({ account }) => {
    requireUp(parts);
    if (!link.accounts.includes(account)) return denied("ACCOUNT_NOT_PERMITTED");
    const list = await parts.lists.executions();
    const own = list.rows.filter((row) => row.account === account);
    const executions = own.map((row) => readable(accountExecutionOf(parts.table, row)));
    return ok({ account, executions, asOf: utcAt(clock, list.atMs) });
  });
}

function serveMarket(bus: Bus, parts: Parts): void {
  const { link } = parts;
  bus.serve(RPCS.whatIf, async ({ terms }) => {
    requireUp(parts);
    if (!link.accounts.includes(terms.account)) return denied("ACCOUNT_NOT_PERMITTED");
    return whatIf(parts, terms);
  });
  bus.serve(RPCS.brokerQuote, ({ conid }) => parts.quotes.read(conid));
  bus.serve(RPCS.brokerBars, (request) => bars(parts, request));
  bus.serve(RPCS.brokerContract, ({ conid }) => parts.contracts.byConid(conid));
  bus.serve(RPCS.brokerSearch, (request) => search(parts, request));
}

/** A row that cannot be read must not be left out: the list would pass for complete. */
function readable<T>(row: T | undefined): T {
  if (row === undefined) throw new Fault("BROKER_UNAVAILABLE", "TWS has not completed what it says about an order yet");
  return row;
}

function requireUp({ link }: Parts): void {
  if (link.state !== "up") throw new Fault("BROKER_UNAVAILABLE", `the link to TWS is ${link.state} (${link.detail})`);
}
