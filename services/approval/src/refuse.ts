import { denied, ok } from "@countersign/contracts/denial";
import type { DecisionFact } from "@countersign/contracts/facts/decision-facts.v1";
import type { DecisionReply, RejectRequest, WithdrawRequest } from "@countersign/contracts/messages/approval.v1";
import { FACTS } from "@countersign/contracts/subjects";
import type { OrderRecord } from "@countersign/orders/projection";
import type * as z from "zod";
import { edgeEntry } from "./audit-entries.ts";
import { decide } from "./decision-log.ts";
import { type Deps, now, orderWhen } from "./deps.ts";
import { withKey } from "./with-key.ts";

type Answer = z.output<typeof DecisionReply>;

/** So often a refusal is tried when something else was written down meanwhile. */
const TRIES_MAX = 3;

/** A person says no. Less risk needs no audit first: the record follows when the audit is away. */
export async function reject(deps: Deps, request: z.output<typeof RejectRequest>): Promise<Answer> {
  const { proposalId, operator, reason, code = "OTHER" } = request;
  const order = await pending(deps, proposalId);
  if (order === undefined) return denied("PROPOSAL_NOT_FOUND");
  const actor = { kind: "operator" as const, id: operator };
  return end(deps, order, { type: "rejected/1", proposalId, at: now(deps), actor, reason, code }, "REJECTED");
}

/**
 * The agent takes its proposal back; another agent's proposal is not found. What it asks for again with the same key has
 * the same answer, also when the first one was lost on its way.
 */
export async function withdraw(deps: Deps, request: z.output<typeof WithdrawRequest>): Promise<Answer> {
  const { proposalId, agent, reason, idempotencyKey: key } = request;
  const order = await pending(deps, proposalId);
  if (order === undefined || order.view.agent !== agent) return denied("PROPOSAL_NOT_FOUND");
  const actor = { kind: "agent" as const, id: agent };
  const plain = { type: "withdrawn/1" as const, proposalId, at: now(deps), actor, reason };
  const fact = key === undefined ? plain : { ...plain, idempotencyKey: key };
  return withKey(deps.keys, agent, key, { operation: "withdraw", proposalId, reason }, async (state) => {
    const answer = await end(deps, order, fact, "WITHDRAWN");
    const repeated = answer.outcome === "denied" && state === "again" && (await isWithdrawnBy(deps, order, key));
    return repeated ? ok({ proposalId, state: "WITHDRAWN" }) : answer;
  });
}

async function isWithdrawnBy(deps: Deps, { view }: OrderRecord, key: string | undefined): Promise<boolean> {
  const last = await deps.bus.readLast(FACTS.decision, { account: view.account, proposal: view.proposalId });
  return last?.body.type === "withdrawn/1" && last.body.idempotencyKey === key;
}

function pending(deps: Deps, proposalId: string): Promise<OrderRecord | undefined> {
  return orderWhen(deps, proposalId, ({ view }) => view.state === "PENDING_APPROVAL");
}

/** The first of two signatures decides nothing: a refusal that it came before is written after it. */
async function end(
  deps: Deps,
  found: OrderRecord,
  fact: DecisionFact,
  state: "REJECTED" | "WITHDRAWN",
): Promise<Answer> {
  const { proposalId, account } = found.view;
  let order: OrderRecord | undefined = found;
  for (let tries = 0; tries < TRIES_MAX && order !== undefined; tries += 1) {
    const { view, sequences }: OrderRecord = order;
    if (view.state !== "PENDING_APPROVAL") return denied("PROPOSAL_NOT_PENDING", undefined, { state: view.state });
    const decided = await decide(deps, account, fact, { decision: sequences.decision });
    if (decided.outcome === "decided") {
      await deps.outbox.note(edgeEntry(fact));
      return ok({ proposalId, state });
    }
    order = await orderWhen(deps, proposalId, () => false);
  }
  return denied("PROPOSAL_NOT_PENDING", "another decision was first");
}
