import * as z from "zod";
import { AutoCheck, AutoMode } from "../auto-approval.ts";
import { Amount } from "../money.ts";
import { Actor, PolicyRef, Side } from "../order.ts";
import { AccountId, ConId, DateText, freeText, PrincipalId, ProposalId, Sha256Hex, UtcText } from "../primitives.ts";

/** What the standing policy made of an order, in shadow or in earnest. Written by approval, beside its decisions. */
export const AssessedFact = z.strictObject({
  type: z.literal("assessed/1"),
  proposalId: ProposalId,
  at: UtcText,
  mode: AutoMode.exclude(["off"]),
  policy: PolicyRef.nullable().describe("null: there was none that could be read"),
  outcome: z.enum(["approve", "person"]).describe("In shadow nothing follows from it"),
  checks: z.array(AutoCheck).min(1).max(40),
  factsHash: Sha256Hex.nullable().describe("Of the facts that the gate gave for it; null: it gave none"),
});
export type AssessedFact = z.infer<typeof AssessedFact>;

/** A person chose the mode. */
export const ModeSetEntry = z.strictObject({
  type: z.literal("modeSet/1"),
  at: UtcText,
  mode: AutoMode,
  actor: Actor,
  reason: freeText(500),
  policy: PolicyRef.nullable().describe("The policy that was turned on, and no other; null with off"),
});

export type ModeSetEntry = z.infer<typeof ModeSetEntry>;

/** An order that the policy approved, or in shadow would have. Counted from here on, before it is approved. */
export const UsedEntry = z.strictObject({
  type: z.literal("used/1"),
  at: UtcText,
  mode: AutoMode.exclude(["off"]),
  policy: PolicyRef,
  proposalId: ProposalId,
  account: AccountId,
  agent: PrincipalId,
  conid: ConId,
  side: Side,
  notional: Amount.describe("At the worst price the order may meet, in the base currency"),
  schedule: z
    .strictObject({ id: PrincipalId, periodFrom: DateText.describe("First date of the period, at the exchange") })
    .nullable(),
  turnsOff: z.boolean().describe("With it the same was approved too often: from here on the policy is off"),
});
export type UsedEntry = z.infer<typeof UsedEntry>;

/** The ledger of the standing policy: one log, each entry a compare-and-swap on the one before. */
export const LedgerEntry = z.discriminatedUnion("type", [ModeSetEntry, UsedEntry]);
export type LedgerEntry = z.infer<typeof LedgerEntry>;
