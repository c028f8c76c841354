import type { Clock } from "@countersign/clock/clock";
import { denied, ok } from "@countersign/contracts/denial";
import { canBeCancelled } from "@countersign/contracts/life";
import type { RPCS } from "@countersign/contracts/subjects";
import type { Logger } from "@countersign/log/logger";
import type * as z from "zod";
import type { AuditTrail } from "../audit/audit-trail.ts";
import type { OrderActor } from "../orders/order-actor.ts";
import type { OrderTable } from "../orders/order-table.ts";
import { writerOf } from "../session/hold.ts";
import type { Link } from "../session/link.ts";
import type { RateLimiter } from "../session/rate-limiter.ts";

type Request = z.output<typeof RPCS.cancelAtBroker.request>;
type Reply = z.input<typeof RPCS.cancelAtBroker.reply>;

export interface CancelDeps {
  readonly clock: Clock;
  readonly table: OrderTable;
  readonly link: Link;
  readonly limiter: RateLimiter;
  readonly audit: AuditTrail;
  readonly log: Logger;
}

/** How long a cancel waits for the exec log before it goes out without it. */
const RECORD_WITHIN_MS = 1_000;

/**
 * Sends a cancel. No kill level, limit or missing audit stops it: what cannot be recorded in time goes to the local spill
 * file, and the cancel goes out. A link that is up but frozen still takes it; TWS passes it on when it can.
 */
export async function cancelAtBroker(deps: CancelDeps, request: Request, account: string): Promise<Reply> {
  const actor = deps.table.get(request.proposalId);
  if (actor === undefined || actor.order.account !== account) return denied("ORDER_NOT_FOUND");
  const { proposalId, orderRef, state, modifies, clientId } = actor.order;
  if (modifies !== undefined)
    return denied("ORDER_NOT_CANCELLABLE", `A change is not cancelled; cancel the order ${modifies}.`, { state });
  // TWS would look for the number among our own orders, and cancel another one or none.
  if (clientId !== deps.link.clientId)
    return denied("ORDER_NOT_CANCELLABLE", `It was sent as client ${clientId} of TWS; cancel it in TWS.`, { state });
  // The entry first: with it TWS cancels what hangs on it. Afterwards the exits are on their own.
  const live = [actor, ...actor.exits].filter((one) => one.mayBeAtBroker || canBeCancelled(one.order.state));
  if (live.length === 0) return denied("ORDER_NOT_CANCELLABLE", undefined, { state });
  writerOf(deps.link);
  await record(deps, live, request);
  for (const one of live) {
    const { order } = one;
    await deps.limiter.take("cancel");
    writerOf(deps.link).cancelOrder(order.orderId);
    one.cancelledAtMs = deps.clock.monotonicMs();
    deps.log.info({ proposalId, leg: order.leg, orderId: order.orderId }, "cancel sent");
  }
  return ok({ proposalId, state: actor.order.state, orderRef });
}

async function record(deps: CancelDeps, live: readonly OrderActor[], request: Request): Promise<void> {
  const { actor: who, reason, proposalId, idempotencyKey: key } = request;
  const fact = { type: "cancelRequested/1" as const, actor: who, reason };
  const recorded = live.flatMap((one) => {
    const { state, leg } = one.order;
    const body = { from: state, event: "cancelRequested", leg, reason };
    return [
      one.append(key === undefined ? fact : { ...fact, idempotencyKey: key }, { actor: who, audited: true }),
      deps.audit.confirmOrSpill({ kind: "order.edge", correlationId: proposalId, actor: who, body }),
    ];
  });
  await Promise.race([Promise.allSettled(recorded), deps.clock.sleep(RECORD_WITHIN_MS)]);
}
