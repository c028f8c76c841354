import { utcText } from "@countersign/clock/clock";
import { denied, ok } from "@countersign/contracts/denial";
import type { ReopenSessionReply, ReopenSessionRequest } from "@countersign/contracts/messages/edge-usage.v1";
import type * as z from "zod";
import type { Edge } from "../edge.ts";

/** A person's word that an agent may go on after its session has ended; on the record before it holds. */
export async function reopenSession(
  { usage, deps: { backend, clock } }: Pick<Edge, "usage" | "deps">,
  { agent, operator, reason }: z.output<typeof ReopenSessionRequest>,
): Promise<z.input<typeof ReopenSessionReply>> {
  const session = await usage.reopen(agent, () =>
    backend.audit({
      kind: "session.reopened",
      at: utcText(clock.nowMs()),
      correlationId: `session:${agent}`.slice(0, 64),
      actor: { kind: "operator", id: operator },
      body: { agent, reason },
    }),
  );
  if (session === undefined) return denied("SESSION_NOT_ENDED");
  return ok({ agent, date: session.date, endsAt: utcText(session.endsAtMs) });
}
