import { denied, ok, type Reply } from "@countersign/contracts/denial";
import type { Modifies, OrderTerms } from "@countersign/contracts/order";
import { changeRefusal } from "@countersign/contracts/order-change";
import type { ProposalView } from "@countersign/contracts/proposal-view";
import { RPCS } from "@countersign/contracts/subjects";
import { compare, decimal } from "@countersign/money/decimal";
import type { Deps } from "./deps.ts";

/** Who wants to give which order which terms. */
export interface ChangeAsked {
  readonly proposalId: string;
  readonly agent: string;
  /** All of them, as they shall be. */
  readonly terms: OrderTerms;
}

/**
 * The order that a proposal changes, as it is in force and as the broker shows it now; denied when there is nothing to
 * change. Nothing is recorded before this is known. Rejects with a Fault when the broker cannot be asked.
 */
export async function changeTarget(deps: Deps, asked: ChangeAsked): Promise<Reply<Modifies>> {
  const { proposalId, agent, terms } = asked;
  const view = deps.orders.get(proposalId)?.view;
  if (view === undefined || view.agent !== agent || view.account !== terms.account) return denied("PROPOSAL_NOT_FOUND");
  const before = view.order?.terms ?? view.terms;
  const refusal = changeRefusal(before, terms);
  if (refusal !== undefined) return denied(refusal.code, refusal.message, { field: refusal.field });
  const why = obstacleOf(deps, view);
  if (why !== undefined || view.order === null) return denied("ORDER_NOT_MODIFIABLE", why, { state: view.state });
  const { orderRef } = view.order;
  const open = await deps.bus.request(RPCS.openOrders, { account: view.account }, { correlationId: proposalId });
  if (open.outcome === "denied") return open;
  const row = open.value.orders.find((order) => order.orderRef === orderRef);
  if (row === undefined)
    return denied("ORDER_NOT_MODIFIABLE", "the broker does not show it as open", { state: view.state });
  const same = compare(decimal(row.quantity), decimal(before.quantity)) === 0 && row.timeInForce === before.timeInForce;
  if (!same) return denied("ORDER_CHANGED", "the broker shows other terms than the ones in force");
  const filledQuantity = row.filledQuantity ?? view.order.filledQuantity;
  if (compare(decimal(terms.quantity), decimal(filledQuantity)) <= 0)
    return denied("ORDER_NOT_MODIFIABLE", `${filledQuantity} of it is executed already`, { state: view.state });
  const { status, quantity, limitPrice, timeInForce } = row;
  const atBroker = { asOf: open.value.asOf, status, quantity, filledQuantity, limitPrice, timeInForce };
  return ok({ proposalId, orderRef, before, atBroker });
}

function obstacleOf(deps: Deps, { proposalId, state, order, modifies }: ProposalView): string | undefined {
  if (modifies !== undefined) return `it is a change itself; name the order, ${modifies.proposalId}`;
  if (order === null || (state !== "WORKING" && state !== "PARTIAL")) return `it is ${state}, not working`;
  if (order.modifying !== undefined || deps.live.hasChange(proposalId)) return "another change of it is open";
  return order.drift.length > 0 ? "the broker shows other terms than the ones in force" : undefined;
}
