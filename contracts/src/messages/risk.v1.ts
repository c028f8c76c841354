import * as z from "zod";
import { Alternatives } from "../alternatives.ts";
import { replyOf } from "../denial.ts";
import { OrderTerms, Rationale, Ticket } from "../order.ts";
import {
  AccountId,
  freeText,
  IdempotencyKey,
  NetPriceText,
  PositiveDecimalText,
  PrincipalId,
  ProposalId,
  Sha256Hex,
} from "../primitives.ts";
import { ProposalView } from "../proposal-view.ts";
import { Simulation, Verdict } from "../verdict.ts";

const Notional = PositiveDecimalText.describe(
  "What the proposer takes the order to be worth, in the instrument's currency; compared, and used for nothing else; absent: not said",
).exactOptional();

const Rounding = z
  .enum(["up", "down"])
  .describe("Where prices off the tick go; absent: nowhere, they are denied with the valid prices next to them")
  .exactOptional();

/** propose: record, simulate and judge an order. A RISK_DENIED proposal is an answer, not a denial. */
export const ProposeRequest = z.strictObject({
  agent: PrincipalId,
  terms: OrderTerms,
  idempotencyKey: IdempotencyKey,
  rationale: Rationale,
  rounding: Rounding,
  notional: Notional,
  modifies: ProposalId.describe("The proposal whose order gets these terms; absent: a new order").exactOptional(),
});
export const ProposeReply = replyOf(ProposalView);

/** preview: the same facts, simulation and verdict, and nothing recorded as a proposal. */
export const PreviewRequest = z.strictObject({
  agent: PrincipalId,
  terms: OrderTerms,
  rounding: Rounding,
  notional: Notional,
});
export const PreviewReply = replyOf(
  z.strictObject({
    simulation: Simulation,
    verdict: Verdict,
    alternatives: Alternatives.nullable().describe("What would pass instead; null: this passes"),
  }),
);

/** verdict: judge a ticket again with fresh facts, before an approval or a send. What it was made of is on record before the answer. */
export const VerdictRequest = z.strictObject({
  ticket: Ticket,
  afterSequence: z
    .int()
    .min(0)
    .describe("The gate must know the stream ORDERS up to here before it judges; 0: whatever it knows will do"),
});
export const VerdictReply = replyOf(z.strictObject({ verdict: Verdict, simulation: Simulation }));

/**
 * reduce: an approver asks for less of a proposal that waits. Only what is given changes. The smaller order is judged by
 * fresh facts; a verdict against it is a denial and leaves the proposal as it was. Each reduction is a new ticket.
 */
export const ReduceRequest = z
  .strictObject({
    proposalId: ProposalId,
    ticketHash: Sha256Hex.describe("Of the ticket that the person saw"),
    quantity: PositiveDecimalText.exactOptional(),
    limitPrice: NetPriceText.describe("Below zero only for a combination").exactOptional(),
    operator: PrincipalId,
    reason: freeText(500),
  })
  .refine(
    ({ quantity, limitPrice }) => quantity !== undefined || limitPrice !== undefined,
    "it says what shall be smaller",
  );
export const ReduceReply = replyOf(ProposalView);

/** limits: what the policy in force allows for this account. */
export const LimitsRequest = z.strictObject({ account: AccountId });
export const LimitLine = z.strictObject({
  rule: z.string().max(40),
  description: z.string().max(300),
  limit: z.string().max(500).nullable(),
  unit: z.string().max(20),
});
export const LimitsReply = replyOf(
  z.strictObject({ account: AccountId, policyHash: Sha256Hex, limits: z.array(LimitLine) }),
);

/** judged-file: terms, facts, policy and verdict in one file, page by page. */
export const JudgedFileRequest = z.strictObject({
  proposalId: ProposalId,
  inputsHash: Sha256Hex.nullable().describe("Which verdict of the proposal; null: the one that stands in its log"),
  from: z.int().min(0).describe("First byte of the page"),
});
export const JudgedFileReply = replyOf(
  z.strictObject({
    bytes: z.int().min(1).describe("Of the whole file"),
    sha256: Sha256Hex.describe("Of the whole file"),
    page: z.string().max(180_000).describe("Base64 of the bytes from there on"),
    next: z.int().min(1).nullable().describe("First byte of the next page; null: this was the last one"),
  }),
);
