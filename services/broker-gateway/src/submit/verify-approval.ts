import { parseUtcText } from "@countersign/clock/clock";
import { type Approvals, signaturesOf } from "@countersign/contracts/approvals";
import { namesItsTerms } from "@countersign/contracts/combo";
import { demandOfTicket } from "@countersign/contracts/demand";
import { type Denial, denied } from "@countersign/contracts/denial";
import type { Mode } from "@countersign/contracts/mode";
import type { SignedApproval } from "@countersign/contracts/order";
import { combinationRefusal } from "@countersign/contracts/order-check";
import type { Roster } from "@countersign/roster/roster";
import { verifyApprovals } from "@countersign/roster/verify-approvals";
import { inexactNumberOf } from "../session/order-terms.ts";
import { wireText } from "../session/wire-numbers.ts";

const INEXACT = "a number has more digits than TWS can be told exactly";
/** An approval that is good for longer was not made for one order. */
export const APPROVAL_SECONDS_MAX = 300;

export interface ToVerify {
  readonly approvals: Approvals;
  /** The hash that the request names. */
  readonly ticketHash: string;
  /** The account of the subject on which the request came. */
  readonly account: string;
  readonly mode: Mode;
  readonly nowMs: number;
}

export type Verified = { readonly outcome: "verified" } | { readonly outcome: "denied"; readonly denial: Denial };

/**
 * Whether this approval, by itself, allows this order to be sent now. Nothing that another service says is believed:
 * signature, hash, account, mode and times are checked here, on the bytes that the approver signed.
 */
export async function verifyApproval(roster: Roster, input: ToVerify): Promise<Verified> {
  const { approvals } = input;
  const { ticket, ticketHash } = approvals.approval.statement;
  const signed = await verifyApprovals(roster, approvals, demandOfTicket(ticket));
  if (signed.outcome === "denied") return signed;
  // The statement's hash is that of its ticket: this was looked at with the signatures.
  if (ticketHash !== input.ticketHash) return denied("TICKET_HASH_MISMATCH");
  if (ticket.terms.account !== input.account) return invalid("the ticket is for another account");
  if (ticket.mode !== input.mode)
    return invalid(`the ticket is for ${ticket.mode}, this gateway runs in ${input.mode}`);
  if (!namesItsTerms(ticket)) return invalid("the ticket describes other instruments than its terms name");
  return checkTimes(input) ?? checkTerms(input) ?? { outcome: "verified" };
}

/** The first signature's time runs; a second one cannot prolong it. */
function checkTimes(input: ToVerify): Verified | undefined {
  const all = signaturesOf(input.approvals);
  return all.map((one) => checkTimesOf(one, input)).find((denial) => denial !== undefined);
}

function checkTimesOf({ statement }: SignedApproval, { nowMs }: ToVerify): Verified | undefined {
  const { approvedAt, expiresAt, ticket } = statement;
  const fromMs = parseUtcText(approvedAt);
  const untilMs = parseUtcText(expiresAt);
  if (untilMs - fromMs > APPROVAL_SECONDS_MAX * 1_000) return invalid("the approval is good for too long");
  if (fromMs > nowMs) return invalid("the approval is from the future");
  if (nowMs >= untilMs) return denied("APPROVAL_EXPIRED", undefined, { expiresAt });
  if (fromMs >= parseUtcText(ticket.expiresAt))
    return denied("PROPOSAL_EXPIRED", undefined, { expiresAt: ticket.expiresAt });
  return undefined;
}

function checkTerms({ approvals, account, mode, nowMs }: ToVerify): Verified | undefined {
  const { ticket } = approvals.approval.statement;
  const { terms } = ticket;
  if (mode !== "live" && !isPaperAccount(account)) return denied("ACCOUNT_NOT_PAPER");
  const refusal = combinationRefusal(terms);
  if (refusal !== undefined) return denied(refusal.code, refusal.message, { field: refusal.field });
  if (terms.goodTill !== undefined && parseUtcText(terms.goodTill) <= nowMs) return denied("GOOD_TILL_INVALID");
  try {
    const { exchange, symbol } = ticket.instrument;
    for (const text of [exchange, symbol]) wireText(text);
  } catch {
    return denied("INVALID_ARGUMENT", "a text has no place on the wire");
  }
  return inexactNumberOf(terms) === undefined ? undefined : denied("INVALID_ARGUMENT", INEXACT);
}

/** By the number alone: a port or a mode of TWS says nothing about it. */
export function isPaperAccount(account: string): boolean {
  return account.startsWith("DU") || account.startsWith("DF");
}

function invalid(message: string): Verified {
  return denied("APPROVAL_INVALID", message);
}
