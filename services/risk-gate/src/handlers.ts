import { departed } from "@countersign/bus/departed";
import { PreparedReply } from "@countersign/bus/prepared-reply";
import { denied, Fault, ok } from "@countersign/contracts/denial";
import type { OrderTerms } from "@countersign/contracts/order";
import { combinationRefusal } from "@countersign/contracts/order-check";
import { RPCS } from "@countersign/contracts/subjects";
import { simulationOf } from "./costs/estimate.ts";
import { DecisionReader } from "./decisions/reader.ts";
import { judgedFile } from "./decisions/serve-file.ts";
import type { Deps } from "./deps.ts";
import { envelope } from "./envelope.ts";
import { alternativesTo } from "./explain/alternatives.ts";
import { roundedTerms } from "./facts/round-terms.ts";
import { haltedRefusal } from "./halted.ts";
import { judge } from "./judge.ts";
import { limitLines } from "./limit-lines.ts";
import { propose } from "./propose.ts";
import { getProposal, listProposals } from "./queries.ts";
import { reduce } from "./reduce/reduce.ts";

/** How long a verdict waits for the orders that it must count; shorter than its callers wait for the verdict. */
const VIEW_WAIT_MS = 1_200;

/** What this service answers. */
export const SERVED = [
  RPCS.propose,
  RPCS.reduce,
  RPCS.preview,
  RPCS.verdict,
  RPCS.envelope,
  RPCS.limits,
  RPCS.judgedFile,
  RPCS.getProposal,
  RPCS.listProposals,
] as const;

export function serveRiskGate(deps: Deps): void {
  const { bus, gatherer, inForce, orders, control } = deps;
  bus.serve(RPCS.propose, (request) => propose(deps, request));
  bus.serve(RPCS.reduce, (request) => reduce(deps, request));
  bus.serve(RPCS.preview, async ({ agent, terms: asked, rounding, notional = null }) => {
    const refusal = combinationRefusal(asked);
    if (refusal !== undefined) return denied(refusal.code, refusal.message, { field: refusal.field });
    const halted = haltedRefusal(control, { agent, terms: asked });
    if (halted !== undefined) return halted;
    const described = await gatherer.instruments(asked);
    if (described.outcome === "denied") return described;
    const terms = roundedTerms(asked, described.value, rounding);
    const facts = await gatherer.gather(terms, agent, { whatIf: "fresh", claim: { notional } });
    const verdict = judge(terms, facts, inForce);
    const twinsOf = (one: OrderTerms) => deps.history.twinsOf({ terms: one });
    const alternatives = alternativesTo(terms, facts, { inForce, verdict, twinsOf }) ?? null;
    return ok({ simulation: simulationOf(terms, facts, deps.pricing(terms.account)), verdict, alternatives });
  });
  bus.serve(RPCS.verdict, async ({ ticket, afterSequence }) => {
    if (ticket.mode !== deps.mode)
      return denied("APPROVAL_INVALID", `the ticket is of mode ${ticket.mode}, this is ${deps.mode}`);
    const halted = haltedRefusal(control, ticket);
    if (halted !== undefined) return halted;
    // Without what the orders before it reserve, a limit would be judged as if they were not there.
    if (!(await orders.waitFor(afterSequence, { clock: deps.clock, timeoutMs: VIEW_WAIT_MS })))
      throw new Fault("UNAVAILABLE", "the gate does not know the orders up to there yet");
    const { proposalId, terms, agent, modifies } = ticket;
    const facts = await gatherer.gather(terms, agent, { whatIf: "recent", proposalId, modifies });
    const verdict = judge(terms, facts, inForce);
    // It goes into the log of the order, and nothing goes there before its facts are on record.
    const recorded = deps.recorder.record({ proposalId, terms, facts, verdict, policy: inForce.policy });
    // Whoever waits for it below hears of a failure; the simulation and the answer are made while the store writes.
    recorded.catch(() => undefined);
    await departed();
    const simulation = simulationOf(terms, facts, deps.pricing(terms.account));
    const reply = PreparedReply.fixed(RPCS.verdict, ok({ verdict, simulation }));
    await recorded;
    return reply;
  });
  bus.serve(RPCS.envelope, (request) => envelope(deps, request));
  bus.serve(RPCS.limits, async ({ account }) => {
    if (!inForce.policy.accounts.includes(account)) return denied("ACCOUNT_NOT_PERMITTED");
    return ok({ account, policyHash: inForce.hash, limits: limitLines(inForce.policy, { mode: deps.mode, account }) });
  });
  const reader = new DecisionReader(bus);
  bus.serve(RPCS.judgedFile, (request) => judgedFile({ orders, reader }, request));
  bus.serve(RPCS.getProposal, async (request) => getProposal(orders, request));
  bus.serve(RPCS.listProposals, async (request) => listProposals(orders, request));
}
