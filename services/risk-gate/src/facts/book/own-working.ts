import type { ProposalView } from "@countersign/contracts/proposal-view";
import {
  absolute,
  add,
  compare,
  type Decimal,
  decimal,
  divideRoundingUp,
  isZero,
  max,
  multiply,
  toText,
} from "@countersign/money/decimal";
import { isOver } from "@countersign/orders/live";
import type { FeedFact, OrderProjection } from "@countersign/orders/projection";
import { ownOrdersOf } from "../../live-orders.ts";

/** An own order as our log has it. `unitValue` undefined: the log does not say what it is worth. */
export interface OwnWorking {
  readonly order: string;
  readonly conid: number;
  readonly side: "BUY" | "SELL";
  readonly remaining: string;
  readonly unitValue: string | undefined;
}

/** A cent more than the estimate says, because that is rounded to the nearest. */
const CENT = decimal("0.01");
const UNIT_DECIMALS = 8;

/**
 * What our own orders may still do with each instrument, by the log alone: intents, what is sent, and what nobody knows.
 * Kept up to date fact by fact, so that a question costs no walk over the orders.
 */
export class OwnWorkingOrders {
  readonly #byAccount = new Map<string, Map<string, readonly OwnWorking[]>>();
  readonly #snapshots = new Map<string, readonly OwnWorking[]>();
  /** Of orders that work: what each change of them was judged at, and which of these is in force. */
  readonly #changes = new Map<string, Map<string, string | undefined>>();
  readonly #inForce = new Map<string, string | undefined>();

  /** To be made before the projection is attached to its feed: it must see every fact. */
  constructor(orders: Pick<OrderProjection, "onFact">) {
    orders.onFact(({ view }, { body }) => {
      this.#takeChange(view, body);
      this.#take(view);
    });
  }

  /** The same array for as long as nothing changes. */
  of(account: string): readonly OwnWorking[] {
    const stored = this.#snapshots.get(account);
    if (stored !== undefined) return stored;
    const snapshot = merged([...(this.#byAccount.get(account)?.values() ?? [])].flat());
    this.#snapshots.set(account, snapshot);
    return snapshot;
  }

  /** A stop, a trigger or a trail that was changed says nothing of its worth by itself: the verdict on the change does. */
  #takeChange(view: ProposalView, body: FeedFact["body"]): void {
    const { proposalId, modifies, account } = view;
    if (modifies !== undefined && this.#byAccount.get(account)?.has(modifies.proposalId) === true) {
      const changes = this.#changes.get(modifies.proposalId) ?? new Map<string, string | undefined>();
      this.#changes.set(modifies.proposalId, changes.set(proposalId, unitValueOf(view)));
    }
    if (body.type === "termsReplaced/1") this.#inForce.set(proposalId, this.#changes.get(proposalId)?.get(body.by));
    if (!isOver(view)) return;
    this.#changes.delete(proposalId);
    this.#inForce.delete(proposalId);
  }

  #take(view: ProposalView): void {
    const { proposalId } = view;
    const rows = isOver(view) ? [] : workingOf(view).map((row) => this.#changed(row, proposalId));
    const ofAccount = this.#byAccount.get(view.account) ?? new Map<string, readonly OwnWorking[]>();
    this.#byAccount.set(view.account, ofAccount);
    const before = ofAccount.get(view.proposalId) ?? [];
    if (same(before, rows)) return;
    if (rows.length === 0) ofAccount.delete(view.proposalId);
    else ofAccount.set(view.proposalId, rows);
    this.#snapshots.delete(view.account);
  }

  #changed(row: OwnWorking, proposalId: string): OwnWorking {
    if (!this.#inForce.has(proposalId)) return row;
    return larger(row, { ...row, unitValue: this.#inForce.get(proposalId) });
  }
}

function same(a: readonly OwnWorking[], b: readonly OwnWorking[]): boolean {
  return a.length === b.length && a.every((one, index) => JSON.stringify(one) === JSON.stringify(b[index]));
}

function workingOf(view: ProposalView): OwnWorking[] {
  const unitValue = unitValueOf(view);
  const rows = ownOrdersOf(view).map(({ proposalId, conid, side, remaining }): OwnWorking => {
    return { order: proposalId, conid, side, remaining, unitValue };
  });
  return rows.filter(({ remaining }) => !isZero(decimal(remaining)));
}

/** An order and the change of it are one: the larger remainder and the larger value count. */
function merged(rows: readonly OwnWorking[]): readonly OwnWorking[] {
  const found = new Map<string, OwnWorking>();
  for (const row of rows) {
    const key = `${row.order} ${row.conid} ${row.side}`;
    const other = found.get(key);
    found.set(key, other === undefined ? row : larger(other, row));
  }
  return [...found.values()];
}

function larger(a: OwnWorking, b: OwnWorking): OwnWorking {
  const remaining = compare(decimal(a.remaining), decimal(b.remaining)) >= 0 ? a.remaining : b.remaining;
  if (a.unitValue === undefined || b.unitValue === undefined) return { ...a, remaining, unitValue: undefined };
  const unitValue = compare(decimal(a.unitValue), decimal(b.unitValue)) >= 0 ? a.unitValue : b.unitValue;
  return { ...a, remaining, unitValue };
}

/** As it was valued when it was judged, or by the limit that is in force since then, where that is more. A leg counts with the value of the whole. */
function unitValueOf(view: ProposalView): string | undefined {
  const { simulation, terms, ticket, order } = view;
  const estimate = simulation?.estimate;
  if (estimate === undefined || "missing" in estimate || estimate.notionalBase === null) return undefined;
  const quantity = decimal(terms.quantity);
  if (isZero(quantity)) return undefined;
  const judged = divideRoundingUp(add(decimal(estimate.notionalBase.amount), CENT), quantity, UNIT_DECIMALS);
  const multiplier = ticket?.instrument.multiplier;
  if (estimate.fxRate === null || multiplier === undefined) return toText(judged);
  const factor = multiply(decimal(multiplier), decimal(estimate.fxRate));
  const limits = [order?.terms, order?.modifyingTerms].flatMap((one) =>
    one !== undefined && "limitPrice" in one && typeof one.limitPrice === "string" ? [one.limitPrice] : [],
  );
  const valued = limits.map((limit): Decimal => absolute(multiply(decimal(limit), factor)));
  return toText(valued.reduce(max, judged));
}
