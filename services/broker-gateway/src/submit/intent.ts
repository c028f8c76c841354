import { departed } from "@countersign/bus/departed";
import { utcText } from "@countersign/clock/clock";
import type { Approvals } from "@countersign/contracts/approvals";
import { type Denial, denied, Fault } from "@countersign/contracts/denial";
import { FACTS } from "@countersign/contracts/subjects";
import type { Verdict } from "@countersign/contracts/verdict";
import { canonicalHash } from "@countersign/ids/hash";
import { legRef, orderRef } from "@countersign/ids/ids";
import type { Record } from "../audit/audit-trail.ts";
import type { IntentFact } from "../fold/exec-state.ts";
import type { OrderActor } from "../orders/order-actor.ts";
import type { ChangedIds } from "./change-of.ts";
import type { Checked } from "./check-log.ts";
import type { SubmitDeps } from "./deps.ts";
import { voidIntent } from "./void-intent.ts";

/** After this an append that was sent has arrived or never will, if the server was there. */
const LATE_APPEND_MS = 5_000;
const LOOKS_UNTIL_NEVER = 2;

export type IntentOutcome =
  | { readonly outcome: "recorded"; readonly actor: OrderActor }
  | { readonly outcome: "denied"; readonly denial: Denial };

interface ToRecord {
  readonly approvals: Approvals;
  readonly verdict: Verdict;
  readonly account: string;
  /** What the order's logs said when they were checked: a void or another decision since then wins. */
  readonly logged: Checked;
  /** Of the order that is changed; undefined: a new order, with ids of its own. */
  readonly ids?: ChangedIds | undefined;
}

/**
 * Consumes the approval and fixes order id and reference in one append, while the audit takes the same. Both must hold
 * before anything else happens. An intent without its audit record is voided and never sent.
 */
export async function recordIntent(deps: SubmitDeps, input: ToRecord): Promise<IntentOutcome> {
  const { account, logged } = input;
  const intent = intentOf(deps, input);
  const { terms, agent, instrument } = input.approvals.approval.statement.ticket;
  const auditing = deps.audit.confirm(recordOf(intent));
  auditing.catch(() => undefined);
  await departed();
  const [appended, audited] = await Promise.allSettled([
    deps.execLog.append(account, intent, 0, logged.orderSequence),
    auditing,
  ]);
  if (appended.status === "rejected") {
    settleLater(deps, input, intent);
    throw new Fault("STORE_REFUSED", "the intent was not confirmed, so nothing was sent", { cause: appended.reason });
  }
  if (appended.value.outcome === "conflict")
    return appended.value.found === undefined
      ? denied("APPROVAL_INVALID", "another decision came before the intent")
      : denied("APPROVAL_CONSUMED");
  const actor = deps.table.open(intent, { account, agent, terms, instrument }, appended.value.sequence);
  if (audited.status === "fulfilled") return { outcome: "recorded", actor };
  // It stands in the log, so the audit gets it as soon as it can.
  deps.audit.record(recordOf(intent));
  await voidIntent(deps, actor, "the audit did not confirm the intent");
  throw new Fault("AUDIT_UNAVAILABLE", undefined, { cause: audited.reason });
}

/**
 * An append that was not confirmed may still have arrived, or arrive as soon as the server is back: then its intent must not
 * stay open. Looked for until the log has answered twice that it is not there.
 */
function settleLater(deps: SubmitDeps, input: { approvals: Approvals; account: string }, intent: IntentFact): void {
  const { account } = input;
  const { terms, agent, instrument } = input.approvals.approval.statement.ticket;
  let notThere = 0;
  const look = async () => {
    const last = await deps.bus.readLast(FACTS.exec, { account, proposal: intent.proposalId });
    if (last === undefined) notThere += 1;
    if (last === undefined && notThere < LOOKS_UNTIL_NEVER) later();
    if (last === undefined || canonicalHash(last.body) !== canonicalHash(intent)) return;
    deps.audit.record(recordOf(intent));
    const actor = deps.table.open(intent, { account, agent, terms, instrument }, last.sequence);
    // What the control stream cannot say now, the reconciliation asks again.
    await voidIntent(deps, actor, "the intent was not confirmed in time").catch(notSettled);
  };
  const notSettled = (error: unknown) => deps.log.error({ error: String(error) }, "late intent not settled yet");
  const lookAgain = (error: unknown) => {
    notSettled(error);
    later();
  };
  const later = () => void deps.clock.setTimeout(() => void look().catch(lookAgain), LATE_APPEND_MS);
  later();
}

function recordOf(intent: IntentFact): Record {
  const body = { from: "APPROVED", to: "INTENT", fact: intent };
  return { kind: "order.edge", correlationId: intent.proposalId, body };
}

function intentOf(deps: SubmitDeps, { approvals, verdict, logged, ids }: ToRecord): IntentFact {
  const { ticket, ticketHash } = approvals.approval.statement;
  return {
    type: "intent/1",
    proposalId: ticket.proposalId,
    at: utcText(deps.clock.nowMs()),
    ticketHash,
    approvalHash: logged.approvalHash,
    verdict,
    ...(ids ?? { orderRef: orderRef(ticketHash), orderId: deps.orderIds.take(), clientId: deps.link.clientId }),
    writerEpoch: deps.writerEpoch,
    reserved: null,
    ...(ids === undefined && ticket.terms.exits !== undefined && { legs: legsOf(deps, ticketHash) }),
  };
}

/** The exits of a bracket, with ids above the entry's: TWS must have seen the parent first. */
function legsOf(deps: SubmitDeps, ticketHash: string): NonNullable<IntentFact["legs"]> {
  return (["takeProfit", "stopLoss"] as const).map((leg) => {
    return { leg, orderRef: legRef(ticketHash, leg), orderId: deps.orderIds.take() };
  });
}
