import type { Clock } from "@countersign/clock/clock";
import { settleChanges } from "../orders/changes.ts";
import type { OrderTable } from "../orders/order-table.ts";
import { type VoidDeps, voidIntent } from "../submit/void-intent.ts";

/** Longer than any submit takes. */
const ABANDONED_AFTER_MS = 30_000;

/**
 * Ends intents that were left behind: at start all of them, because whoever wrote them is gone; later those that are too
 * old to be under way. None of them is ever sent.
 */
export async function settleIntents(
  deps: VoidDeps & { readonly clock: Clock; readonly table: OrderTable },
  options: { readonly all: boolean },
): Promise<void> {
  await settleChanges(deps.table);
  const nowMs = deps.clock.monotonicMs();
  for (const actor of deps.table.entries()) {
    if (actor.order.state !== "INTENT") continue;
    if (!options.all && nowMs - actor.openedAtMs < ABANDONED_AFTER_MS) continue;
    try {
      await voidIntent(deps, actor, "the gateway stopped between the intent and the send");
    } catch (error) {
      deps.log.warn({ proposalId: actor.order.proposalId, error: String(error) }, "intent not settled yet");
    }
  }
}
