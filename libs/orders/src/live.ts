import { canBeCancelled, isTerminal, type State } from "@countersign/contracts/life";
import type { ProposalView } from "@countersign/contracts/proposal-view";

type Living = Pick<ProposalView, "state" | "order">;

/** The states of the proposal and of the exits of its bracket. */
export function statesOf({ state, order }: Living): State[] {
  return [state, ...(order?.legs ?? []).map((leg) => leg.state)];
}

/** Nothing of it can change any more, not even an exit. */
export function isOver(view: Living): boolean {
  return statesOf(view).every(isTerminal);
}

/** There is something of it that the broker can be asked to cancel. */
export function isCancellable(view: Living): boolean {
  return statesOf(view).some(canBeCancelled);
}
