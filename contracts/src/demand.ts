import * as z from "zod";
import type { Mode } from "./mode.ts";
import { PositiveDecimalText } from "./primitives.ts";

/** How many people must sign a ticket, and with what. Two are two different people. */
export interface Demand {
  readonly approvals: 1 | 2;
  readonly keys: "session" | "passkey";
}

/**
 * config/approvals.yaml: what needs more than one person with a session key. The risk gate writes it into the ticket, and the
 * gateway judges by its own copy again. Live money always needs two people with passkeys; no file changes that.
 */
export const ApprovalRules = z.strictObject({
  twoApproversAboveBase: PositiveDecimalText.describe(
    "Notional of one order, in the account's base currency, above which two people must sign",
  ),
  passkeysAboveBase: PositiveDecimalText.nullable().describe(
    "The same for passkeys in place of session keys; null: only live asks for them",
  ),
});
export type ApprovalRules = z.infer<typeof ApprovalRules>;

/** What a ticket asks for; one that says nothing asks for one person with a session key. */
export function demandOfTicket(ticket: { approvals?: 1 | 2; keys?: "session" | "passkey" }): Demand {
  return { approvals: ticket.approvals ?? 1, keys: ticket.keys ?? "session" };
}

/** Both at once. */
export function strictest(one: Demand, other: Demand): Demand {
  return {
    approvals: one.approvals === 2 || other.approvals === 2 ? 2 : 1,
    keys: one.keys === "passkey" || other.keys === "passkey" ? "passkey" : "session",
  };
}

export const STRICTEST: Demand = { approvals: 2, keys: "passkey" };

export type DemandBasis = { readonly mode: Mode; readonly rules: ApprovalRules };
