import type { OrderBus } from "@countersign/bus/bus";
import { tryParseUtcText } from "@countersign/clock/clock";
import { BROKER_READS } from "@countersign/contracts/broker-reads";
import { denied, Fault } from "@countersign/contracts/denial";
import type { Instrument } from "@countersign/contracts/instrument";
import { compare, decimal } from "@countersign/money/decimal";
import type { Parts } from "./connect-parts.ts";
import { accountUpdates, accountValues, modelPositions, pnl, positionPnl, userInfo } from "./reads/account-reads.ts";
import { article, headlines, headTimestamp, histogram, scan, schedule } from "./reads/history-reads.ts";
import { details, optionChains, smartComponents, tooVague } from "./reads/instrument-reads.ts";
import { depth, liveBars, pastTicks, tickByTick } from "./reads/live-reads.ts";
import { completedOrderOf } from "./reads/orders-and-fills.ts";
import { ACCOUNT_CHARS_MAX, type Answer, answer } from "./reads/question.ts";
import { SharedReads } from "./reads/shared-reads.ts";
import { ticks } from "./reads/ticks.ts";
import { Serial } from "./serial.ts";
import { canAskFor } from "./session/read-commands.ts";

/** Everything that TWS can be asked besides what the life of an order needs. */
export function serveReads(bus: OrderBus, parts: Parts): void {
  const sharedReads = new SharedReads(parts);
  serveAccountReads(bus, parts, sharedReads);
  serveInstrumentReads(bus, parts, sharedReads);
  serveLiveReads(bus, parts);
  serveHistoryReads(bus, parts, sharedReads);
  parts.streamed.serve(bus);
}

function serveAccountReads(bus: OrderBus, parts: Parts, sharedReads: SharedReads): void {
  const of = <T extends object>(account: string, read: () => Promise<T>) => ofAccount(parts, account, read);
  const withLane = { ...parts, lane: new Serial() };
  bus.serve(BROKER_READS.accountUpdates, ({ account }) =>
    ofAccount(parts, account, () => accountUpdates(withLane, account), ACCOUNT_CHARS_MAX),
  );
  bus.serve(BROKER_READS.accountValues, (request) => of(request.account, () => accountValues(parts, request)));
  bus.serve(BROKER_READS.modelPositions, (request) => of(request.account, () => modelPositions(parts, request)));
  bus.serve(BROKER_READS.pnl, (request) => of(request.account, () => pnl(parts, request)));
  bus.serve(BROKER_READS.positionPnl, (request) => of(request.account, () => positionPnl(parts, request)));
  bus.serve(BROKER_READS.completedOrders, ({ account }) => of(account, () => completedOrders(parts, account)));
  bus.serve(BROKER_READS.familyCodes, () => plain(parts, () => sharedReads.familyCodes()));
  bus.serve(BROKER_READS.userInfo, () => plain(parts, () => userInfo(parts)));
}

function serveInstrumentReads(bus: OrderBus, parts: Parts, sharedReads: SharedReads): void {
  bus.serve(BROKER_READS.details, async ({ offset, limit, ...query }) => {
    return tooVague(query) ?? plain(parts, () => details(parts, query, { offset, limit }));
  });
  bus.serve(BROKER_READS.optionChains, ({ conid, exchange }) =>
    ofInstrument(parts, conid, (underlying) => optionChains(parts, underlying, exchange)),
  );
  bus.serve(BROKER_READS.marketRule, ({ ruleId }) => plain(parts, () => sharedReads.marketRule(ruleId)));
  bus.serve(BROKER_READS.smartComponents, ({ bboExchange }) => plain(parts, () => smartComponents(parts, bboExchange)));
  bus.serve(BROKER_READS.depthExchanges, () => plain(parts, () => sharedReads.depthExchanges()));
}

function serveLiveReads(bus: OrderBus, parts: Parts): void {
  const { settleMs, tickAgeMsMax } = parts.config.quotes;
  const lineDeps = { ...parts, settleMs, tickAgeMsMax };
  bus.serve(BROKER_READS.ticks, async (request) => {
    if (request.snapshot && request.genericTicks.length > 0) {
      return denied("INVALID_ARGUMENT", "a snapshot has no generic ticks");
    }
    return ofInstrument(parts, request.conid, (instrument) => ticks(lineDeps, instrument, request));
  });
  bus.serve(BROKER_READS.depth, (request) =>
    ofInstrument(parts, request.conid, (instrument) => depth(parts, instrument, request)),
  );
  bus.serve(BROKER_READS.tickByTick, (request) =>
    ofInstrument(parts, request.conid, (instrument) => tickByTick(parts, instrument, request)),
  );
  bus.serve(BROKER_READS.liveBars, (request) =>
    ofInstrument(parts, request.conid, (instrument) => liveBars(parts, instrument, request)),
  );
  bus.serve(BROKER_READS.pastTicks, async (request) => {
    if ((request.from === null) === (request.until === null)) {
      return denied("INVALID_ARGUMENT", "exactly one of from and until must be given");
    }
    const problem = windowProblem(request);
    if (problem !== undefined) return denied("INVALID_ARGUMENT", problem);
    return ofInstrument(parts, request.conid, (instrument) => pastTicks(parts, instrument, request));
  });
}

function serveHistoryReads(bus: OrderBus, parts: Parts, sharedReads: SharedReads): void {
  bus.serve(BROKER_READS.headTimestamp, (request) =>
    ofInstrument(parts, request.conid, (instrument) => headTimestamp(parts, instrument, request)),
  );
  bus.serve(BROKER_READS.histogram, (request) =>
    ofInstrument(parts, request.conid, (instrument) => histogram(parts, instrument, request)),
  );
  bus.serve(BROKER_READS.schedule, (request) =>
    ofInstrument(parts, request.conid, (instrument) => schedule(parts, instrument, request)),
  );
  bus.serve(BROKER_READS.scanParameters, () => plain(parts, () => sharedReads.scanParameters()));
  bus.serve(BROKER_READS.scan, async (request) => {
    const { scan: name, priceAbove, priceBelow } = request;
    if (!canAskFor(name)) return denied("INVALID_ARGUMENT", `there is no scan ${name} that can be asked for`);
    if (priceAbove !== null && priceBelow !== null && compare(decimal(priceAbove), decimal(priceBelow)) > 0)
      return denied("INVALID_ARGUMENT", "priceAbove is above priceBelow");
    return plain(parts, () => scan(parts, request));
  });
  bus.serve(BROKER_READS.newsProviders, () => plain(parts, () => sharedReads.newsProviders()));
  bus.serve(BROKER_READS.headlines, async (request) => {
    const problem = windowProblem(request);
    if (problem !== undefined) return denied("INVALID_ARGUMENT", problem);
    return plain(parts, () => headlines(parts, request));
  });
  bus.serve(BROKER_READS.article, (request) => plain(parts, () => article(parts, request)));
}

/** TWS and its news service take 31 February for some other day, and a window that ends before it begins for one without news. */
function windowProblem({ from, until }: { from: string | null; until: string | null }): string | undefined {
  const [start, end] = [from, until].map((at) => (at === null ? null : tryParseUtcText(at)));
  if (start === undefined || end === undefined) return "from or until is no such time";
  return start !== null && end !== null && start > end ? "from is after until" : undefined;
}

type Told<T> = Promise<Answer<T & { source: string; asOf: string }>>;

function plain<T extends object>(parts: Parts, read: () => Promise<T>): Told<T> {
  return answer(parts, "BROKER_REFUSED", read);
}

async function ofAccount<T extends object>(
  parts: Parts,
  account: string,
  read: () => Promise<T>,
  charsMax?: number,
): Told<T> {
  const { link } = parts;
  if (link.state !== "up") throw new Fault("BROKER_UNAVAILABLE", `the link to TWS is ${link.state} (${link.detail})`);
  if (!link.accounts.includes(account)) return denied("ACCOUNT_NOT_PERMITTED");
  return answer(parts, "BROKER_REFUSED", read, charsMax);
}

async function ofInstrument<T extends object>(
  parts: Parts,
  conid: number,
  read: (instrument: Instrument) => Promise<T>,
): Told<T> {
  const contract = await parts.contracts.byConid(conid);
  if (contract.outcome === "denied") return contract;
  return answer(parts, "MARKET_DATA_UNAVAILABLE", () => read(contract.value.instrument));
}

async function completedOrders({ lists, table }: Parts, account: string) {
  const { rows } = await lists.completedOrders();
  const orders = rows.filter((row) => row.account === account).map((row) => completedOrderOf(table, row));
  return { account, orders };
}
