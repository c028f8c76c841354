import type { Clock } from "@countersign/clock/clock";
import { add, decimal, isZero, multiply, negate, subtract, toText } from "@countersign/money/decimal";
import type { Instrument } from "../market/instrument.ts";
import type { BrokerState } from "./broker-state.ts";
import type { BrokerListener } from "./events.ts";
import type { BrokerHooks, ExecutionDecision } from "./hooks.ts";
import { applyFill, multiplierOf } from "./ledger.ts";
import type { Account, Execution } from "./model.ts";
import type { Valuer } from "./valuation.ts";

const ONE_HUNDREDTH = "0.01";

/** `….01.01` to `….01.02`: the same execution, corrected once more. */
export function nextExecId(execId: string): string {
  const dot = execId.lastIndexOf(".");
  const count = Number(execId.slice(dot + 1)) + 1;
  return `${execId.slice(0, dot)}.${String(count).padStart(2, "0")}`;
}

/**
 * Takes one fill out of the books again. Exact for a fill that opened a position; the gross cost of a position that the
 * fill closed comes back without the commissions of its opening.
 */
export function undoFill(account: Account, execution: Execution, instrument: Instrument): void {
  const position = account.positions[String(instrument.conId)];
  if (position === undefined) throw new Error(`no position for execution ${execution.execId}`);
  const shares = decimal(execution.shares);
  const signed = execution.side === "BOT" ? shares : negate(shares);
  const gross = multiply(multiply(signed, decimal(execution.price)), multiplierOf(instrument));
  const commission = decimal(execution.commission);
  const realized = decimal(execution.realizedPnl ?? "0");
  const closedGross = execution.realizedPnl === undefined ? decimal("0") : add(realized, commission);
  position.quantity = toText(subtract(decimal(position.quantity), signed));
  position.cost = toText(subtract(decimal(position.cost), add(add(realized, gross), commission)));
  position.grossCost = toText(subtract(decimal(position.grossCost), add(closedGross, gross)));
  position.realizedPnl = toText(subtract(decimal(position.realizedPnl), realized));
  account.realizedPnl = toText(subtract(decimal(account.realizedPnl), realized));
  const moved = instrument.secType === "FUT" ? closedGross : negate(gross);
  takeCash(account, instrument.currency, toText(subtract(moved, commission)));
  if (instrument.secType === "CASH") takeCash(account, instrument.symbol, toText(signed));
  if (isZero(decimal(position.quantity))) Object.assign(position, { cost: "0", grossCost: "0" });
}

function takeCash(account: Account, currency: string, amount: string): void {
  account.cash[currency] = toText(subtract(decimal(account.cash[currency] ?? "0"), decimal(amount)));
}

/** Books the correction of an execution, and returns the execution that is told in its place. */
export function correct(
  account: Account,
  old: { readonly execution: Execution; readonly instrument: Instrument },
  decision: ExecutionDecision,
): Execution {
  const { execution, instrument } = old;
  undoFill(account, execution, instrument);
  const execId = nextExecId(execution.execId);
  if (decision.kind === "bust") {
    return { ...execution, execId, shares: "0", commission: "0", realizedPnl: undefined };
  }
  const price = decision.price ?? toText(add(decimal(execution.price), decimal(ONE_HUNDREDTH)));
  const { side, shares, commission } = execution;
  const fill = { side, quantity: decimal(shares), price: decimal(price), commission: decimal(commission) };
  const realized = applyFill(account, { instrument, ...fill });
  return { ...execution, execId, price, realizedPnl: realized === undefined ? undefined : toText(realized) };
}

export interface CorrectionsDeps {
  readonly clock: Clock;
  readonly state: BrokerState;
  readonly valuer: Valuer;
  readonly listener: BrokerListener;
  readonly hooks: BrokerHooks;
}

/** What the exchange changes about an execution after it was told. */
export class Corrections {
  readonly #deps: CorrectionsDeps;

  constructor(deps: CorrectionsDeps) {
    this.#deps = deps;
  }

  /** Called for each execution behind its commission. */
  after(execution: Execution): void {
    const { hooks, clock } = this.#deps;
    const decision = hooks.afterExecution(execution);
    if (decision !== undefined) clock.setTimeout(() => this.#correct(execution, decision), decision.delayMs);
  }

  #correct(execution: Execution, decision: ExecutionDecision): void {
    const { state, listener, valuer } = this.#deps;
    const account = state.account(execution.account);
    const corrected = correct(account, { execution, instrument: valuer.instrument(execution.conId) }, decision);
    state.addExecution(corrected);
    state.touch(account);
    state.save();
    listener({ kind: "execution", execution: corrected });
    listener({ kind: "commission", execution: corrected });
    listener({ kind: "accountChanged", account: account.id, conId: corrected.conId });
  }
}
