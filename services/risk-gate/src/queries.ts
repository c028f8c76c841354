import { PAYLOAD_BYTES_MAX } from "@countersign/bus/headers";
import { denied, ok, type Reply } from "@countersign/contracts/denial";
import type { ProposalView } from "@countersign/contracts/proposal-view";
import type { RPCS } from "@countersign/contracts/subjects";
import { statesOf } from "@countersign/orders/live";
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

/** What a page may take of one message; the rest is for its frame. */
const PAGE_BYTES_MAX = PAYLOAD_BYTES_MAX - 4 * 1024;

/** Newest first; the cursor is the id of the last one of the page before. A page ends early when the next one would not fit into the message. */
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
        (request.states === null || statesOf(view).some((state) => request.states?.includes(state))),
    );
  const items = pageOf(fitting.slice(0, request.limit));
  const last = items.at(-1);
  return ok({ items, nextCursor: fitting.length > items.length && last !== undefined ? last.proposalId : null });
}

/** At least one, or a page would not move on. */
function pageOf(views: readonly ProposalView[]): ProposalView[] {
  let bytes = 0;
  const end = views.findIndex((view, index) => {
    bytes += Buffer.byteLength(JSON.stringify(view)) + 1;
    return index > 0 && bytes > PAGE_BYTES_MAX;
  });
  return views.slice(0, end < 0 ? views.length : end);
}
