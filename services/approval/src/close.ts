import { denied } from "@countersign/contracts/denial";
import type { CloseReply, CloseRequest } from "@countersign/contracts/messages/approval.v1";
import { RPCS } from "@countersign/contracts/subjects";
import type * as z from "zod";
import { closeEntry } from "./audit-entries.ts";
import { type Deps, now, orderWhen } from "./deps.ts";

/** Passes a person's word about an order on to the gateway, which decides by what the broker shows. On the record either way. */
export async function close(deps: Deps, request: z.output<typeof CloseRequest>): Promise<z.output<typeof CloseReply>> {
  const { proposalId } = request;
  const order = await orderWhen(deps, proposalId, ({ view }) => view.order !== null);
  if (order === undefined) return denied("ORDER_NOT_FOUND");
  const options = { params: { account: order.view.account }, correlationId: proposalId };
  let outcome = "unknown";
  try {
    const reply = await deps.bus.request(RPCS.closeAtBroker, request, options);
    outcome = reply.outcome === "ok" ? reply.value.state : reply.denial.code;
    return reply;
  } finally {
    void deps.outbox.note(closeEntry(now(deps), request, outcome));
  }
}
