import type { Bus } from "@countersign/bus/bus";
import { type Clock, utcText } from "@countersign/clock/clock";
import { denied, Fault, ok, type Reply } from "@countersign/contracts/denial";
import type { ProposedFact } from "@countersign/contracts/facts/proposal-facts.v1";
import { isTerminal } from "@countersign/contracts/life";
import type { Mode } from "@countersign/contracts/mode";
import type { ProposalView } from "@countersign/contracts/proposal-view";
import { RPCS } from "@countersign/contracts/subjects";
import { canonicalHash } from "@countersign/ids/hash";
import { proposalId } from "@countersign/ids/ids";
import type { OrderProjection, OrderRecord } from "@countersign/orders/projection";
import type * as z from "zod";
import type { RiskGateConfig } from "./config.ts";
import { simulationOf } from "./cost-model.ts";
import type { FactGatherer } from "./facts/gather.ts";
import { judge } from "./judge.ts";
import type { PolicyInForce } from "./policy.ts";
import { ProposalLog } from "./proposal-log.ts";
import { makeTicket } from "./ticket.ts";

type Request = z.output<typeof RPCS.propose.request>;
type Proposed = z.output<typeof ProposedFact>;

export interface ProposeDeps {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly mode: Mode;
  readonly config: RiskGateConfig;
  readonly inForce: PolicyInForce;
  readonly gatherer: FactGatherer;
  readonly orders: OrderProjection;
  /** Proposals that this process is judging now. */
  readonly judging: Set<string>;
}

/** How long a caller waits for a fact that was written to come back through the feed. */
const FEED_WAIT_MS = 3_000;

/** Records, simulates and judges one proposal. The same key with the same content is the same proposal, at any time and from any process. */
export async function propose(deps: ProposeDeps, request: Request): Promise<Reply<ProposalView>> {
  const { terms, agent, idempotencyKey, rationale } = request;
  const id = proposalId({ account: terms.account, agent, idempotencyKey });
  const contentHash = canonicalHash({ terms, rationale });
  const stored = deps.orders.get(id);
  if (stored !== undefined) return again(deps, id, contentHash);
  const refusal = await precondition(deps, request);
  if (refusal !== undefined) return refusal;
  const nowMs = deps.clock.nowMs();
  const proposed: Proposed = {
    type: "proposed/1",
    proposalId: id,
    at: utcText(nowMs),
    mode: deps.mode,
    agent,
    idempotencyKey,
    contentHash,
    terms,
    rationale,
    expiresAt: utcText(nowMs + deps.config.proposalTtlSeconds * 1_000),
  };
  deps.judging.add(id);
  try {
    return await recordAndJudge(deps, proposed);
  } finally {
    deps.judging.delete(id);
  }
}

/** The proposal is recorded while its facts are gathered; a second writer of the same proposal sees the first. */
async function recordAndJudge(deps: ProposeDeps, proposed: Proposed): Promise<Reply<ProposalView>> {
  const { terms, agent, contentHash, proposalId: id } = proposed;
  const log = new ProposalLog(deps.bus, { account: terms.account, proposal: id }, { agent, sequence: 0 });
  const facts = deps.gatherer.gather(terms, agent, { whatIf: "fresh" });
  facts.catch(() => undefined);
  const [outcome] = await Promise.all([log.append(proposed), log.audit(proposed, { contentHash, agent })]);
  if (outcome === "conflict") return again(deps, id, contentHash);
  return finish(deps, proposed, log, await facts);
}

/** What must hold before anything is recorded: the instrument exists, and the agent has room for one more. */
async function precondition(deps: ProposeDeps, { terms, agent }: Request): Promise<Reply<ProposalView> | undefined> {
  const contract = await deps.bus.request(RPCS.contract, { conid: terms.conid });
  if (contract.outcome === "denied") return contract;
  if ((terms.orderType === "LMT") !== (terms.limitPrice !== null)) return denied("LIMIT_PRICE_REQUIRED");
  const open = deps.orders
    .list()
    .filter(({ view }) => view.agent === agent && view.state === "PENDING_APPROVAL").length;
  const { openProposalsPerAgentMax } = deps.config;
  if (open >= openProposalsPerAgentMax) {
    return denied(
      "TOO_MANY_OPEN_PROPOSALS",
      `${open} proposals wait for a person; at most ${openProposalsPerAgentMax}`,
    );
  }
  return undefined;
}

/** From the recorded proposal to its verdict: simulated, then admitted or denied, each its own append. */
export async function finish(
  deps: ProposeDeps,
  proposed: Proposed,
  log: ProposalLog,
  gathered?: Awaited<ReturnType<FactGatherer["gather"]>>,
): Promise<Reply<ProposalView>> {
  const { terms, agent } = proposed;
  const facts = gathered ?? (await deps.gatherer.gather(terms, agent, { whatIf: "fresh" }));
  if (facts.instrument.state === "missing") throw new Fault("MARKET_DATA_UNAVAILABLE", facts.instrument.reason);
  const base = { proposalId: proposed.proposalId, at: facts.at };
  const simulation = simulationOf(terms, facts);
  const verdict = judge(terms, facts, deps.inForce);
  const { ticket, ticketHash } = makeTicket({
    ...{ proposalId: proposed.proposalId, mode: proposed.mode, agent, terms, verdict },
    instrument: facts.instrument.value,
    createdAt: proposed.at,
    expiresAt: proposed.expiresAt,
  });
  const judged = { ...base, verdict, ticket, ticketHash };
  const last =
    verdict.outcome === "pass"
      ? ({ type: "admitted/1", ...judged } as const)
      : ({ type: "riskDenied/1", ...judged } as const);
  const simulated = { type: "simulated/1", ...base, simulation } as const;
  const audited = Promise.all([
    log.audit(simulated, {}),
    log.audit(last, {
      ticketHash,
      verdictHash: ticket.verdictHash,
      inputsHash: verdict.inputsHash,
      policyHash: verdict.policyHash,
    }),
  ]);
  audited.catch(() => undefined);
  for (const fact of [simulated, last]) {
    if ((await log.append(fact)) === "conflict") return again(deps, proposed.proposalId, proposed.contentHash);
  }
  await audited;
  return viewOf(deps, proposed.proposalId, log.sequence);
}

/** The key is known: the stored proposal if the content is the same, else an error. Waits for a verdict that is on its way. */
async function again(deps: ProposeDeps, id: string, contentHash: string): Promise<Reply<ProposalView>> {
  const deadlineMs = deps.clock.monotonicMs() + FEED_WAIT_MS;
  while (true) {
    const record = deps.orders.get(id);
    const proposed = record?.facts[0];
    if (proposed?.type === "proposed/1" && proposed.contentHash !== contentHash)
      return denied("IDEMPOTENCY_KEY_REUSED");
    if (record !== undefined && record.view.verdict !== null) return ok(record.view);
    // Recorded, and nobody here is judging it: the first call failed half way, and this one completes it.
    if (proposed?.type === "proposed/1" && record !== undefined && !deps.judging.has(id))
      await resume(deps, proposed, record);
    if (deps.clock.monotonicMs() > deadlineMs)
      throw new Fault("BUSY", "the first call with this key is still being judged");
    await deps.clock.sleep(5);
  }
}

async function viewOf(deps: ProposeDeps, id: string, sequence: number): Promise<Reply<ProposalView>> {
  await deps.orders.waitFor(sequence, { clock: deps.clock, timeoutMs: FEED_WAIT_MS });
  const view = deps.orders.get(id)?.view;
  // It is written and audited; only our own copy is behind.
  if (view === undefined || view.verdict === null)
    throw new Fault("TIMEOUT", "recorded, but not visible yet; ask again with the same key");
  return ok(view);
}

/** Completes what a crash left between its proposal and its verdict. */
export async function resumeUnjudged(
  deps: ProposeDeps,
  onFailed: (id: string, error: unknown) => void,
): Promise<number> {
  const open = deps.orders.list().filter(({ view }) => !isTerminal(view.state) && view.verdict === null);
  for (const record of open) {
    const proposed = record.facts[0];
    if (proposed?.type !== "proposed/1") continue;
    await resume(deps, proposed, record).catch((error: unknown) => onFailed(record.view.proposalId, error));
  }
  return open.length;
}

/** Completes one that is recorded and not judged, from whichever edge it stopped at. */
async function resume(deps: ProposeDeps, proposed: Proposed, record: OrderRecord): Promise<void> {
  const key = { account: proposed.terms.account, proposal: proposed.proposalId };
  const log = new ProposalLog(deps.bus, key, { agent: proposed.agent, sequence: record.sequences.proposal });
  deps.judging.add(proposed.proposalId);
  try {
    await (record.view.simulation === null ? finish(deps, proposed, log) : judgeSimulated(deps, proposed, log));
  } finally {
    deps.judging.delete(proposed.proposalId);
  }
}

async function judgeSimulated(deps: ProposeDeps, proposed: Proposed, log: ProposalLog): Promise<void> {
  const facts = await deps.gatherer.gather(proposed.terms, proposed.agent, { whatIf: "fresh" });
  if (facts.instrument.state === "missing") throw new Fault("MARKET_DATA_UNAVAILABLE", facts.instrument.reason);
  const verdict = judge(proposed.terms, facts, deps.inForce);
  const { agent, mode, terms } = proposed;
  const times = { createdAt: proposed.at, expiresAt: proposed.expiresAt };
  const made = makeTicket({
    proposalId: proposed.proposalId,
    mode,
    agent,
    terms,
    verdict,
    instrument: facts.instrument.value,
    ...times,
  });
  const type = verdict.outcome === "pass" ? "admitted/1" : "riskDenied/1";
  const fact = { type, proposalId: proposed.proposalId, at: facts.at, verdict, ...made } as const;
  await Promise.all([log.append(fact), log.audit(fact, { ticketHash: made.ticketHash })]);
}
