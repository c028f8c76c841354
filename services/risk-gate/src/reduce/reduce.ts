import { parseUtcText, utcText } from "@countersign/clock/clock";
import { type Denial, denied, Fault, type Reply } from "@countersign/contracts/denial";
import type { ProposalFact } from "@countersign/contracts/facts/proposal-facts.v1";
import { type ProposalView, REDUCTIONS_MAX } from "@countersign/contracts/proposal-view";
import { FACTS, type RPCS } from "@countersign/contracts/subjects";
import type { Verdict } from "@countersign/contracts/verdict";
import type { OrderRecord } from "@countersign/orders/projection";
import type * as z from "zod";
import type { Deps } from "../deps.ts";
import { haltedRefusal } from "../halted.ts";
import { FEED_WAIT_MS, judgedTicket, viewOf } from "../judge-and-record.ts";
import { ProposalLog } from "../proposal-log.ts";
import { smallerChangeRefusal, smallerTerms } from "./smaller-terms.ts";

type Request = z.output<typeof RPCS.reduce.request>;

/** The policy remarks in the logs of an order as well; so often that may come in between. */
const TRIES_MAX = 3;

/**
 * Gives a proposal that waits a smaller ticket, which takes the place of the one before in one append. The append names
 * the last sequence of the whole order: an approval that is written first makes it a conflict, and the other way round.
 */
export function reduce(deps: Deps, request: Request): Promise<Reply<ProposalView>> {
  return deps.lanes.run(request.proposalId, async () => {
    for (let tries = 0; tries < TRIES_MAX; tries += 1) {
      const reply = await tryOnce(deps, request, tries > 0);
      if (reply === "conflict") continue;
      if (reply.outcome === "denied") await noteRefusal(deps, request, reply.denial);
      return reply;
    }
    throw new Fault("CONFLICT", "the order moved on at every try");
  });
}

async function tryOnce(deps: Deps, request: Request, again: boolean): Promise<Reply<ProposalView> | "conflict"> {
  const record = await recordOf(deps, request, again);
  const refusal = refusalOf(deps, record?.view, request);
  if (refusal !== undefined || record === undefined) return refusal ?? denied("PROPOSAL_NOT_FOUND");
  // Such a server would not see an approval that comes in between.
  if (!deps.bus.comparesOrders()) throw new Fault("UNAVAILABLE", "a reduction needs nats-server 2.11 or newer");
  const { view, sequences } = record;
  const smaller = smallerTerms(view.terms, request);
  if (smaller.outcome === "denied") return smaller;
  const terms = smaller.value;
  const { agent, modifies, proposalId } = view;
  const filled = modifies && deps.live.filledOf(modifies.proposalId);
  const nothingLeft = modifies && smallerChangeRefusal(modifies, terms, filled);
  if (nothingLeft !== undefined) return nothingLeft;
  const facts = await deps.gatherer.gather(terms, agent, { whatIf: "fresh", proposalId, modifies });
  const { record: putOnRecord, ...judged } = judgedTicket(deps, { ...view, terms, at: facts.at }, facts);
  if (judged.verdict.outcome === "deny") return againstIt(judged.verdict);
  const fact: ProposalFact = {
    type: "reduced/1",
    proposalId: view.proposalId,
    at: facts.at,
    actor: { kind: "operator", id: request.operator },
    reason: request.reason,
    replaces: request.ticketHash,
    ...judged,
  };
  const key = { account: view.account, proposal: view.proposalId };
  const log = new ProposalLog(deps.bus, key, { agent, sequence: sequences.proposal });
  // Nothing that is not on the record ever waits for a person.
  await Promise.all([log.audit([fact]), putOnRecord()]);
  if ((await log.append(fact, Math.max(...Object.values(sequences)))) === "appended")
    return viewOf(deps, view.proposalId, log.sequence);
  await noteRefusal(
    deps,
    request,
    denied("PROPOSAL_NOT_PENDING", "somebody else wrote first; it is looked at again").denial,
  );
  return "conflict";
}

/** The order as the log has it at the time of the call, when what is known here would be refused. */
async function recordOf(
  deps: Deps,
  { proposalId, ticketHash }: Request,
  again: boolean,
): Promise<OrderRecord | undefined> {
  const known = deps.orders.get(proposalId);
  const waits = known?.view.state === "PENDING_APPROVAL" && known.view.ticketHash === ticketHash;
  if (waits && !again) return known;
  const { lastSequence } = await deps.bus.streamState(FACTS.proposal);
  await deps.orders.waitFor(lastSequence, { clock: deps.clock, timeoutMs: FEED_WAIT_MS });
  return deps.orders.get(proposalId);
}

function refusalOf(deps: Deps, view: ProposalView | undefined, { ticketHash }: Request) {
  if (view === undefined) return denied("PROPOSAL_NOT_FOUND");
  if (view.state === "EXPIRED" || deps.clock.nowMs() >= parseUtcText(view.expiresAt)) return denied("PROPOSAL_EXPIRED");
  if (view.state !== "PENDING_APPROVAL") return denied("PROPOSAL_NOT_PENDING", undefined, { state: view.state });
  if (view.ticketHash !== ticketHash) return denied("TICKET_HASH_MISMATCH");
  if ((view.reductions ?? []).length >= REDUCTIONS_MAX)
    return denied("REDUCE_NOT_ALLOWED", `It was reduced ${REDUCTIONS_MAX} times already.`);
  return haltedRefusal(deps.control, view);
}

/** The ticket before stays; the person reads which rule stands against the smaller one. */
function againstIt({ rules }: Verdict) {
  const failing = rules.flatMap(({ rule, outcome, code, message }) =>
    outcome === "deny" ? [{ rule, code, message }] : [],
  );
  const text = failing.map(({ code, message }) => `${code}: ${message}`).join("; ");
  return denied("RISK_DENIED", `The smaller order is denied, and the proposal is as it was. ${text}`.slice(0, 900), {
    rules: failing,
  });
}

function noteRefusal(
  deps: Deps,
  { proposalId, operator, ticketHash, ...asked }: Request,
  denial: Denial,
): Promise<void> {
  const { code, message } = denial;
  const { reason, quantity, limitPrice } = asked;
  const size = { ...(quantity !== undefined && { quantity }), ...(limitPrice !== undefined && { limitPrice }) };
  return deps.outbox.note({
    kind: "order.refused",
    at: utcText(deps.clock.nowMs()),
    correlationId: proposalId,
    actor: { kind: "operator", id: operator },
    body: { stage: "reduce", code, message, ticketHash, reason, ...size },
  });
}
