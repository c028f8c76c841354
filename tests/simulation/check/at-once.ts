import type { AuditEntry } from "@countersign/contracts/audit";
import type { KillLevel } from "@countersign/contracts/control";
import type { DecisionFact } from "@countersign/contracts/facts/decision-facts.v1";
import type { ExecFact } from "@countersign/contracts/facts/exec-facts.v1";
import type { SignedApproval } from "@countersign/contracts/order";
import { FACTS } from "@countersign/contracts/subjects";
import { canonicalHash } from "@countersign/ids/hash";
import type { Stored } from "../fakes/jetstream.ts";
import type { OrderToSend } from "../gateway-types.ts";
import { checkEntry, checkExit, executionsOf } from "./brackets.ts";
import { checkChange, writtenAs } from "./changes.ts";
import { checkByPolicy, checkLedger } from "./policy.ts";
import type { TrueOrder, Truth } from "./truth.ts";

/** The longest that a process may rely on a kill switch that it has not heard from. */
const KILL_KNOWN_WITHIN_MS = 1_500;

type Report = (invariant: string, what: string) => void;

export interface Written {
  readonly process: object;
  readonly order: OrderToSend;
  /** What its process has not read since it last missed something; empty: nothing. */
  readonly unread: readonly string[];
  readonly atMs: number;
  readonly wallMs: number;
  /** By how much the clock of the writing process is off. */
  readonly wallOffsetMs: number;
}

/** What must hold at the moment in which an order's bytes leave. */
export function checkWritten(
  truth: Truth,
  { process, order, unread, atMs, wallMs, wallOffsetMs }: Written,
  report: Report,
): void {
  const named = truth.byRef.get(order.orderRef);
  if (named === undefined) {
    report("I2", `an order leaves that nobody knows: ${order.orderRef}`);
    return;
  }
  if (named.exits.some(({ orderRef }) => orderRef === order.orderRef)) {
    checkExit(named, { process, order, atMs }, report);
    return;
  }
  const known = writtenAs(truth, named, order, report);
  if (known === undefined) return;
  known.written += 1;
  checkEntry(known, { process, order, atMs }, report);
  const { ticket } = known;
  const name = ticket.proposalId;
  if (known.written > 1) report("I1", `${name} is written to the socket ${known.written} times`);
  if (!isAsApproved(known, order)) report("I2", `${name} leaves with other terms than were signed`);
  const last = known.decisions.at(-1)?.fact;
  if (last?.type !== "approved/1") report("I2", `${name} leaves and its last decision is ${last?.type ?? "none"}`);
  else {
    const { approval } = last;
    if (approval.statement.ticketHash !== known.ticketHash) report("I2", `${name} leaves by another ticket's approval`);
    if (!isSigned(truth, known, approval)) report("I2", `${name} leaves and no person has signed it`);
    if (approval.statement.approver === ticket.agent) report("I2", `${name} is approved by its proposer`);
    const untilMs = Date.parse(approval.statement.expiresAt);
    if (wallMs >= untilMs && wallOffsetMs === 0) report("I2", `${name} leaves after its approval is over`);
  }
  if (unread.length > 0) report("X8", `${name} leaves before this was read: ${unread.join(", ")}`);
  checkIntent(truth, known, order, report);
  if (truth.knewHalted(process, known)) report("I7", `${name} leaves a process that knew of the kill switch`);
  checkKill(truth, known, atMs, report);
}

/** By a person, or by the policy's own key in the name of the policy. */
function isSigned({ signedByPolicy }: Truth, { signed }: TrueOrder, approval: SignedApproval): boolean {
  if (!("signature" in approval)) return false;
  return approval.statement.by === "policy" ? signedByPolicy.has(approval.signature) : signed.has(approval.signature);
}

/** The record says policy where a policy decided, and never where it did not. */
export function checkRecord({ actor, body, correlationId }: AuditEntry, report: Report): void {
  const fact = body.fact as DecisionFact | undefined;
  if (fact?.type !== "approved/1") return;
  if ((fact.approval.statement.by === "policy") !== (actor.kind === "policy"))
    report("P4", `${correlationId} is on record as approved by ${actor.kind} ${actor.id}`);
}

/** A policy may do nothing unless everything is ACTIVE; a person may still reduce. */
function stops(known: TrueOrder, level: KillLevel | undefined): boolean {
  const last = known.decisions.at(-1)?.fact;
  const byPolicy = last?.type === "approved/1" && last.approval.statement.by === "policy";
  return level === "HALTED" || (byPolicy && level === "REDUCE_ONLY");
}

function isAsApproved({ ticket }: TrueOrder, sent: OrderToSend): boolean {
  const { terms } = ticket;
  const limit = "limitPrice" in terms ? terms.limitPrice : null;
  const same = sent.side === terms.side && sent.quantity === terms.quantity && sent.orderType === terms.orderType;
  return same && sent.account === terms.account && sent.contract.conid === terms.conid && sent.limitPrice === limit;
}

function checkIntent(truth: Truth, known: TrueOrder, order: OrderToSend, report: Report): void {
  const { proposalId } = known.ticket;
  const intent = known.exec[0]?.fact;
  if (intent?.type !== "intent/1") {
    report("I3", `${proposalId} leaves without an intent in its log`);
    return;
  }
  if (intent.orderRef !== order.orderRef || intent.orderId !== order.orderId) {
    report("I3", `${proposalId} leaves under other names than its intent has`);
  }
  const approved = known.decisions.at(-1)?.fact;
  if (approved?.type === "approved/1" && intent.approvalHash !== canonicalHash(approved.approval)) {
    report("I2", `${proposalId} leaves by another approval than stands in the log`);
  }
  const recorded = truth.audited.get(proposalId)?.some(({ entry }) => entry.body.to === "INTENT") ?? false;
  if (!recorded) report("I11", `${proposalId} leaves and the audit has no intent`);
}

function checkKill(truth: Truth, known: TrueOrder, atMs: number, report: Report): void {
  const { proposalId } = known.ticket;
  const claim = truth.claims.get(proposalId);
  if (claim === undefined || claim.claim.purpose !== "send") {
    report("I7", `${proposalId} leaves without a claim`);
    return;
  }
  const newest = truth.epochs.findLast(({ sequence }) => sequence < claim.sequence);
  if (newest?.epoch.epoch !== claim.claim.writerEpoch)
    report("I7", `${proposalId} was claimed by a writer that is replaced`);
  for (const settings of truth.killsOf(known)) {
    const before = settings.findLast(({ sequence }) => sequence < claim.sequence);
    if (stops(known, before?.level)) report("I7", `${proposalId} was claimed although it was ${before?.level}`);
    const last = settings.at(-1);
    const halted = last !== undefined && stops(known, last.level) && atMs - last.atMs > KILL_KNOWN_WITHIN_MS;
    if (halted) report("I7", `${proposalId} leaves ${atMs - last.atMs} ms after the kill switch`);
  }
}

const NOT_SENT = ["killedNotSent/1", "expired/1", "voided/1", "rejected/1", "withdrawn/1"];

/** What must hold of each fact in the moment in which it is stored. */
export function checkStored(truth: Truth, { subject }: Stored, report: Report): void {
  if (subject === FACTS.ledger.subject) checkLedger(truth, report);
  const [, , , proposal = "", facet] = subject.split(".");
  const order = truth.orders.get(proposal);
  if (order === undefined || order.tampered) return;
  if (facet === "proposal") checkReduction(order, report);
  if (facet !== "decision" && facet !== "exec") return;
  const log = facet === "exec" ? order.exec : order.decisions;
  const fact = log.at(-1)?.fact;
  if (fact === undefined) return;
  if (NOT_SENT.includes(fact.type) && order.written > 0)
    report("I8", `${proposal} is ${fact.type} and was written to the socket`);
  if (facet === "exec") checkExec(truth, order, fact as ExecFact, report);
  else if (fact.type === "approved/1" && order.decisions.length > 1)
    report("I2", `${proposal} is approved after another decision`);
  else if (fact.type === "approved/1" && fact.approval.statement.ticketHash !== order.ticketHash)
    report("I2", `${proposal} is approved with another ticket than the newest`);
  else if (order.exec.length > 0) report("I8", `${proposal} is ${fact.type} although its approval was used`);
  if (fact.type !== "approved/1") return;
  const { policy } = fact.approval.statement;
  if (policy !== undefined) checkByPolicy(truth, order, policy.hash, report);
}

/** What a person asked for may only be less, and only as long as nobody has decided. */
function checkReduction({ ticket, reduced, decisions }: TrueOrder, report: Report): void {
  if (reduced === undefined) return;
  const { terms: after, proposalId: name } = ticket;
  const { terms: before } = reduced;
  if (decisions.length > 0) report("R1", `${name} is made smaller after it was decided`);
  if (Number(after.quantity) > Number(before.quantity)) report("R2", `${name} is made larger: ${after.quantity}`);
  const way = after.side === "BUY" ? 1 : -1;
  if (way * (limitOf(after) - limitOf(before)) > 0) report("R2", `${name} is given a looser limit`);
}

function limitOf(terms: TrueOrder["ticket"]["terms"]): number {
  return "limitPrice" in terms ? Number(terms.limitPrice) : 0;
}

function checkExec(truth: Truth, order: TrueOrder, fact: ExecFact, report: Report): void {
  const { proposalId } = order.ticket;
  const first = order.exec.length === 1;
  if (first !== (fact.type === "intent/1")) report("I3", `${proposalId}: ${fact.type} as fact ${order.exec.length}`);
  checkChange(order, report);
  if (fact.type === "intent/1" && fact.modifies !== undefined) {
    const changed = truth.orders.get(fact.modifies)?.exec[0]?.fact;
    const same = changed?.type === "intent/1" && changed.orderId === fact.orderId && changed.orderRef === fact.orderRef;
    if (!same) report("I9", `${proposalId} has not the ids of the order that it changes`);
    return;
  }
  if (fact.type === "intent/1") {
    const id = `${fact.clientId} ${fact.orderId}`;
    const other = truth.orderIds.get(id);
    if (other !== undefined) report("I9", `${proposalId} and ${other} share order id ${fact.orderId}`);
    truth.orderIds.set(id, proposalId);
    for (const exit of fact.legs ?? []) {
      const same = truth.orderIds.get(`${fact.clientId} ${exit.orderId}`);
      if (same !== undefined) report("I9", `${proposalId} and ${same} share order id ${exit.orderId}`);
      truth.orderIds.set(`${fact.clientId} ${exit.orderId}`, proposalId);
    }
    return;
  }
  const said = fact.type === "leg/1" ? fact.fact : fact;
  if (!("execution" in said)) return;
  const { execId } = said.execution;
  if (executionsOf({ ...order, exec: order.exec.slice(0, -1) }).has(execId))
    report("I5", `${proposalId}: execution ${execId} is recorded twice`);
}
