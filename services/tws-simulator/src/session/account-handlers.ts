import { accountRows, positionView, positionViews, summaryRows } from "../broker/account-rows.ts";
import {
  encodeAccountDownloadEnd,
  encodeAccountSummary,
  encodeAccountSummaryEnd,
  encodeAccountTime,
  encodeAccountValue,
  encodePortfolio,
  encodePosition,
  encodePositionEnd,
  encodePositionMulti,
} from "../codec/encode-account.ts";
import type { RequestOf } from "../codec/requests.ts";
import { zonedTime } from "../market/zoned-time.ts";
import { knows } from "./known-account.ts";
import { pushAccountMulti } from "./multi-handlers.ts";
import type { Session } from "./session.ts";
import { sendError, TWS_ZONE, type World } from "./world.ts";

const SUMMARIES_MAX = 2;
const SUBSCRIPTION_MOVED = "New account data requested from TWS.  API client has been unsubscribed from account data.";

export function startSummary(world: World, session: Session, request: RequestOf<"reqAccountSummary">): void {
  const { summaries } = session.subscriptions;
  if (!summaries.has(request.reqId) && summaries.size >= SUMMARIES_MAX) {
    const cause = "Maximum number of account summary requests exceeded; desubscribe to previous request first";
    sendError(session, request.reqId, 322, `Error processing request.-'bW' : cause - ${cause}`);
    return;
  }
  const single = request.group !== "All" && request.group !== "";
  if (single && !knows(world, session, request.reqId, request.group)) return;
  const accounts = single ? [request.group] : world.state.accountIds;
  const tags = request.tags.split(",").map((tag) => tag.trim());
  summaries.set(request.reqId, { accounts, tags, sent: new Map() });
  refreshSummary(world, session, request.reqId);
  session.send(encodeAccountSummaryEnd(request.reqId));
}

/** Sends the rows of a summary that changed since they were sent last. */
export function refreshSummary(world: World, session: Session, reqId: number): void {
  const subscription = session.subscriptions.summaries.get(reqId);
  if (subscription === undefined) return;
  for (const id of subscription.accounts) {
    for (const row of summaryRows(world.broker.valuer, world.state.account(id), subscription.tags)) {
      const key = `${id} ${row.key} ${row.currency}`;
      if (subscription.sent.get(key) === row.value) continue;
      subscription.sent.set(key, row.value);
      session.send(encodeAccountSummary(reqId, row));
    }
  }
}

export function startAccountUpdates(world: World, session: Session, request: RequestOf<"reqAccountUpdates">): void {
  const account = request.account === "" ? (world.state.accountIds[0] ?? "") : request.account;
  if (!request.subscribe) {
    session.subscriptions.accountUpdates = undefined;
    return;
  }
  if (!knows(world, session, -1, account)) return;
  const before = session.subscriptions.accountUpdates;
  if (before !== undefined && before !== account) sendError(session, -1, 2100, SUBSCRIPTION_MOVED);
  session.subscriptions.accountUpdates = account;
  session.subscriptions.accountRowsSent.clear();
  sendChangedRows(world, session, account);
  for (const view of positionViews(world.broker.valuer, world.state.account(account))) {
    session.send(encodePortfolio(view));
  }
  sendAccountTime(world, session);
  session.send(encodeAccountDownloadEnd(account));
}

function sendAccountTime(world: World, session: Session): void {
  const { hour, minute } = zonedTime(world.clock.nowMs(), TWS_ZONE);
  session.send(encodeAccountTime(`${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`));
}

function sendChangedRows(world: World, session: Session, account: string): void {
  const sent = session.subscriptions.accountRowsSent;
  for (const row of accountRows(world.broker.valuer, world.state.account(account))) {
    const key = `${row.key} ${row.currency}`;
    if (sent.get(key) === row.value) continue;
    sent.set(key, row.value);
    session.send(encodeAccountValue(row));
  }
}

/** After a fill: what changed in the account, for whoever subscribed to it. */
export function pushAccount(world: World, session: Session, change: { account: string; conId: number }): void {
  const { subscriptions } = session;
  const account = world.state.account(change.account);
  const position = account.positions[String(change.conId)];
  if (position === undefined) return;
  const instrument = world.broker.valuer.instrument(change.conId);
  const view = positionView(world.broker.valuer, account, { instrument, position });
  if (subscriptions.positions) session.send(encodePosition(view));
  for (const [reqId, wanted] of subscriptions.positionsMulti) {
    if (wanted.account === "" || wanted.account === account.id)
      session.send(encodePositionMulti(reqId, view, wanted.model));
  }
  pushAccountMulti(world, session, account.id);
  if (subscriptions.accountUpdates !== account.id) return;
  session.send(encodePortfolio(view));
  sendChangedRows(world, session, account.id);
  sendAccountTime(world, session);
}

/** Every three minutes: the values of subscribed accounts that moved with the market. */
export function refreshAccount(world: World, session: Session): void {
  const { subscriptions } = session;
  for (const reqId of subscriptions.summaries.keys()) refreshSummary(world, session, reqId);
  for (const account of world.state.accountIds) pushAccountMulti(world, session, account);
  const id = subscriptions.accountUpdates;
  if (id === undefined) return;
  sendChangedRows(world, session, id);
  for (const view of positionViews(world.broker.valuer, world.state.account(id))) session.send(encodePortfolio(view));
  sendAccountTime(world, session);
}

export function startPositions(world: World, session: Session): void {
  session.subscriptions.positions = true;
  for (const id of world.state.accountIds) {
    for (const view of positionViews(world.broker.valuer, world.state.account(id))) session.send(encodePosition(view));
  }
  session.send(encodePositionEnd());
}
