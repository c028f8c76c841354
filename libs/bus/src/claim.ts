import type { Claim } from "@countersign/contracts/control";
import { Fault } from "@countersign/contracts/denial";
import { FACTS } from "@countersign/contracts/subjects";
import type { Bus } from "./bus.ts";
import type { ControlView, OrderScopes } from "./control-view.ts";

export type ClaimOutcome =
  | { readonly outcome: "claimed"; readonly sequence: number }
  | { readonly outcome: "halted"; readonly reason: string }
  | { readonly outcome: "alreadyClaimed"; readonly claim: Claim }
  /** Another process became the writer to the socket. */
  | { readonly outcome: "superseded" }
  /** The control stream moved at every try. */
  | { readonly outcome: "busy" };

const TRIES_MAX = 5;

/**
 * The right to send one order. The server accepts it only if nothing in the control stream has moved since this process
 * looked: a kill, a new writer or another claim makes it fail, and then the view is read again and judged again.
 * A `void` claim fences an intent that must never be sent and is not stopped by any kill level.
 * Throws OUTCOME_UNKNOWN when the server did not answer: then nothing may be sent.
 */
export async function claim(
  bus: Pick<Bus, "append" | "readLast">,
  view: Pick<ControlView, "sequence" | "acknowledge" | "refresh" | "writerEpoch" | "level">,
  params: { account: string; proposal: string },
  body: Claim,
  scopes: OrderScopes,
): Promise<ClaimOutcome> {
  for (let attempt = 0; attempt < TRIES_MAX; attempt += 1) {
    const refusal = refusalOf(view, body, scopes);
    if (refusal !== undefined) return refusal;
    const result = await bus.append(FACTS.claim, params, body, {
      expectedSequence: 0,
      expectedStreamSequence: view.sequence(),
      messageId: `claim-${body.purpose}-${params.proposal}`,
    });
    if (result.outcome === "appended" && !result.duplicate) {
      view.acknowledge(result.sequence);
      return { outcome: "claimed", sequence: result.sequence };
    }
    const existing = await bus.readLast(FACTS.claim, params);
    if (existing !== undefined) return { outcome: "alreadyClaimed", claim: existing.body };
    await view.refresh().catch((cause: unknown) => {
      throw new Fault("BUS_UNAVAILABLE", "the control stream cannot be read", { cause });
    });
  }
  return { outcome: "busy" };
}

function refusalOf(
  view: Pick<ControlView, "writerEpoch" | "level">,
  body: Claim,
  scopes: OrderScopes,
): ClaimOutcome | undefined {
  const writer = view.writerEpoch();
  if (writer !== undefined && writer.epoch !== body.writerEpoch) return { outcome: "superseded" };
  if (body.purpose === "void") return undefined;
  const { level, reason } = view.level(scopes);
  // REDUCE_ONLY is judged by the gate, which knows the position; HALTED is judged here.
  return level === "HALTED" ? { outcome: "halted", reason } : undefined;
}
