import { denied, ok } from "@countersign/contracts/denial";
import type { CancelReply, CancelRequest } from "@countersign/contracts/messages/approval.v1";
import { RPCS } from "@countersign/contracts/subjects";
import { isAtBroker, isCancellable } from "@countersign/orders/live";
import type { OrderRecord } from "@countersign/orders/projection";
import type * as z from "zod";
import { cancelEntry } from "./audit-entries.ts";
import { type Deps, now, orderWhen } from "./deps.ts";
import { withKey } from "./with-key.ts";

type Request = z.output<typeof CancelRequest>;
type Answer = z.output<typeof CancelReply>;

/**
 * Passes a cancel on to the gateway. It asks neither the kill switch nor a limit, and the audit hears of it without
 * being waited for: a cancel only takes risk away.
 */
export async function cancel(deps: Deps, request: Request): Promise<Answer> {
  const { proposalId, actor, reason } = request;
  const order = await orderWhen(deps, proposalId, ({ view }) => isCancellable(view));
  if (order === undefined || (actor.kind === "agent" && order.view.agent !== actor.id))
    return denied("ORDER_NOT_FOUND");
  if (actor.kind !== "agent") return passOn(deps, request, order);
  const use = { operation: "cancel" as const, proposalId, reason };
  return withKey(deps.keys, actor.id, request.idempotencyKey, use, async (state) => {
    const { view } = order;
    // Asked for again after it worked, or after the order ended: the same answer. While the order lives, it is sent again.
    if (state === "again" && !isAtBroker(view) && view.order !== null) {
      return ok({ proposalId, state: view.state, orderRef: view.order.orderRef });
    }
    return passOn(deps, request, order);
  });
}

async function passOn(deps: Deps, request: Request, order: OrderRecord): Promise<Answer> {
  const { proposalId } = request;
  const denial = notCancellable(order);
  if (denial !== undefined) return denial;
  const options = { params: { account: order.view.account }, correlationId: proposalId };
  let outcome = "unknown";
  try {
    const reply = await deps.bus.request(RPCS.cancelAtBroker, request, options);
    outcome = reply.outcome === "ok" ? reply.value.state : reply.denial.code;
    return reply;
  } finally {
    void deps.outbox.note(cancelEntry(now(deps), request, outcome));
  }
}

function notCancellable({ view }: OrderRecord): ReturnType<typeof denied> | undefined {
  if (isCancellable(view)) return undefined;
  const message =
    view.state === "PENDING_APPROVAL" ? "The order was not sent; withdraw the proposal instead." : undefined;
  return denied("ORDER_NOT_CANCELLABLE", message, { state: view.state });
}
