import type { OrderBus } from "@countersign/bus/bus";
import { claim } from "@countersign/bus/claim";
import type { ControlView } from "@countersign/bus/control-view";
import { type Clock, utcText } from "@countersign/clock/clock";
import type { DenialCode } from "@countersign/contracts/codes";
import type { Claim } from "@countersign/contracts/control";
import type { Logger } from "@countersign/log/logger";
import type { OrderActor } from "../orders/order-actor.ts";

export interface VoidDeps {
  readonly bus: OrderBus;
  readonly view: ControlView;
  readonly clock: Clock;
  readonly log: Logger;
  readonly writerEpoch: number;
}

/**
 * Ends an intent of which it is not certain that nobody may send it: takes the claim for nothing, so that no one can take
 * it for sending. Won: the order was never sent. Lost to a claim for sending: nobody knows, only reconciliation will.
 * Throws a Fault when the control stream cannot say; the intent then stays, and is settled at the next reconciliation.
 */
export async function voidIntent(
  deps: VoidDeps,
  actor: OrderActor,
  reason: string,
  code: DenialCode = "APPROVAL_CONSUMED",
): Promise<void> {
  const { proposalId, account, agent, conids, ticketHash } = actor.order;
  const at = utcText(deps.clock.nowMs());
  const body: Claim = { type: "claim/1", proposalId, ticketHash, writerEpoch: deps.writerEpoch, purpose: "void", at };
  const result = await claim(deps.bus, deps.view, { account, proposal: proposalId }, body, { account, agent, conids });
  const fenced =
    result.outcome === "claimed" || (result.outcome === "alreadyClaimed" && result.claim.purpose === "void");
  if (fenced) await actor.append({ type: "killedNotSent/1", code, reason });
  else if (result.outcome === "alreadyClaimed")
    await actor.append({ type: "lost/1", reason: `${reason}; it was claimed for sending` });
  else deps.log.warn({ proposalId, outcome: result.outcome }, "intent not settled yet");
}
