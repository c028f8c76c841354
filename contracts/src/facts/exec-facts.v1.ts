import * as z from "zod";
import { DENIALS, type DenialCode } from "../codes.ts";
import { Amount } from "../money.ts";
import { Actor, OrderRef, OrderTerms } from "../order.ts";
import { ConId, DecimalText, freeText, IdempotencyKey, ProposalId, Sha256Hex, UtcText } from "../primitives.ts";
import { Verdict } from "../verdict.ts";

/** The exec log of an order: written by broker-gateway. INTENT is one append; it consumes the approval. */
const base = { proposalId: ProposalId, at: UtcText };
const codes = Object.keys(DENIALS) as [DenialCode, ...DenialCode[]];

export const BrokerOrderId = z.int().min(1).max(2147483647);
export const PermId = z
  .string()
  .regex(/^[0-9]{1,19}$/)
  .describe("permId of TWS, as text: it may exceed 2^53");

/** The two orders of a bracket beside its entry. */
export const Leg = z.enum(["takeProfit", "stopLoss"]);
export type Leg = z.infer<typeof Leg>;

/** One execution, keyed by execId; repeats are ignored. */
export const Execution = z.strictObject({
  execId: z.string().min(1).max(64),
  time: z.string().max(64).describe("As TWS gives it"),
  side: z.enum(["BOT", "SLD"]),
  quantity: DecimalText,
  price: DecimalText,
  currency: z.string().regex(/^[A-Z]{3}$/),
  exchange: z.string().max(20),
  cumulativeQuantity: DecimalText,
  averagePrice: DecimalText,
  comboLeg: ConId.describe(
    "The leg of the combination that traded, in its own units; it does not count as filled. Absent: the order itself traded",
  ).exactOptional(),
});
export type Execution = z.infer<typeof Execution>;

export const IntentFact = z.strictObject({
  type: z.literal("intent/1"),
  ...base,
  ticketHash: Sha256Hex,
  approvalHash: Sha256Hex.describe("SHA-256 of the canonical JSON of the signed approval: consumed by this append"),
  verdict: Verdict.describe("The gate's fresh verdict"),
  orderRef: OrderRef,
  orderId: BrokerOrderId,
  clientId: z.int().min(0).max(2147483647),
  writerEpoch: z.int().min(1),
  reserved: Amount.nullable().describe("Exposure held until the order ends, in base currency"),
  legs: z
    .array(z.strictObject({ leg: Leg, orderRef: OrderRef, orderId: BrokerOrderId }))
    .length(2)
    .describe("The exits of a bracket; they leave together with the entry, or nothing does")
    .exactOptional(),
  modifies: ProposalId.describe(
    "The proposal of the order that it changes, whose reference and ids these are; absent: it is an order of its own",
  ).exactOptional(),
});
export const KilledNotSentFact = z.strictObject({
  type: z.literal("killedNotSent/1"),
  ...base,
  code: z.enum(codes),
  reason: z.string().max(1000),
});
export const SendStartedFact = z.strictObject({
  type: z.literal("sendStarted/1"),
  ...base,
  claimSequence: z.int().min(1).describe("Sequence of the claim in the control stream"),
});
export const AcknowledgedFact = z.strictObject({
  type: z.literal("acknowledged/1"),
  ...base,
  permId: PermId.nullable(),
  status: z.string().max(40),
  whyHeld: z.string().max(100),
});
const filledBy = { permId: PermId.nullable(), execution: Execution };
export const PartiallyFilledFact = z.strictObject({ type: z.literal("partiallyFilled/1"), ...base, ...filledBy });
export const FilledFact = z.strictObject({ type: z.literal("filled/1"), ...base, ...filledBy });
/** A fill of a combination is told as a whole, and once for each leg: this is what it did in one of them. */
export const ComboLegFilledFact = z.strictObject({
  type: z.literal("comboLegFilled/1"),
  ...base,
  execution: Execution.required({ comboLeg: true }),
});
export const CommissionFact = z.strictObject({
  type: z.literal("commission/1"),
  ...base,
  execId: z.string().min(1).max(64),
  commission: Amount,
  realizedPnl: DecimalText.nullable(),
});
export const CancelRequestedFact = z.strictObject({
  type: z.literal("cancelRequested/1"),
  ...base,
  actor: Actor,
  reason: freeText(500),
  idempotencyKey: IdempotencyKey.exactOptional(),
});
/** Another version of an execution that is known: the one with the higher last segment counts, both stay in the log. */
export const CorrectedFact = z.strictObject({
  type: z.literal("corrected/1"),
  ...base,
  execution: Execution,
  known: z.string().min(1).max(64).describe("The execution id that was known before"),
});
/** What TWS says about an order, word for word but for control characters, which become spaces. */
export const BrokerText = z.string().max(2000).describe("Text from the broker, without control characters; untrusted");
export const Difference = z.strictObject({
  field: z.string().max(40),
  approved: z.string().max(100),
  broker: z.string().max(100).describe("As the broker shows it; empty: it shows none"),
});
export type Difference = z.infer<typeof Difference>;
const saidByBroker = { code: z.int().nullable().describe("null: not from an error message"), text: BrokerText };
const advancedReject = BrokerText.describe(
  "Why, and what may override it, as TWS gives it in JSON; untrusted",
).exactOptional();
export const CancelledFact = z.strictObject({ type: z.literal("cancelled/1"), ...base, ...saidByBroker });
export const BrokerRejectedFact = z.strictObject({
  type: z.literal("brokerRejected/1"),
  ...base,
  ...saidByBroker,
  advancedReject,
});
/** A message of TWS about the order that leaves it where it is: a warning, or a refused change. */
export const BrokerSaidFact = z.strictObject({
  type: z.literal("brokerSaid/1"),
  ...base,
  ...saidByBroker,
  advancedReject,
});
/** The broker shows the order with other terms than the ones that were countersigned, in these fields; none: no more. */
export const DriftedFact = z.strictObject({
  type: z.literal("drifted/1"),
  ...base,
  differences: z.array(Difference).max(20),
});
export const LostFact = z.strictObject({ type: z.literal("lost/1"), ...base, reason: z.string().max(500) });
export const ClosedAbsentFact = z.strictObject({
  type: z.literal("closedAbsent/1"),
  ...base,
  actor: Actor,
  reason: freeText(500),
});
/** A complete reading of the broker, all of its end markers on one connection, that shows nothing of the order. */
export const Absence = z.strictObject({
  startedAt: UtcText.describe("Before the first list was asked for"),
  linkEpoch: z.int().min(0),
  openOrders: z.int().min(0).describe("How many the broker showed, of whomever"),
  completedOrders: z.int().min(0),
  executions: z.int().min(0),
  sinceMs: z
    .int()
    .min(0)
    .nullable()
    .describe("After the reading before that counts, by a clock that no one sets; null: it is the first one"),
});
export type Absence = z.infer<typeof Absence>;
/** Of a change of an order: that the order is there, and has its old terms. */
export const AbsentFact = z.strictObject({ type: z.literal("absent/1"), ...base, ...Absence.shape });
const byPerson = { actor: Actor, reason: freeText(500) };
export const CloseRequestedFact = z.strictObject({ type: z.literal("closeRequested/1"), ...base, ...byPerson });
const settled = { ...byPerson, shown: z.string().max(200).describe("What the broker showed of it, in its words") };
export const ResolvedOpenFact = z.strictObject({ type: z.literal("resolvedOpen/1"), ...base, ...settled });
export const ResolvedPartialFact = z.strictObject({ type: z.literal("resolvedPartial/1"), ...base, ...settled });
export const ResolvedFilledFact = z.strictObject({ type: z.literal("resolvedFilled/1"), ...base, ...settled });
export const ResolvedCancelledFact = z.strictObject({ type: z.literal("resolvedCancelled/1"), ...base, ...settled });
export const ResolvedRejectedFact = z.strictObject({ type: z.literal("resolvedRejected/1"), ...base, ...settled });
/** In the log of the order: a change of it may be on its way. One at a time. */
export const ModifyRequestedFact = z.strictObject({
  type: z.literal("modifyRequested/1"),
  ...base,
  by: ProposalId.describe("The proposal that asks for the change"),
  terms: OrderTerms.describe("All of them, as they shall be"),
});
/** In the log of the order: these are its terms from here on. Of an exit: its quantity is that of these terms. */
export const TermsReplacedFact = z.strictObject({
  type: z.literal("termsReplaced/1"),
  ...base,
  by: ProposalId,
  terms: OrderTerms,
});
/** In the log of the order: it keeps the terms that it has. */
export const ModifyClosedFact = z.strictObject({
  type: z.literal("modifyClosed/1"),
  ...base,
  by: ProposalId,
  outcome: z
    .enum(["notSent", "rejected", "ended", "closed"])
    .describe("ended: the order was first; closed: by a person"),
  code: z.int().nullable().describe("Of TWS, when it refused; null: it said nothing"),
  text: BrokerText,
});
/** In the log of the change itself. */
export const ModifiedFact = z.strictObject({ type: z.literal("modified/1"), ...base, permId: PermId.nullable() });
/** The quantity is settled, and the executions before make it up. */
export const CompletedFact = z.strictObject({ type: z.literal("completed/1"), ...base, reason: z.string().max(500) });
export const DisputedFact = z.strictObject({ type: z.literal("disputed/1"), ...base, evidence: z.string().max(1000) });

/** What may become of an order, or of one leg of it, once it was sent. */
const AFTER_SEND = [
  AcknowledgedFact,
  PartiallyFilledFact,
  FilledFact,
  ComboLegFilledFact,
  CommissionFact,
  CorrectedFact,
  CancelRequestedFact,
  CancelledFact,
  BrokerRejectedFact,
  LostFact,
  ClosedAbsentFact,
  DisputedFact,
  BrokerSaidFact,
  DriftedFact,
  CompletedFact,
  AbsentFact,
  CloseRequestedFact,
  ResolvedOpenFact,
  ResolvedPartialFact,
  ResolvedFilledFact,
  ResolvedCancelledFact,
  ResolvedRejectedFact,
  TermsReplacedFact,
  ModifyClosedFact,
] as const;

/** What became of an exit of the bracket. Until the legs are sent, the facts of the entry are theirs too. */
export const LegFact = z.strictObject({
  type: z.literal("leg/1"),
  ...base,
  leg: Leg,
  fact: z.discriminatedUnion("type", AFTER_SEND),
});
export type LegFact = z.infer<typeof LegFact>;

export const ExecFact = z.discriminatedUnion("type", [
  IntentFact,
  KilledNotSentFact,
  SendStartedFact,
  ...AFTER_SEND,
  ModifyRequestedFact,
  ModifiedFact,
  LegFact,
]);
export type ExecFact = z.infer<typeof ExecFact>;
