import { parseUtcText } from "@countersign/clock/clock";
import { type Approvals, approvedUntil } from "@countersign/contracts/approvals";
import { Fault } from "@countersign/contracts/denial";
import type { DecisionFact } from "@countersign/contracts/facts/decision-facts.v1";
import type { OrderProjection, OrderRecord } from "@countersign/orders/projection";
import { againEntry, edgeEntry, gapEntry } from "./audit-entries.ts";
import { decide } from "./decision-log.ts";
import { type Deps, now } from "./deps.ts";
import { closeApproved, noteApproved, submitUnsent } from "./submit.ts";
import type { UnsentApproval } from "./unsent-approvals.ts";

/** The orders that time can still change, kept by listening, so that a sweep does not walk over all that ever were. */
export class UndecidedOrders {
  readonly #open = new Map<string, OrderRecord>();

  /** Must be called before the projection is attached to its feed. */
  constructor(orders: Pick<OrderProjection, "onFact">) {
    orders.onFact((record) => {
      const { proposalId, state } = record.view;
      if (state === "PENDING_APPROVAL" || state === "APPROVED") this.#open.set(proposalId, record);
      else this.#open.delete(proposalId);
    });
  }

  list(): OrderRecord[] {
    return [...this.#open.values()];
  }
}

export type Due =
  | { readonly kind: "expirePending"; readonly record: OrderRecord; readonly fact: DecisionFact }
  | { readonly kind: "expireApproved"; readonly unsent: UnsentApproval; readonly fact: DecisionFact };

/** What time has brought about for one order; undefined: nothing yet. */
export function dueOf(record: OrderRecord, nowMs: number, at: string, expiryGraceMs: number): Due | undefined {
  const { view } = record;
  const { proposalId } = view;
  if (view.state === "PENDING_APPROVAL") {
    const deadline = view.ticket?.expiresAt ?? view.expiresAt;
    if (nowMs < parseUtcText(deadline)) return undefined;
    return { kind: "expirePending", record, fact: { type: "expired/1", proposalId, at, deadline } };
  }
  const unsent = unsentOf(record);
  if (unsent === undefined) return undefined;
  const deadline = approvedUntil(unsent.approvals);
  if (nowMs < parseUtcText(deadline) + expiryGraceMs) return undefined;
  return { kind: "expireApproved", unsent, fact: { type: "expired/1", proposalId, at, deadline } };
}

/** The approval of an order that is approved and of which the gateway has written nothing. */
export function unsentOf({ view, facts, sequences }: OrderRecord): UnsentApproval | undefined {
  if (view.state !== "APPROVED" || sequences.exec > 0) return undefined;
  const approved = facts.find((fact) => fact.type === "approved/1");
  return (
    approved && { approvals: approvalsOf(approved), at: approved.at, sequence: sequences.decision, audited: false }
  );
}

function approvalsOf({ approval, cosignature }: Approvals): Approvals {
  return cosignature === undefined ? { approval } : { approval, cosignature };
}

/** One round: expire what is over, send what could not be sent, tell the audit what it missed. */
export async function sweep(deps: Deps, undecided: UndecidedOrders): Promise<void> {
  const nowMs = deps.clock.nowMs();
  const jobs = undecided.list().flatMap((record) => {
    const due = dueOf(record, nowMs, now(deps), deps.config.expiryGraceMs);
    return due === undefined ? [] : [expire(deps, due)];
  });
  for (const [proposalId, unsent] of deps.unsent.waiting()) jobs.push(resume(deps, proposalId, unsent));
  const done = await Promise.allSettled(jobs);
  for (const result of done) if (result.status === "rejected") deps.log.sweepFailed(result.reason);
  for (const fact of deps.late.due(deps.clock.monotonicMs())) void deps.outbox.note(againEntry(fact));
  await deps.outbox.flush((dropped) => gapEntry(now(deps), dropped));
}

async function expire(deps: Deps, due: Due): Promise<void> {
  const { fact } = due;
  await deps.unsent.alone(fact.proposalId, async () => {
    const waiting = deps.unsent.forget(fact.proposalId);
    if (due.kind === "expireApproved") {
      const closed = await closeApproved(deps, due.unsent, fact);
      // Somebody else has used it: what the audit has not heard of it is told all the same.
      if (!closed && waiting !== undefined) noteApproved(deps, waiting);
      return;
    }
    const decided = await decide(deps, due.record.view.account, fact, {
      decision: due.record.sequences.decision,
    });
    if (decided.outcome === "decided") await deps.outbox.note(edgeEntry(fact));
  });
}

/** Hands an approval to the gateway again while it is valid. The gateway's first fact makes a second one harmless. */
async function resume(deps: Deps, proposalId: string, unsent: UnsentApproval): Promise<void> {
  await deps.unsent.alone(proposalId, async () => {
    deps.unsent.forget(proposalId);
    const state = deps.orders.get(proposalId)?.view.state ?? "APPROVED";
    // Our copy of the log is behind our own approval: it waits for the next round.
    if (state === "PENDING_APPROVAL") return deps.unsent.add(proposalId, unsent);
    if (state !== "APPROVED") return noteApproved(deps, unsent);
    // Over, and not known to be unused: whatever comes of it, the audit must hear that it was given.
    if (deps.clock.nowMs() >= parseUtcText(approvedUntil(unsent.approvals))) return deps.unsent.add(proposalId, unsent);
    if (!unsent.audited && !(await auditAgain(deps, proposalId, unsent))) return;
    await submitUnsent(deps, unsent);
  });
}

async function auditAgain(deps: Deps, proposalId: string, unsent: UnsentApproval): Promise<boolean> {
  const { approvals, at } = unsent;
  try {
    await deps.bus.audit(edgeEntry({ type: "approved/1", proposalId, at, ...approvals }));
    unsent.audited = true;
    return true;
  } catch (error) {
    deps.log.auditFailed(proposalId, error instanceof Fault ? error : String(error));
    deps.unsent.add(proposalId, unsent);
    return false;
  }
}

/** At start: what was approved and never reached the gateway is submitted again. */
export function adoptUnsent(deps: Pick<Deps, "unsent" | "clock">, undecided: UndecidedOrders): number {
  let count = 0;
  for (const record of undecided.list()) {
    const unsent = unsentOf(record);
    if (unsent === undefined || deps.clock.nowMs() >= parseUtcText(approvedUntil(unsent.approvals))) continue;
    deps.unsent.add(record.view.proposalId, unsent);
    count += 1;
  }
  return count;
}
