import { reservesRoom } from "@countersign/contracts/life";
import { pricesOf } from "@countersign/contracts/order-check";
import type { ProposalView } from "@countersign/contracts/proposal-view";
import { isOver } from "@countersign/orders/live";
import type { OrderProjection } from "@countersign/orders/projection";

/** How many stops of ours each account has open, kept up to date fact by fact. */
export class OpenStops {
  readonly #byAccount = new Map<string, Map<string, number>>();

  /** To be made before the projection is attached to its feed: it must see every fact. */
  constructor(orders: Pick<OrderProjection, "onFact">) {
    orders.onFact(({ view }) => {
      const ofAccount = this.#byAccount.get(view.account) ?? new Map<string, number>();
      this.#byAccount.set(view.account, ofAccount);
      const count = isOver(view) ? 0 : stopsOf(view);
      if (count === 0) ofAccount.delete(view.proposalId);
      else ofAccount.set(view.proposalId, count);
    });
  }

  /** Those of every other proposal: an order is not counted against itself, nor a change against the order that it changes. */
  of(account: string, except: readonly (string | undefined)[]): number {
    let sum = 0;
    for (const [id, count] of this.#byAccount.get(account) ?? []) if (!except.includes(id)) sum += count;
    return sum;
  }
}

/** The order itself when it is a stop or a trail, and the stop loss of its bracket. What may be at the broker counts. */
function stopsOf({ state, terms, order }: ProposalView): number {
  const { stopPrice, trail } = pricesOf(terms);
  const own = (stopPrice !== undefined || trail !== undefined) && reservesRoom(state);
  const exits = terms.exits !== undefined && [state, ...(order?.legs ?? []).map((leg) => leg.state)].some(reservesRoom);
  return Number(own) + Number(exits);
}
