import { denied, ok } from "@countersign/contracts/denial";
import type { DecisionFact } from "@countersign/contracts/facts/decision-facts.v1";
import type { State } from "@countersign/contracts/life";
import type { CancelReply, CancelRequest } from "@countersign/contracts/messages/approval.v1";
import { RPCS } from "@countersign/contracts/subjects";
import { isCancellable, isOver } from "@countersign/orders/live";
import type { OrderRecord } from "@countersign/orders/projection";
import type * as z from "zod";
import { cancelEntry } from "./audit-entries.ts";
import { type Deps, now, orderWhen } from "./deps.ts";
import { closeApproved } from "./submit.ts";
import { unsentOf } from "./sweeper.ts";
import { withKey } from "./with-key.ts";

type Request = z.output<typeof CancelRequest>;
type Answer = z.output<typeof CancelReply>;

/** Approved, and not at the broker yet: in these the gateway may begin to send at any moment. */
const ON_ITS_WAY: readonly State[] = ["APPROVED", "INTENT"];
/** So long a cancel waits for an order that is being sent, to reach it at the broker. */
const SENDING_MS_MAX = 2_000;
const LOOK_EVERY_MS = 20;

/**
 * Ends an approval that nothing was sent by, or passes the cancel on to the gateway. It asks neither the kill switch nor
 * a limit, and the audit hears of it without being waited for: a cancel only takes risk away.
 */
export async function cancel(deps: Deps, request: Request): Promise<Answer> {
  const { proposalId, actor, reason } = request;
  const order = await orderWhen(deps, proposalId, ({ view }) => isCancellable(view));
  if (order === undefined || (actor.kind === "agent" && order.view.agent !== actor.id))
    return denied("ORDER_NOT_FOUND");
  if (actor.kind !== "agent") return stop(deps, request, order);
  const use = { operation: "cancel" as const, proposalId, reason };
  return withKey(deps.keys, actor.id, request.idempotencyKey, use, async (state) => {
    const { view } = order;
    // Asked for again after it worked, or after the order ended: the same answer. While the order lives, it is sent again.
    if (state === "again" && isOver(view) && (view.order !== null || view.state === "VOIDED")) {
      return ok({ proposalId, state: view.state, orderRef: view.order?.orderRef ?? null });
    }
    return stop(deps, request, order);
  });
}

/**
 * Of the cancel and the gateway's intent the one that is written first counts: either nothing is ever sent, or the order
 * is sent and then cancelled at the broker.
 */
async function stop(deps: Deps, request: Request, found: OrderRecord): Promise<Answer> {
  const { proposalId } = request;
  const untilMs = deps.clock.monotonicMs() + SENDING_MS_MAX;
  let order = found;
  while (ON_ITS_WAY.includes(order.view.state) && deps.clock.monotonicMs() < untilMs) {
    if (await voidUnsent(deps, request, order)) return ok({ proposalId, state: "VOIDED", orderRef: null });
    await deps.clock.sleep(LOOK_EVERY_MS);
    order = (await orderWhen(deps, proposalId, ({ view }) => !ON_ITS_WAY.includes(view.state))) ?? order;
  }
  return passOn(deps, request, order);
}

/** False: the gateway has an intent, or somebody wrote about the order since it was read. */
async function voidUnsent(deps: Deps, request: Request, order: OrderRecord): Promise<boolean> {
  const { proposalId, actor, reason, idempotencyKey: key } = request;
  const unsent = unsentOf(order);
  if (unsent === undefined) return false;
  const plain = {
    type: "voided/1" as const,
    proposalId,
    at: now(deps),
    code: "ORDER_CANCELLED" as const,
    actor,
    reason,
  };
  const fact: DecisionFact = key === undefined ? plain : { ...plain, idempotencyKey: key };
  const closed = await closeApproved(deps, unsent, fact);
  if (closed) deps.unsent.forget(proposalId);
  return closed;
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
  // An intent may have left the gateway's socket before its log could take that: only the gateway knows.
  if (isCancellable(view) || view.state === "INTENT") return undefined;
  return denied("ORDER_NOT_CANCELLABLE", HINTS[view.state], { state: view.state });
}

const HINTS: Partial<Record<State, string>> = {
  PROPOSED: "The order was not sent, and is being judged; ask again when it waits for approval.",
  SIMULATED: "The order was not sent, and is being judged; ask again when it waits for approval.",
  PENDING_APPROVAL: "The order was not sent; withdraw the proposal instead, or reject it as an operator.",
  APPROVED: "The order could not be stopped in time; ask again.",
};
