import { parseUtcText } from "@countersign/clock/clock";
import { conidsOf } from "@countersign/contracts/combo";
import type { AssessedFact } from "@countersign/contracts/facts/policy-facts.v1";
import type { Ticket } from "@countersign/contracts/order";
import { canonicalHash } from "@countersign/ids/hash";
import type { OrderRecord } from "@countersign/orders/projection";
import type { Assessment } from "./assess.ts";
import type { AssessInput } from "./check.ts";
import { documentNow, type PolicyDeps } from "./deps.ts";
import type { gatherForPolicy } from "./gather.ts";
import { isSameWord, type Ledger } from "./ledger.ts";

/**
 * It waits for a decision, was proposed after the mode was chosen, and nobody has made it smaller: what lay there before,
 * and what a person has in hand, is for people.
 */
export function isDue({ view, facts }: OrderRecord, ticket: Ticket, { mode, since }: Ledger): boolean {
  if (mode === "off" || since === undefined || view.state !== "PENDING_APPROVAL") return false;
  if ((view.reductions ?? []).length > 0) return false;
  if (parseUtcText(ticket.createdAt) < parseUtcText(since.at)) return false;
  // Assessed and left to a person: it stays with that person. Approved and not yet recorded: a crash came between.
  const last = facts.findLast((fact) => fact.type === "assessed/1");
  return last === undefined || (last.outcome === "approve" && last.mode === "on");
}

export function inputOf(
  deps: PolicyDeps,
  { ticket, record }: { ticket: Ticket; record: OrderRecord },
  gathered: Awaited<ReturnType<typeof gatherForPolicy>>,
  ledger: Ledger,
): AssessInput {
  const demand = deps.demandFor(record);
  const { account } = ticket.terms;
  const scopes = { account, agent: ticket.agent, conids: conidsOf(ticket.terms) };
  const kill = deps.control.level(scopes);
  const autoOff = deps.control.autoOff(scopes) ?? deps.console.absence();
  const { throttle } = deps.config.autoApproval;
  const document = documentNow(deps);
  const standing = { mode: deps.mode, document, ledger, kill, autoOff };
  return { ticket, ...standing, ...gathered, demand, throttle, nowMs: deps.clock.nowMs() };
}

/** Whether nobody has chosen the mode since; the order's own use, which may turn it off for those that follow, is no such word. */
export function stillStands(before: Ledger, now: Ledger, proposalId: string): boolean {
  return now.since?.type === "used/1" ? now.since.proposalId === proposalId : isSameWord(before, now);
}

/** The ledger as if this proposal had used nothing of it. */
export function without(ledger: Ledger, proposalId: string): Ledger {
  return { ...ledger, uses: ledger.uses.filter((use) => use.proposalId !== proposalId) };
}

export function factOf(
  { ticket, ledger, document, facts }: AssessInput,
  assessment: Assessment,
  at: string,
): AssessedFact {
  return {
    type: "assessed/1",
    proposalId: ticket.proposalId,
    at,
    mode: ledger.mode === "on" ? "on" : "shadow",
    policy: document.state === "none" ? null : (document.ref ?? null),
    ...assessment,
    factsHash: "missing" in facts ? null : canonicalHash(facts),
  };
}
