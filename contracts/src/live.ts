import * as z from "zod";
import { AccountId, DecimalText, ProposalId, UtcText } from "./primitives.ts";

/** What must hold before an order with real money leaves. `order`: looked at for each order; `system`: the same for all. */
export const LIVE_GATES = {
  featureEnabled: { scope: "system", text: "Live trading is switched on in the configuration" },
  safetyFlag: { scope: "system", text: "The second switch, kept apart from the first, is on" },
  accountAllowlisted: { scope: "order", text: "The account is on the list of live accounts, and TWS manages it" },
  agentPermitted: { scope: "order", text: "The agent may propose live orders" },
  ticketUnexpired: { scope: "order", text: "The ticket was countersigned before it expired" },
  approvalRecord: { scope: "order", text: "Two persons countersigned with passkeys, and the log has it" },
  idempotencyKey: { scope: "order", text: "The proposal carries the agent's idempotency key" },
  riskPolicyPass: { scope: "order", text: "The fresh verdict passes, under the policy that is named for live" },
  killSwitchOpen: { scope: "order", text: "The kill switch is ACTIVE for everything that the order touches" },
  auditAvailable: {
    scope: "system",
    text: "The audit answers, keeps its records for the years that are asked for, and is exported before anything is purged",
  },
  checklist: { scope: "system", text: "Each point of the paper-to-live checklist is acknowledged by a person" },
  durability: { scope: "system", text: "The server proves that it syncs each write before it acknowledges it" },
  paperEvidence: { scope: "system", text: "The audit shows enough paper trading without an unexplained order" },
  reconciliations: {
    scope: "system",
    text: "The audit shows enough days on which orders, positions and cash at the broker matched the record",
  },
} as const satisfies Record<string, { scope: "order" | "system"; text: string }>;
export type LiveGateName = keyof typeof LIVE_GATES;
const names = Object.keys(LIVE_GATES) as [LiveGateName, ...LiveGateName[]];

/** Years of a broker-dealer's records under SEC 17a-4, in days: less is never enough for live. */
export const LIVE_RETENTION_DAYS_MIN = 2_555;

export const CHECKLIST = [
  "paperTradingValidated",
  "approvalsReviewed",
  "limitsReviewed",
  "killSwitchTested",
  "incidentRunbookReviewed",
] as const;

export const LiveGate = z.strictObject({
  gate: z.enum(names),
  ok: z
    .boolean()
    .nullable()
    .describe("null: can only be said of an order, and is looked at for each before it is sent"),
  evidence: z.string().max(1_000).describe("What was looked at, and what was found"),
});
export type LiveGate = z.infer<typeof LiveGate>;

const Count = z.int().min(0);

/** Cash that came or went on a UTC day without an execution on record. */
export const CashStep = z.strictObject({
  day: z.iso.date(),
  account: AccountId,
  currency: z.string().regex(/^[A-Z]{3}$/),
  amount: DecimalText,
});
export type CashStep = z.infer<typeof CashStep>;

/** What the audit shows of paper trading. Computed from the records, each counted once. */
export const LiveEvidence = z.strictObject({
  records: Count.describe("Sequence of the last record that was looked at"),
  simulated: Count.describe("Paper proposals with the broker's own what-if"),
  submitted: Count.describe("Paper orders sent"),
  rejected: Count.describe("Of these, refused by the broker"),
  filled: Count.describe("Of these, filled as a whole"),
  estimated: Count.describe("Of these, with an estimated price on record"),
  asEstimated: Count.describe("Of these, filled on average at most 0.1 % worse than that price"),
  unexplained: z
    .array(ProposalId)
    .max(20)
    .describe("Orders of any mode that were sent twice, or without proposal, approval and intent on record before it"),
  unexplainedCount: Count,
  strangers: Count.describe("Orders seen at the broker under our reference that no intent on record explains"),
  matchedDays: Count.describe(
    "The latest UTC days on which orders and positions matched, back to the first that did not or had nothing to compare",
  ),
  lastUnmatchedDay: z.iso.date().nullable(),
  lastUnmatchedWhy: z.string().max(300).nullable(),
  cashSteps: z.array(CashStep).max(100).describe("On the days that matched, oldest first: by more than 0.01"),
  cashStepsCount: Count,
  retentionDays: Count.describe("How long this writer is told to keep records"),
  exportBeforePurge: z.boolean(),
  complete: z.boolean().describe("The stream still has its first record"),
  at: UtcText,
});
export type LiveEvidence = z.infer<typeof LiveEvidence>;
