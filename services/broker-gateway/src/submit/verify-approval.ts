import { parseUtcText } from "@countersign/clock/clock";
import { namesItsTerms } from "@countersign/contracts/combo";
import { type Denial, denied } from "@countersign/contracts/denial";
import type { Mode } from "@countersign/contracts/mode";
import type { SignedApproval } from "@countersign/contracts/order";
import { combinationRefusal } from "@countersign/contracts/order-check";
import { canonicalHash } from "@countersign/ids/hash";
import type { Roster } from "@countersign/roster/roster";
import { verifySignature } from "@countersign/roster/verify-signature";
import { exitTermsOf, numbersOf, wireTermsOf } from "../session/order-terms.ts";
import { exactNumber, wireText } from "../session/wire-numbers.ts";

/** An approval that is good for longer was not made for one order. */
export const APPROVAL_SECONDS_MAX = 300;

export interface ToVerify {
  readonly approval: SignedApproval;
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
  const { statement } = input.approval;
  const { ticket } = statement;
  const signed = await verifySignature(roster, input.approval);
  if (signed.outcome === "denied") return signed;
  const hash = canonicalHash(ticket);
  if (hash !== statement.ticketHash || hash !== input.ticketHash) return denied("TICKET_HASH_MISMATCH");
  if (ticket.terms.account !== input.account) return invalid("the ticket is for another account");
  if (ticket.mode !== input.mode)
    return invalid(`the ticket is for ${ticket.mode}, this gateway runs in ${input.mode}`);
  if (!namesItsTerms(ticket)) return invalid("the ticket describes other instruments than its terms name");
  if (statement.approver === ticket.agent) return denied("SELF_APPROVAL");
  return checkTimes(input) ?? checkTerms(input) ?? { outcome: "verified" };
}

function checkTimes({ approval, nowMs }: ToVerify): Verified | undefined {
  const { approvedAt, expiresAt, ticket } = approval.statement;
  const fromMs = parseUtcText(approvedAt);
  const untilMs = parseUtcText(expiresAt);
  if (untilMs - fromMs > APPROVAL_SECONDS_MAX * 1_000) return invalid("the approval is good for too long");
  if (fromMs > nowMs) return invalid("the approval is from the future");
  if (nowMs >= untilMs) return denied("APPROVAL_EXPIRED", undefined, { expiresAt });
  if (fromMs >= parseUtcText(ticket.expiresAt))
    return denied("PROPOSAL_EXPIRED", undefined, { expiresAt: ticket.expiresAt });
  return undefined;
}

function checkTerms({ approval, account, mode, nowMs }: ToVerify): Verified | undefined {
  const { ticket } = approval.statement;
  const { terms } = ticket;
  if (mode !== "live" && !isPaperAccount(account)) return denied("ACCOUNT_NOT_PAPER");
  const refusal = combinationRefusal(terms);
  if (refusal !== undefined) return denied(refusal.code, refusal.message, { field: refusal.field });
  if (terms.goodTill !== undefined && parseUtcText(terms.goodTill) <= nowMs) return denied("GOOD_TILL_INVALID");
  try {
    const { exchange, symbol } = ticket.instrument;
    for (const text of [exchange, symbol]) wireText(text);
    const exits = Object.values(exitTermsOf(terms) ?? {});
    for (const text of [wireTermsOf(terms), ...exits].flatMap(numbersOf)) exactNumber(text);
  } catch {
    return denied("INVALID_ARGUMENT", "a number has more digits than TWS can be told exactly, or a text is unclean");
  }
  return undefined;
}

export function isPaperAccount(account: string): boolean {
  return account.startsWith("DU") || account.startsWith("DF");
}

function invalid(message: string): Verified {
  return denied("APPROVAL_INVALID", message);
}
