import { accountRows, positionViews, summaryRows } from "../broker/account-rows.ts";
import {
  encodeAccountUpdateMulti,
  encodeAccountUpdateMultiEnd,
  encodePositionMulti,
  encodePositionMultiEnd,
} from "../codec/encode-account.ts";
import type { RequestOf } from "../codec/requests.ts";
import { isFull, knows, knowsModel } from "./known-account.ts";
import type { AccountMultiSubscription, Session } from "./session.ts";
import type { World } from "./world.ts";

export function startPositionsMulti(world: World, session: Session, request: RequestOf<"reqPositionsMulti">): void {
  if (request.account !== "" && !knows(world, session, request.reqId, request.account)) return;
  if (!knowsModel(session, request.reqId, request.model)) return;
  if (isFull(session, session.subscriptions.positionsMulti, request.reqId)) return;
  const ids = request.account === "" ? world.state.accountIds : [request.account];
  session.subscriptions.positionsMulti.set(request.reqId, { account: request.account, model: request.model });
  for (const id of ids) {
    for (const view of positionViews(world.broker.valuer, world.state.account(id))) {
      session.send(encodePositionMulti(request.reqId, view, request.model));
    }
  }
  session.send(encodePositionMultiEnd(request.reqId));
}

/** Values of one account, or of the first one when none is named; what changes comes later without being asked for. */
export function startAccountMulti(world: World, session: Session, request: RequestOf<"reqAccountUpdatesMulti">): void {
  const account = request.account === "" ? (world.state.accountIds[0] ?? "") : request.account;
  if (!knows(world, session, request.reqId, account)) return;
  if (!knowsModel(session, request.reqId, request.model)) return;
  if (isFull(session, session.subscriptions.accountsMulti, request.reqId)) return;
  const { model, ledgerAndNetLiquidation } = request;
  const subscription = { account, model, ledgerAndNetLiquidation, sent: new Map<string, string>() };
  session.subscriptions.accountsMulti.set(request.reqId, subscription);
  sendChanged(world, session, request.reqId, subscription);
  session.send(encodeAccountUpdateMultiEnd(request.reqId));
}

/** What changed in one account, for every subscription to it. */
export function pushAccountMulti(world: World, session: Session, account: string): void {
  for (const [reqId, subscription] of session.subscriptions.accountsMulti) {
    if (subscription.account === account) sendChanged(world, session, reqId, subscription);
  }
}

function sendChanged(world: World, session: Session, reqId: number, subscription: AccountMultiSubscription): void {
  const { valuer } = world.broker;
  const account = world.state.account(subscription.account);
  const rows = subscription.ledgerAndNetLiquidation
    ? summaryRows(valuer, account, ["NetLiquidation", "$LEDGER:ALL"])
    : accountRows(valuer, account);
  for (const row of rows) {
    const key = `${row.key} ${row.currency}`;
    if (subscription.sent.get(key) === row.value) continue;
    subscription.sent.set(key, row.value);
    session.send(encodeAccountUpdateMulti(reqId, row, subscription.model));
  }
}
