import { add, decimal, toText } from "@countersign/money/decimal";
import { positionView } from "../broker/account-rows.ts";
import { money } from "../broker/margin-check.ts";
import { encodePnl, encodePnlSingle } from "../codec/encode-account.ts";
import { type Reply, UNSET_DOUBLE } from "../codec/literals.ts";
import type { RequestOf } from "../codec/requests.ts";
import { isFull, knows, knowsModel } from "./known-account.ts";
import type { Session } from "./session.ts";
import type { World } from "./world.ts";

export function startPnl(world: World, session: Session, request: RequestOf<"reqPnL">): void {
  const { reqId, account } = request;
  if (!knows(world, session, reqId, account) || !knowsModel(session, reqId, request.model)) return;
  if (isFull(session, session.subscriptions.pnl, reqId)) return;
  session.subscriptions.pnl.set(reqId, account);
  session.send(pnlOf(world, reqId, account));
}

export function startPnlSingle(world: World, session: Session, request: RequestOf<"reqPnLSingle">): void {
  const { reqId, account, conId } = request;
  if (!knows(world, session, reqId, account) || !knowsModel(session, reqId, request.model)) return;
  if (isFull(session, session.subscriptions.pnlSingle, reqId)) return;
  session.subscriptions.pnlSingle.set(reqId, { account, conId });
  session.send(pnlSingleOf(world, reqId, { account, conId }));
}

/** About once a second: profit and loss of subscribed accounts and positions. */
export function refreshPnl(world: World, session: Session): void {
  const { pnl, pnlSingle } = session.subscriptions;
  for (const [reqId, account] of pnl) session.send(pnlOf(world, reqId, account));
  for (const [reqId, held] of pnlSingle) session.send(pnlSingleOf(world, reqId, held));
}

/** Positions of this simulator are valued from their purchase on, so a day's profit is all of it. */
function daily(unrealized: string, realized: string): string {
  return toText(add(decimal(unrealized), decimal(realized)));
}

function pnlOf(world: World, reqId: number, account: string): Reply {
  const valuation = world.broker.valuer.value(world.state.account(account));
  const unrealized = money(valuation.unrealizedPnl);
  const realized = money(valuation.realizedPnl);
  return encodePnl(reqId, { daily: daily(unrealized, realized), unrealized, realized });
}

function pnlSingleOf(world: World, reqId: number, held: { account: string; conId: number }): Reply {
  const { valuer } = world.broker;
  const account = world.state.account(held.account);
  const position = account.positions[String(held.conId)];
  if (position === undefined) {
    const unknown = { daily: undefined, unrealized: undefined, realized: undefined };
    return encodePnlSingle(reqId, { quantity: "0", pnl: unknown, value: UNSET_DOUBLE });
  }
  const view = positionView(valuer, account, { instrument: valuer.instrument(held.conId), position });
  const { unrealizedPnl: unrealized, realizedPnl: realized } = view;
  const pnl = { daily: daily(unrealized, realized), unrealized, realized };
  return encodePnlSingle(reqId, { quantity: view.quantity, pnl, value: view.marketValue });
}
