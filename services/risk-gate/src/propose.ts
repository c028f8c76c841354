import { departed } from "@countersign/bus/departed";
import { utcText } from "@countersign/clock/clock";
import { denied, Fault, type Reply } from "@countersign/contracts/denial";
import { combinationRefusal } from "@countersign/contracts/order-check";
import type { ProposalView } from "@countersign/contracts/proposal-view";
import type { RPCS } from "@countersign/contracts/subjects";
import { canonicalHash } from "@countersign/ids/hash";
import { proposalId } from "@countersign/ids/ids";
import type * as z from "zod";
import { changeTarget } from "./change-target.ts";
import type { Deps } from "./deps.ts";
import { roundedTerms } from "./facts/round-terms.ts";
import { tooLarge } from "./facts/too-large.ts";
import { haltedRefusal } from "./halted.ts";
import { gatherFor, judgeAndRecord, type Proposed } from "./judge-and-record.ts";
import { ProposalLog } from "./proposal-log.ts";
import { storedElsewhere, storedHere } from "./stored.ts";

type Request = z.output<typeof RPCS.propose.request>;

/** Records, simulates and judges one proposal. The same key with the same content is the same proposal, at any time and from any process. */
export function propose(deps: Deps, request: Request): Promise<Reply<ProposalView>> {
  const { terms, agent, idempotencyKey, rationale, rounding, notional, modifies } = request;
  const id = proposalId({ account: terms.account, agent, idempotencyKey });
  const content = {
    ...{ terms, rationale },
    ...(rounding !== undefined && { rounding }),
    ...(notional !== undefined && { notional }),
    ...(modifies !== undefined && { modifies }),
  };
  const contentHash = canonicalHash(content);
  return deps.lanes.run(id, async () => {
    const record = deps.orders.get(id);
    if (record !== undefined) return storedHere(deps, record, contentHash);
    const refusal = combinationRefusal(terms);
    if (refusal !== undefined) return denied(refusal.code, refusal.message, { field: refusal.field });
    const halted = await refusedWhileHalted(deps, request, id);
    if (halted !== undefined) return halted;
    const max = deps.config.openProposalsPerAgentMax;
    const place = { proposalId: id, agent, max };
    const recording = () => recordNew(deps, request, { id, contentHash });
    const task = modifies === undefined ? recording : () => inTurn(deps, modifies, recording);
    const reply = await deps.live.withPlace(place, task);
    return reply ?? denied("TOO_MANY_OPEN_PROPOSALS", `${deps.live.openOf(agent)} proposals are open; at most ${max}`);
  });
}

/** One change of an order after the other: the second finds the first one open, or finds that nothing came of it. */
function inTurn<T>(deps: Deps, modifies: string, record: () => Promise<T>): Promise<T> {
  return deps.lanes.run(`changes of ${modifies}`, record);
}

/** Nothing is recorded before the instrument is known to exist; then its facts are asked for while it is being recorded. */
async function recordNew(
  deps: Deps,
  request: Request,
  { id, contentHash }: { id: string; contentHash: string },
): Promise<Reply<ProposalView>> {
  const { agent, rounding } = request;
  const { account } = request.terms;
  const described = await deps.gatherer.instruments(request.terms);
  if (described.outcome === "denied") return described;
  // Before anything looks at them: what is simulated, judged and signed is the order that would be sent.
  const terms = roundedTerms(request.terms, described.value, rounding);
  const beyond = tooLarge(terms, described.value);
  if (beyond !== undefined) return denied("INVALID_ARGUMENT", beyond, { field: "quantity" });
  const { modifies } = request;
  const target = modifies === undefined ? undefined : await changeTarget(deps, { proposalId: modifies, agent, terms });
  if (target?.outcome === "denied") return target;
  const plain = proposedOf(deps, { ...request, terms }, { id, contentHash });
  const proposed = target === undefined ? plain : { ...plain, modifies: target.value };
  const halted = await refusedWhileHalted(deps, request, id);
  if (halted !== undefined) return halted;
  const log = new ProposalLog(deps.bus, { account, proposal: id }, { agent, sequence: 0 });
  const forget = deps.history.begin({ proposalId: id, agent, terms });
  const facts = gatherFor(deps, proposed);
  await departed();
  const appended = await log.append(proposed).catch((error: unknown) => {
    // What may have arrived counts.
    if (!(error instanceof Fault) || error.effect === "none") forget();
    throw error;
  });
  if (appended === "conflict") return storedElsewhere(deps, proposed);
  const reply = await judgeAndRecord(deps, { proposed, log, stored: [proposed], facts });
  return reply === "conflict" ? storedElsewhere(deps, proposed) : reply;
}

/** Nothing of it is recorded as a proposal, so its key is free again; that it was refused is on the record. */
async function refusedWhileHalted(deps: Deps, { agent, terms, idempotencyKey }: Request, id: string) {
  const refused = haltedRefusal(deps.control, { agent, terms });
  if (refused === undefined) return undefined;
  const { code, message } = refused.denial;
  await deps.outbox.note({
    kind: "order.refused",
    at: utcText(deps.clock.nowMs()),
    correlationId: id,
    actor: { kind: "agent", id: agent },
    body: { stage: "propose", code, message, account: terms.account, idempotencyKey },
  });
  return refused;
}

function proposedOf(
  deps: Deps,
  { agent, idempotencyKey, terms, rationale, notional }: Request,
  { id, contentHash }: { id: string; contentHash: string },
): Proposed {
  const nowMs = deps.clock.nowMs();
  return {
    type: "proposed/1",
    proposalId: id,
    at: utcText(nowMs),
    mode: deps.mode,
    agent,
    idempotencyKey,
    contentHash,
    terms,
    rationale,
    ...(notional !== undefined && { notional }),
    expiresAt: utcText(nowMs + deps.config.proposalTtlSeconds * 1_000),
  };
}
