import * as z from "zod";
import { Mode } from "./mode.ts";
import {
  AccountId,
  ConId,
  CurrencyCode,
  DecimalText,
  ForeignText,
  freeText,
  IdempotencyKey,
  PositiveDecimalText,
  PrincipalId,
  ProposalId,
  Sha256Hex,
  UtcText,
} from "./primitives.ts";

export const Side = z.enum(["BUY", "SELL"]);
export const OrderType = z.enum(["MKT", "LMT"]).describe("MKT: at the market; LMT: at limit_price or better");
export const TimeInForce = z
  .enum(["DAY", "GTC", "IOC"])
  .describe("DAY: until the close; GTC: until cancelled; IOC: now or never");

/** What the agent asks for. A market order has no limit price (null), a limit order has one. */
export const OrderTerms = z.strictObject({
  account: AccountId,
  conid: ConId,
  side: Side,
  quantity: PositiveDecimalText,
  orderType: OrderType,
  limitPrice: PositiveDecimalText.nullable(),
  timeInForce: TimeInForce,
});
export type OrderTerms = z.infer<typeof OrderTerms>;

export const Rationale = freeText(1000).describe("Why the agent wants this; shown to the approver as untrusted text");

/** An instrument as the ticket names it, so that the approver signs what it is and not only its number. */
export const TicketInstrument = z.strictObject({
  conid: ConId,
  symbol: z.string().min(1).max(40),
  secType: z.string().min(1).max(10),
  exchange: z.string().min(1).max(20),
  primaryExchange: z.string().max(20),
  currency: CurrencyCode,
  multiplier: DecimalText,
  longName: ForeignText,
});
export type TicketInstrument = z.infer<typeof TicketInstrument>;

/** The canonical ticket: what a person countersigns. Its hash is SHA-256 of its RFC 8785 JSON. */
export const Ticket = z.strictObject({
  type: z.literal("countersign.ticket/1"),
  proposalId: ProposalId,
  mode: Mode,
  agent: PrincipalId,
  terms: OrderTerms,
  instrument: TicketInstrument,
  verdictHash: Sha256Hex,
  policyHash: Sha256Hex,
  createdAt: UtcText,
  expiresAt: UtcText.describe("After this no approval is accepted"),
  nonce: z.string().min(16).max(64),
});
export type Ticket = z.infer<typeof Ticket>;

/** The terms of an approval; the signature covers the canonical JSON of this, and so the whole ticket. */
export const ApprovalStatement = z.strictObject({
  type: z.literal("countersign.approval/1"),
  ticket: Ticket,
  ticketHash: Sha256Hex,
  approver: PrincipalId,
  approvedAt: UtcText,
  expiresAt: UtcText.describe("After this the order must not be sent"),
  reason: freeText(500).nullable(),
  nonce: z.string().min(16).max(64),
});
export type ApprovalStatement = z.infer<typeof ApprovalStatement>;

/** Ed25519 over the canonical JSON of the statement, by the key `keyId` of the roster. */
export const SignedApproval = z.strictObject({
  statement: ApprovalStatement,
  keyId: PrincipalId,
  signature: z.string().max(128),
});
export type SignedApproval = z.infer<typeof SignedApproval>;

/** Who caused something. */
export const Actor = z.strictObject({ kind: z.enum(["agent", "operator", "policy", "service"]), id: PrincipalId });
export type Actor = z.infer<typeof Actor>;

/** The idempotent identity of a proposal. */
export const ProposalKey = z.strictObject({ account: AccountId, agent: PrincipalId, idempotencyKey: IdempotencyKey });
