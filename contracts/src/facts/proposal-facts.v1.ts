import * as z from "zod";
import { Alternatives } from "../alternatives.ts";
import { Mode } from "../mode.ts";
import { Actor, Modifies, OrderTerms, Rationale, Ticket } from "../order.ts";
import {
  freeText,
  IdempotencyKey,
  PositiveDecimalText,
  PrincipalId,
  ProposalId,
  Sha256Hex,
  UtcText,
} from "../primitives.ts";
import { Simulation, Verdict } from "../verdict.ts";

/** The proposal log of an order: written by risk-gate, one append per edge. */
const base = { proposalId: ProposalId, at: UtcText };

export const ProposedFact = z.strictObject({
  type: z.literal("proposed/1"),
  ...base,
  mode: Mode,
  agent: PrincipalId,
  idempotencyKey: IdempotencyKey,
  contentHash: Sha256Hex.describe("Of terms and rationale: the same key with another content is an error"),
  terms: OrderTerms,
  rationale: Rationale,
  expiresAt: UtcText,
  notional: PositiveDecimalText.describe(
    "What the proposer took the order to be worth; absent: not said",
  ).exactOptional(),
  modifies: Modifies.describe("Absent: it is a new order").exactOptional(),
});
export const SimulatedFact = z.strictObject({ type: z.literal("simulated/1"), ...base, simulation: Simulation });
export const RiskDeniedFact = z.strictObject({
  type: z.literal("riskDenied/1"),
  ...base,
  verdict: Verdict,
  alternatives: Alternatives.describe("Absent: it was denied before there were any").exactOptional(),
  ticket: Ticket,
  ticketHash: Sha256Hex,
});
export const AdmittedFact = z.strictObject({
  type: z.literal("admitted/1"),
  ...base,
  verdict: Verdict,
  ticket: Ticket,
  ticketHash: Sha256Hex,
});

/** A person asked for less, the gate judged it afresh, and from here on this is the only ticket that can be approved. */
export const ReducedFact = z.strictObject({
  type: z.literal("reduced/1"),
  ...base,
  actor: Actor.describe("Who asked for it"),
  reason: freeText(500),
  replaces: Sha256Hex.describe("Hash of the ticket before"),
  simulation: Simulation,
  verdict: Verdict,
  ticket: Ticket,
  ticketHash: Sha256Hex,
});

export const ProposalFact = z.discriminatedUnion("type", [
  ProposedFact,
  SimulatedFact,
  RiskDeniedFact,
  AdmittedFact,
  ReducedFact,
]);
export type ProposalFact = z.infer<typeof ProposalFact>;
