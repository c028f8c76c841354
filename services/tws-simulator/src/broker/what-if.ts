import type { Clock } from "@countersign/clock/clock";
import { decimal } from "@countersign/money/decimal";
import type { Market } from "../market/market.ts";
import type { BrokerState } from "./broker-state.ts";
import type { BrokerListener } from "./events.ts";
import type { BrokerHooks } from "./hooks.ts";
import { marginReject, marginView, project } from "./margin-check.ts";
import { whatIfView } from "./order-views.ts";
import type { Placement } from "./placement.ts";
import type { Reject } from "./reject.ts";
import type { Tradables } from "./tradables.ts";
import type { Valuer } from "./valuation.ts";

export interface WhatIfDeps {
  readonly clock: Clock;
  readonly market: Market;
  readonly state: BrokerState;
  readonly valuer: Valuer;
  readonly tradables: Tradables;
  readonly listener: BrokerListener;
  readonly hooks: BrokerHooks;
}

/** Tells what an order would cost, or returns why it would be refused. It gets a permanent id like an order. */
export function answerWhatIf(deps: WhatIfDeps, placement: Placement): Reject | undefined {
  const { terms, tradable } = placement;
  const account = deps.state.account(terms.account);
  const projection = project(deps, account, { terms, tradable, filled: decimal("0") });
  const reject = marginReject(projection);
  if (reject !== undefined) return reject;
  const result = { margin: marginView(projection), commission: projection.commission, warningText: "" };
  const view = whatIfView({ ...placement, instrument: tradable.instrument, permId: deps.state.takePermId() }, result);
  for (const answer of deps.hooks.atWhatIf(view)) {
    const tell = () => deps.listener({ kind: "whatIf", view: answer.view });
    if (answer.delayMs === 0) tell();
    else deps.clock.setTimeout(tell, answer.delayMs);
  }
  return undefined;
}
