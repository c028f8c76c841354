import { departed } from "@countersign/bus/departed";
import { parseUtcText } from "@countersign/clock/clock";
import { type Approvals, approvedUntil, signaturesOf } from "@countersign/contracts/approvals";
import type { KillLevel } from "@countersign/contracts/control";
import { type Denial, denied, Fault, ok } from "@countersign/contracts/denial";
import type { Ticket } from "@countersign/contracts/order";
import type { RPCS } from "@countersign/contracts/subjects";
import type { Verdict } from "@countersign/contracts/verdict";
import type * as z from "zod";
import { changeOf } from "./change-of.ts";
import { type Checked, checkLog } from "./check-log.ts";
import type { SubmitDeps } from "./deps.ts";
import { recordIntent } from "./intent.ts";
import { freshVerdict, inTurn, levelOf, refusalOf } from "./judged.ts";
import { sendOnce } from "./send.ts";
import { verifyApproval } from "./verify-approval.ts";

type Request = z.output<typeof RPCS.submit.request>;
type Reply = z.input<typeof RPCS.submit.reply>;

/** One countersigned order, sent at most once. Every way out before the socket says why; after the socket there is one answer. */
export async function submit(deps: SubmitDeps, request: Request, account: string): Promise<Reply> {
  const { ticketHash, ...approvals } = request;
  const { ticket } = approvals.approval.statement;
  // Seen before the gate judges: a switch that tightens meanwhile makes the verdict too old to rely on.
  const levelBefore = levelOf(deps, ticket).level;
  const haltedBefore = killDenial(deps, ticket);
  const epochBefore = deps.link.hold() === undefined ? deps.link.epoch : undefined;
  // The questions are on their way while the signature is verified; without it no answer counts.
  const asked = Promise.all([
    checkLog(deps.bus, { account, proposal: ticket.proposalId }, approvals),
    epochBefore === undefined || haltedBefore !== undefined ? undefined : freshVerdict(deps, ticket),
  ]);
  asked.catch(() => undefined);
  await departed();
  const nowMs = deps.clock.nowMs();
  const verified = await verifyApproval(deps.roster, { approvals, ticketHash, account, mode: deps.mode, nowMs });
  if (verified.outcome === "denied") return refuse(deps, ticket, verified);
  const [logged, judged] = await asked;
  if ("denial" in logged) return refuse(deps, ticket, logged);
  const barred = haltedBefore ?? killDenial(deps, ticket) ?? accountDenial(deps, account);
  if (barred !== undefined) return refuse(deps, ticket, barred);
  const epoch = requireLink(deps);
  // Facts of the broker that were missing because it could not be asked are no reason to end an approval: it waits.
  if (judged === undefined || epoch !== epochBefore) throw new Fault("BROKER_UNAVAILABLE", "the link to TWS changed");
  if ("denial" in judged) return refuse(deps, ticket, judged);
  const refused = await refusalOf(deps, approvals, judged);
  if (refused !== undefined) return refuse(deps, ticket, refused);
  const messages = ticket.terms.exits === undefined ? 1 : 3;
  for (let count = 0; count < messages; count += 1) await deps.limiter.take("order");
  const reserved = await deps.reserving.take();
  try {
    const verdict = await inTurn(deps, approvals, judged);
    if (verdict.outcome === "denied") return refuse(deps, ticket, verdict);
    const order = { approvals, account, epoch, levelBefore, verdict: verdict.verdict, logged };
    return await deps.sendLane.run(() => send(deps, order, reserved));
  } finally {
    reserved();
  }
}

interface Judged {
  readonly approvals: Approvals;
  readonly account: string;
  readonly epoch: number;
  readonly levelBefore: KillLevel;
  readonly verdict: Verdict;
  readonly logged: Checked;
}

/** From the order id to the socket. `reserved` is called as soon as the intent stands in the log, or never will. */
async function send(deps: SubmitDeps, order: Judged, reserved: () => void): Promise<Reply> {
  const { approvals, account, epoch, levelBefore, verdict, logged } = order;
  const { ticket } = approvals.approval.statement;
  // Waiting for the lane must not cost the approval when the link went away meanwhile.
  if (requireLink(deps) !== epoch) throw new Fault("BROKER_UNAVAILABLE", "the link to TWS changed");
  // The log would refuse a second intent; said here, no record speaks of one that never was.
  if (deps.table.get(ticket.proposalId) !== undefined) return refuse(deps, ticket, denied("APPROVAL_CONSUMED"));
  if (deps.clock.nowMs() >= parseUtcText(approvedUntil(approvals)))
    return refuse(deps, ticket, denied("APPROVAL_EXPIRED", "it expired while it waited for its turn"));
  const changed = ticket.modifies === undefined ? undefined : changeOf(deps, ticket, ticket.modifies);
  if (changed?.outcome === "denied") return refuse(deps, ticket, changed);
  const intent = await recordIntent(deps, { approvals, verdict, account, logged, ids: changed?.ids });
  reserved();
  if (intent.outcome === "denied") return refuse(deps, ticket, intent);
  const { actor } = intent;
  const approvalExpiresAt = approvedUntil(approvals);
  if (changed !== undefined && !(await changed.announce())) {
    const reason = "the order is not working any more";
    await actor.append({ type: "killedNotSent/1", code: "ORDER_CHANGED", reason });
    return refuse(deps, ticket, denied("ORDER_CHANGED"));
  }
  const sent = await sendOnce(deps, {
    ...{ actor, ticket, approvalExpiresAt, epoch, levelBefore },
    byPolicy: signaturesOf(approvals).some(({ statement }) => statement.by === "policy"),
    ...(changed !== undefined && { change: changed }),
  });
  if (sent.outcome === "denied") return sent;
  const { orderRef, orderId } = actor.order;
  return ok({ orderRef, orderId });
}

function killDenial(deps: SubmitDeps, ticket: Ticket): { denial: Denial } | undefined {
  const { level, reason } = levelOf(deps, ticket);
  // REDUCE_ONLY is the gate's to judge: it knows the position, and its verdict passed.
  return level === "HALTED" ? denied("KILL_SWITCH_HALTED", `HALTED: ${reason}`) : undefined;
}

function accountDenial(deps: SubmitDeps, account: string): { denial: Denial } | undefined {
  if (deps.link.state !== "up" || deps.link.accounts.includes(account)) return undefined;
  return denied("ACCOUNT_NOT_PERMITTED", "TWS does not manage this account");
}

/** The link's epoch while orders may be sent; a Fault otherwise. */
function requireLink(deps: SubmitDeps): number {
  const hold = deps.link.hold();
  if (hold === undefined) return deps.link.epoch;
  throw new Fault(hold.code, hold.reason);
}

function refuse(deps: SubmitDeps, ticket: Ticket, refusal: { denial: Denial }): Reply {
  const { code, message } = refusal.denial;
  deps.log.warn({ proposalId: ticket.proposalId, code, untrusted: message }, "submit refused");
  const security = code === "APPROVAL_INVALID" || code === "TICKET_HASH_MISMATCH" || code === "SELF_APPROVAL";
  const kind = security ? "security.refused" : "order.refused";
  deps.audit.record({ kind, correlationId: ticket.proposalId, body: { stage: "submit", code, message } });
  return { outcome: "denied", denial: refusal.denial };
}
