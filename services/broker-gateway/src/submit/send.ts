import { type ClaimOutcome, claim } from "@countersign/bus/claim";
import { parseUtcText, utcText } from "@countersign/clock/clock";
import type { DenialCode } from "@countersign/contracts/codes";
import { type Claim, type KillLevel, strictest } from "@countersign/contracts/control";
import { type Denial, denied, Fault } from "@countersign/contracts/denial";
import type { Ticket } from "@countersign/contracts/order";
import type { OrderActor } from "../orders/order-actor.ts";
import type { OrderToSend } from "../session/wire.ts";
import type { SubmitDeps } from "./deps.ts";
import { ordersOf } from "./orders-of.ts";
import { voidIntent } from "./void-intent.ts";

export interface ToSend {
  readonly actor: OrderActor;
  readonly ticket: Ticket;
  readonly approvalExpiresAt: string;
  /** The link's epoch when it was last known to be up and reconciled. */
  readonly epoch: number;
  /** The kill level under which the gate judged. */
  readonly levelBefore: KillLevel;
  /** A policy has approved it, so that a stop of policies alone stops it as well. */
  readonly byPolicy: boolean;
  /** A change of an order that is there; absent: a new order. */
  readonly change?: { readonly obstacle: () => string | undefined; readonly messages: () => OrderToSend[] };
}

export type SendOutcome = { readonly outcome: "sent" } | { readonly outcome: "denied"; readonly denial: Denial };

/** Claims the right to send and uses it in the same tick. It is never used twice, and never later. */
export async function sendOnce(deps: SubmitDeps, order: ToSend): Promise<SendOutcome> {
  const { proposalId, account, agent, conids, ticketHash } = order.actor.order;
  const at = utcText(deps.clock.nowMs());
  const body: Claim = { type: "claim/1", proposalId, ticketHash, writerEpoch: deps.writerEpoch, purpose: "send", at };
  let claimed: ClaimOutcome;
  try {
    claimed = await claim(deps.bus, deps.view, { account, proposal: proposalId }, body, { account, agent, conids });
  } catch (error) {
    // Perhaps the claim is ours, perhaps it arrives later: it is not used, and taken for nothing if that is possible.
    await voidIntent(deps, order.actor, "the claim was not confirmed");
    throw new Fault("BROKER_UNAVAILABLE", "the claim was not confirmed, so nothing was sent", { cause: error });
  }
  if (claimed.outcome === "claimed") return placeNow(deps, order, claimed.sequence);
  return notClaimed(deps, order.actor, claimed);
}

/** One synchronous step from the last look at the kill switch and the link to the socket. */
function placeNow(deps: SubmitDeps, order: ToSend, claimSequence: number): Promise<SendOutcome> | SendOutcome {
  const { actor, ticket, epoch } = order;
  const { account, agent, conids } = actor.order;
  const { level, reason } = deps.view.level({ account, agent, conids });
  if (level === "HALTED") return stopped(actor, "KILL_SWITCH_HALTED", reason);
  if (strictest(level, order.levelBefore) !== order.levelBefore)
    return stopped(actor, "KILL_SWITCH_REDUCE_ONLY", reason);
  const autoOff = order.byPolicy ? deps.view.autoOff({ account, agent, conids }) : undefined;
  if (autoOff !== undefined) return stopped(actor, "APPROVAL_INVALID", `policies are stopped: ${autoOff}`);
  if (deps.clock.nowMs() >= parseUtcText(order.approvalExpiresAt))
    return stopped(actor, "APPROVAL_EXPIRED", "it expired before the send");
  const connection = deps.link.state === "up" && deps.link.epoch === epoch ? deps.link.connection() : undefined;
  if (connection === undefined) return linkGone(actor);
  const obstacle = order.change?.obstacle();
  if (obstacle !== undefined) return stopped(actor, "ORDER_CHANGED", obstacle);
  const orders = order.change?.messages() ?? ordersOf(actor, ticket);
  for (const one of [actor, ...actor.exits]) one.sentAtMs = deps.clock.monotonicMs();
  try {
    for (const one of orders) connection.placeOrder(one);
  } catch (error) {
    deps.log.error({ proposalId: actor.order.proposalId, error: String(error) }, "the send threw");
    void followUp(deps, actor, claimSequence);
    for (const one of [actor, ...actor.exits])
      void one.take({ kind: "lost", reason: "the send threw", unacknowledgedOnly: false });
    throw new Fault("OUTCOME_UNKNOWN", "the order may have been sent", { cause: error });
  }
  void followUp(deps, actor, claimSequence);
  return { outcome: "sent" };
}

/** Records the send, and that nothing was heard of it if so. */
async function followUp(deps: SubmitDeps, actor: OrderActor, claimSequence: number): Promise<void> {
  const reason = `TWS said nothing for ${deps.acknowledgeWithinMs} ms`;
  deps.clock.setTimeout(() => {
    const silent = [actor, ...actor.exits].filter(({ order }) => order.state === "SEND_STARTED");
    for (const one of silent) void one.take({ kind: "lost", reason, unacknowledgedOnly: true }).catch(() => undefined);
    if (silent.length > 0) deps.reconcileSoon(reason);
  }, deps.acknowledgeWithinMs);
  await actor.append({ type: "sendStarted/1", claimSequence }).catch((error: unknown) => {
    deps.log.error({ proposalId: actor.order.proposalId, error: String(error) }, "the send was not recorded");
  });
}

async function stopped(actor: OrderActor, code: DenialCode, reason: string): Promise<SendOutcome> {
  await actor.append({ type: "killedNotSent/1", code, reason: reason.slice(0, 1000) });
  return denied(code, reason.slice(0, 1000));
}

async function linkGone(actor: OrderActor): Promise<never> {
  const reason = "the link to TWS changed before the order could be sent";
  await actor.append({ type: "killedNotSent/1", code: "APPROVAL_CONSUMED", reason });
  throw new Fault("BROKER_UNAVAILABLE", reason);
}

/** Its logs went back to before it was sent, or may have been: that they have it as new now says nothing of the broker. */
async function claimedBefore(deps: SubmitDeps, actor: OrderActor): Promise<SendOutcome> {
  const reason = "it was claimed for sending before its log had this intent";
  await actor.append({ type: "lost/1", reason });
  deps.reconcileSoon(reason);
  return denied("APPROVAL_CONSUMED", reason);
}

function notClaimed(
  deps: SubmitDeps,
  actor: OrderActor,
  claimed: Exclude<ClaimOutcome, { outcome: "claimed" }>,
): Promise<SendOutcome> {
  switch (claimed.outcome) {
    case "halted":
      return stopped(actor, "KILL_SWITCH_HALTED", claimed.reason);
    case "superseded":
      return stopped(actor, "KILL_SWITCH_HALTED", "another process writes to TWS now");
    case "busy":
      return stopped(actor, "KILL_SWITCH_HALTED", "the control stream moved at every try");
    case "alreadyClaimed":
      if (claimed.claim.purpose === "send") return claimedBefore(deps, actor);
      return stopped(actor, "APPROVAL_CONSUMED", "the order was claimed before");
  }
}
