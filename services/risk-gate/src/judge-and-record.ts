import { departed } from "@countersign/bus/departed";
import { Fault, ok, type Reply } from "@countersign/contracts/denial";
import type { ProposalFact, ProposedFact } from "@countersign/contracts/facts/proposal-facts.v1";
import type { OrderTerms, Ticket } from "@countersign/contracts/order";
import type { ProposalView } from "@countersign/contracts/proposal-view";
import type { Simulation, Verdict } from "@countersign/contracts/verdict";
import { demandOf } from "@countersign/orders/demand";
import type * as z from "zod";
import { simulationOf } from "./costs/estimate.ts";
import type { Deps } from "./deps.ts";
import { alternativesTo } from "./explain/alternatives.ts";
import type { Facts } from "./facts/fact.ts";
import { instrumentsOf } from "./facts/parts.ts";
import { judge } from "./judge.ts";
import type { ProposalLog } from "./proposal-log.ts";
import { makeTicket } from "./ticket.ts";

/** How long a caller waits for a fact that is written to come back through the feed. */
export const FEED_WAIT_MS = 3_000;

export type Proposed = z.output<typeof ProposedFact>;

export interface Recorded {
  readonly proposed: Proposed;
  readonly log: ProposalLog;
  /** The edges that are in the log. Whether they are in the audit is not known: they go there with the others. */
  readonly stored: readonly [Proposed, ...ProposalFact[]];
  readonly facts: Promise<Facts>;
}

/** Asks for the facts of a proposal. Whoever turns back before it needs them may leave them alone. */
export function gatherFor(deps: Deps, proposed: Proposed): Promise<Facts> {
  const { proposalId, terms, agent, modifies, notional = null } = proposed;
  const facts = deps.gatherer.gather(terms, agent, { whatIf: "fresh", proposalId, modifies, claim: { notional } });
  facts.catch(() => undefined);
  return facts;
}

/**
 * From the recorded proposal to its verdict: simulated, then admitted or denied, each its own append. The last append
 * waits for the audit of every edge and for the record of the facts behind the verdict: nothing that is not on the
 * record ever waits for a person. "conflict": somebody else wrote in between, and what stands in the log decides.
 */
export async function judgeAndRecord(deps: Deps, work: Recorded): Promise<Reply<ProposalView> | "conflict"> {
  const { proposed, log, stored } = work;
  const { simulated, judged, record } = await edgesOf(deps, proposed, work.facts).catch((error: unknown) => {
    // It is not judged, and the caller hears so; that it was proposed stays true.
    void log.audit(stored);
    throw error;
  });
  const isSimulated = stored.some(({ type }) => type === "simulated/1");
  // What takes longest leaves first, and the largest is packed while the others are on their way.
  const audited = log.audit(isSimulated ? [...stored, judged] : [...stored, simulated, judged]);
  await departed();
  const appended = isSimulated ? Promise.resolve("appended") : log.append(simulated);
  appended.catch(() => undefined);
  await departed();
  const recorded = record();
  // Whoever waits for it finds out; the edge before it may fail first.
  recorded.catch(() => undefined);
  if ((await appended) === "conflict") return "conflict";
  await Promise.all([audited, recorded]);
  if ((await log.append(judged)) === "conflict") return "conflict";
  return viewOf(deps, proposed.proposalId, log.sequence);
}

async function edgesOf(
  deps: Deps,
  proposed: Proposed,
  gathering: Promise<Facts>,
): Promise<{ simulated: ProposalFact; judged: ProposalFact; record: () => Promise<void> }> {
  const facts = await gathering;
  const { simulation, record, ...made } = judgedTicket(deps, proposed, facts);
  const { verdict } = made;
  const { proposalId, modifies } = proposed;
  const base = { proposalId, at: facts.at };
  const twinsOf = (terms: OrderTerms) => deps.history.twinsOf({ terms, proposalId, modifies: modifies?.proposalId });
  const alternatives = alternativesTo(proposed.terms, facts, { inForce: deps.inForce, verdict, twinsOf, modifies });
  const type = verdict.outcome === "pass" ? "admitted/1" : "riskDenied/1";
  return {
    simulated: { type: "simulated/1", ...base, simulation },
    judged: { type, ...base, ...(alternatives && { alternatives }), ...made },
    record,
  };
}

type ToJudge = Pick<Proposed, "proposalId" | "mode" | "agent" | "terms" | "at" | "expiresAt" | "modifies">;

interface JudgedTicket {
  readonly simulation: Simulation;
  readonly verdict: Verdict;
  readonly ticket: Ticket;
  readonly ticketHash: string;
  /** Puts the facts behind the verdict on record. To be called once; the verdict is written when it has resolved. */
  readonly record: () => Promise<void>;
}

/** Simulation, verdict and ticket of an order from its facts. Throws a Fault when they do not tell what it trades. */
export function judgedTicket(
  deps: Pick<Deps, "inForce" | "approvalRules" | "recorder" | "pricing">,
  { proposalId, mode, agent, terms, at: createdAt, expiresAt, modifies }: ToJudge,
  facts: Facts,
): JudgedTicket {
  const found = instrumentsOf(terms, facts);
  if ("reason" in found) throw new Fault("MARKET_DATA_UNAVAILABLE", found.reason);
  const verdict = judge(terms, facts, deps.inForce);
  const { policy } = deps.inForce;
  const { instruments } = found;
  const demand = demandOf({ mode, rules: deps.approvalRules }, verdict);
  const order = { proposalId, mode, agent, terms, instruments, createdAt, expiresAt, modifies };
  const simulation = simulationOf(terms, facts, deps.pricing(terms.account));
  const record = () => deps.recorder.record({ proposalId, terms, facts, verdict, policy });
  return { simulation, verdict, ...makeTicket({ ...order, verdict, demand }), record };
}

/** The view as the feed brings it back; the same that any other reader sees. */
export async function viewOf(deps: Deps, id: string, sequence: number): Promise<Reply<ProposalView>> {
  await deps.orders.waitFor(sequence, { clock: deps.clock, timeoutMs: FEED_WAIT_MS });
  const view = deps.orders.get(id)?.view;
  // It is written and audited; only our own copy is behind.
  if (view === undefined || view.verdict === null)
    throw new Fault("TIMEOUT", "recorded, but not visible yet; ask again with the same key");
  return ok(view);
}
