import * as z from "zod";
import { Alternatives } from "./alternatives.ts";
import { Absence, BrokerText, Difference, Execution, Leg, PermId } from "./facts/exec-facts.v1.ts";
import { AssessedFact } from "./facts/policy-facts.v1.ts";
import { FACETS, STATES, type State } from "./life.ts";
import { Mode } from "./mode.ts";
import { Amount } from "./money.ts";
import { Actor, Modifies, OrderRef, OrderTerms, Rationale, Ticket } from "./order.ts";
import { AccountId, DecimalText, freeText, PrincipalId, ProposalId, Sha256Hex, UtcText } from "./primitives.ts";
import { RejectCode } from "./reject-codes.ts";
import { Simulation, Verdict } from "./verdict.ts";

export const StateSchema = z.enum(Object.keys(STATES) as [State, ...State[]]);

/** One line of the history: which fact, in whose log, and the state after it. */
export const HistoryLine = z.strictObject({
  at: UtcText,
  facet: z.enum(FACETS),
  event: z.string().max(40),
  state: StateSchema,
  sequence: z.int().min(1).describe("Sequence in the stream ORDERS"),
});

/** What became of the proposal after a decision. */
export const DecisionView = z.strictObject({
  event: z.string().max(40),
  at: UtcText,
  actor: Actor.nullable().describe("null: nobody, time ran out or the gate voided it"),
  reason: z.string().max(1000).nullable(),
  code: RejectCode.describe("Why a person said no; absent: nobody did, or without a code").exactOptional(),
  cosigner: Actor.describe("The second of two people; absent: one was enough, or is awaited").exactOptional(),
  until: UtcText.describe("When its signatures end; absent: it has none").exactOptional(),
});

export const REDUCTIONS_MAX = 10;
const Size = z.strictObject({
  quantity: DecimalText,
  limitPrice: DecimalText.nullable().describe("null: the order has none"),
});

/** What a person made smaller before it was approved. */
export const Reduction = z.strictObject({
  at: UtcText,
  actor: Actor,
  reason: freeText(500),
  before: Size,
  after: Size,
});
export type Reduction = z.infer<typeof Reduction>;

/** A message of the broker about the order. */
export const BrokerMessage = z.strictObject({
  at: UtcText,
  code: z.int().nullable(),
  text: BrokerText,
  advancedReject: BrokerText.nullable(),
});

const atBroker = {
  orderRef: OrderRef,
  orderId: z.int(),
  clientId: z.int(),
  permId: PermId.nullable(),
  status: z.string().max(40).nullable(),
  filledQuantity: DecimalText,
  averagePrice: DecimalText.nullable(),
  executions: z.array(Execution.extend({ commission: Amount.nullable(), realizedPnl: DecimalText.nullable() })),
  commission: z.array(Amount).describe("Sum per currency of the commissions that are known"),
  message: z.string().max(1000).nullable().describe("Last word of the broker, untrusted"),
  said: z.array(BrokerMessage).describe("Warnings and refusals of the broker, in order; untrusted"),
  drift: z.array(Difference).describe("Where the broker shows other terms than the ticket; empty: nowhere"),
  absences: z
    .array(Absence)
    .min(1)
    .describe("Complete readings of the broker, one after the other, that did not show it; absent: none")
    .exactOptional(),
  closeRequestedBy: PrincipalId.describe(
    "The first of two persons who close it; absent: nobody has asked",
  ).exactOptional(),
};

/** One exit of a bracket; its states are those of an order. */
export const LegView = z.strictObject({
  leg: Leg,
  state: StateSchema,
  quantity: DecimalText.describe("After a change; absent: that of the ticket").exactOptional(),
  ...atBroker,
});
export type LegView = z.infer<typeof LegView>;

/** The order at the broker, as far as its executions and statuses tell. */
export const BrokerOrderView = z.strictObject({
  ...atBroker,
  legs: z.array(LegView).describe("The exits of a bracket; empty: none"),
  terms: OrderTerms.describe("In force after a change; absent: those of the ticket").exactOptional(),
  modifying: ProposalId.describe("The change that may be on its way; absent: none").exactOptional(),
  modifyingTerms: OrderTerms.describe("What it asks for").exactOptional(),
  unprotected: DecimalText.nullable().describe(
    "Filled, not closed again, and without a stop that the broker is known to hold; null: not a bracket",
  ),
});

/** What the standing policy made of it. */
export const AutoApprovalView = AssessedFact.pick({ at: true, mode: true, policy: true, outcome: true, checks: true });

/** One order from proposal to end, folded from its logs. */
export const ProposalView = z.strictObject({
  proposalId: ProposalId,
  state: StateSchema,
  mode: Mode,
  agent: PrincipalId,
  account: AccountId,
  terms: OrderTerms,
  rationale: Rationale,
  createdAt: UtcText,
  expiresAt: UtcText,
  ticket: Ticket.nullable().describe("null until judged"),
  ticketHash: Sha256Hex.nullable(),
  verdict: Verdict.nullable(),
  alternatives: Alternatives.describe(
    "What would have passed; absent: it was not denied, or before there were any",
  ).exactOptional(),
  simulation: Simulation.nullable(),
  decision: DecisionView.nullable(),
  reductions: z
    .array(Reduction)
    .min(1)
    .max(REDUCTIONS_MAX)
    .describe("Terms and ticket are the ones after the last of them; absent: none")
    .exactOptional(),
  modifies: Modifies.describe("The order that it changes; absent: it is one of its own").exactOptional(),
  autoApproval: AutoApprovalView.describe("Absent: no standing policy has looked at it").exactOptional(),
  order: BrokerOrderView.nullable().describe("null until the approval is consumed"),
  history: z.array(HistoryLine),
});
export type ProposalView = z.infer<typeof ProposalView>;
