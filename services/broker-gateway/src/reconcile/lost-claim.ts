import type { ControlView } from "@countersign/bus/control-view";
import { orderRef } from "@countersign/ids/ids";
import type { OrderTable } from "../orders/order-table.ts";

/**
 * References of orders that were claimed and that no log has; at most one, of the newest claim. An intent is stored before it is
 * claimed, to be sent or for nothing, so the logs went back behind it, as by a restored backup: then they lack every order since,
 * also those of which the broker shows nothing any more. Throws a Fault when the control stream cannot be read.
 */
export async function lostClaims(
  view: Pick<ControlView, "newestClaim">,
  table: Pick<OrderTable, "get">,
): Promise<readonly string[]> {
  const newest = await view.newestClaim();
  return newest === undefined || table.get(newest.proposalId) !== undefined ? [] : [orderRef(newest.ticketHash)];
}
