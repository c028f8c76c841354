import { denied, ok, type Reply } from "@countersign/contracts/denial";
import type { ProposalView } from "@countersign/contracts/proposal-view";
import type { RPCS } from "@countersign/contracts/subjects";
import type { OrderProjection } from "@countersign/orders/projection";
import type * as z from "zod";

/** One proposal; another agent's is not found, with the same words as one that does not exist. */
export function getProposal(
  orders: OrderProjection,
  request: z.output<typeof RPCS.getProposal.request>,
): Reply<ProposalView> {
  const view = orders.get(request.proposalId)?.view;
  if (view === undefined || (request.agent !== null && view.agent !== request.agent))
    return denied("PROPOSAL_NOT_FOUND");
  return ok(view);
}

/** Newest first; the cursor is the id of the last one of the page before. */
export function listProposals(
  orders: OrderProjection,
  request: z.output<typeof RPCS.listProposals.request>,
): Reply<{ items: ProposalView[]; nextCursor: string | null }> {
  const all = orders.list().map((record) => record.view);
  const from = request.cursor === null ? 0 : all.findIndex((view) => view.proposalId === request.cursor) + 1;
  if (request.cursor !== null && from === 0) return denied("INVALID_ARGUMENT", "the cursor is not one of this list");
  const fitting = all
    .slice(from)
    .filter(
      (view) =>
        (request.agent === null || view.agent === request.agent) &&
        (request.accounts === null || request.accounts.includes(view.account)) &&
        (request.states === null || request.states.includes(view.state)),
    );
  const items = fitting.slice(0, request.limit);
  const last = items.at(-1);
  return ok({ items, nextCursor: fitting.length > items.length && last !== undefined ? last.proposalId : null });
}
