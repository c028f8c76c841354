import { decimal, subtract, toText } from "@countersign/money/decimal";
import { positionView } from "../broker/account-rows.ts";
import { money } from "../broker/margin-check.ts";
import { encodePnl, encodePnlSingle } from "../codec/encode-account.ts";
import { UNSET_DOUBLE } from "../codec/literals.ts";
import type { RequestOf } from "../codec/requests.ts";
import { knows } from "./known-account.ts";
import type { Session } from "./session.ts";
import type { World } from "./world.ts";

export function startPnl(world: World, session: Session, request: RequestOf<"reqPnL">): void {
  if (!knows(world, session, request.reqId, request.account)) return;
  session.subscriptions.pnl.set(request.reqId, request.account);
  refreshPnl(world, session);
}

export function startPnlSingle(world: World, session: Session, request: RequestOf<"reqPnLSingle">): void {
  if (!knows(world, session, request.reqId, request.account)) return;
  session.subscriptions.pnlSingle.set(request.reqId, { account: request.account, conId: request.conId });
  refreshPnl(world, session);
}

/** About once a second: profit and loss of subscribed accounts and positions. */
export function refreshPnl(world: World, session: Session): void {
  for (const [reqId, id] of session.subscriptions.pnl) {
    const valuation = world.broker.valuer.value(world.state.account(id));
    const unrealized = money(valuation.unrealizedPnl);
    const realized = money(valuation.realizedPnl);
    const daily = toText(subtract(decimal(unrealized), subtract(decimal("0"), decimal(realized))));
    session.send(encodePnl(reqId, { daily, unrealized, realized }));
  }
  for (const [reqId, { account, conId }] of session.subscriptions.pnlSingle) {
    const position = world.state.account(account).positions[String(conId)];
    if (position === undefined) {
      const unknown = { daily: undefined, unrealized: undefined, realized: undefined };
      session.send(encodePnlSingle(reqId, { quantity: "0", pnl: unknown, value: UNSET_DOUBLE }));
      continue;
    }
    const view = positionView(world.broker.valuer, world.state.account(account), {
      instrument: world.broker.valuer.instrument(conId),
      position,
    });
    const pnl = { daily: view.unrealizedPnl, unrealized: view.unrealizedPnl, realized: view.realizedPnl };
    session.send(encodePnlSingle(reqId, { quantity: view.quantity, pnl, value: view.marketValue }));
  }
}
