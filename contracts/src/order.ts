import * as z from "zod";
import { Mode } from "./mode.ts";
import {
  AccountId,
  ConId,
  CurrencyCode,
  DecimalText,
  ForeignText,
  freeText,
  NetPriceText,
  PositiveDecimalText,
  PrincipalId,
  ProposalId,
  Sha256Hex,
  UtcText,
} from "./primitives.ts";

export const Side = z.enum(["BUY", "SELL"]);
export type Side = z.infer<typeof Side>;
/** The side of who closes what this one opened, and of the exits of a bracket. */
export const otherSide = (side: Side): Side => (side === "BUY" ? "SELL" : "BUY");

export const OrderType = z.enum([
  ...["MKT", "LMT", "STP", "STP LMT", "TRAIL", "TRAIL LIMIT", "MIT", "LIT"],
  ...["MOC", "LOC", "MOO", "LOO", "MIDPRICE", "REL"],
] as const);
export type OrderType = z.infer<typeof OrderType>;

/** DAY: until the close; GTC: until cancelled; GTD: until `goodTill`; IOC: now or never; FOK: all of it now or nothing; OPG: the opening auction. */
export const TimeInForce = z.enum(["DAY", "GTC", "GTD", "IOC", "FOK", "OPG"]);
export type TimeInForce = z.infer<typeof TimeInForce>;

/** Percent of a price: above 0 and below 100, at most four digits behind the point. 1.5 is 1.5 %. */
export const PercentText = z
  .string()
  .max(7)
  .regex(/^(?!0+(\.0+)?$)(0|[1-9][0-9]?)(\.[0-9]{1,4})?$/)
  .describe("Percent, above 0 and below 100, decimal as text");

/** How far a trailing stop stays behind the market: an amount in the instrument's currency, or percent of the price. */
export const Trail = z.discriminatedUnion("by", [
  z.strictObject({ by: z.literal("amount"), amount: PositiveDecimalText }),
  z.strictObject({ by: z.literal("percent"), percent: PercentText }),
]);
export type Trail = z.infer<typeof Trail>;

const Price = PositiveDecimalText.describe("In the instrument's currency");
const OutsideRth = z
  .literal(true)
  .describe("May trigger and fill outside regular trading hours; absent: not")
  .exactOptional();

/**
 * The two orders that close the position again, for the same quantity on the other side. They leave together with the
 * entry, the broker holds them until it fills, and the fill of one cancels the other.
 */
export const Exits = z.strictObject({
  takeProfit: z.strictObject({ limitPrice: Price }),
  stopLoss: z.strictObject({
    stopPrice: Price,
    limitPrice: Price.describe("Absent: a market order once the stop is reached").exactOptional(),
  }),
  timeInForce: z.enum(["DAY", "GTC"]),
  outsideRth: OutsideRth,
});
export type Exits = z.infer<typeof Exits>;

export const LEGS_MAX = 4;
export const LEG_RATIO_MAX = 100;

/** One leg of a combination. */
export const OrderLeg = z.strictObject({
  conid: ConId,
  side: Side.describe("What buying the combination does with this leg; selling the combination does the opposite"),
  ratio: z.int().min(1).max(LEG_RATIO_MAX).describe("Units of this leg in one unit of the combination"),
});
export type OrderLeg = z.infer<typeof OrderLeg>;
export const OrderLegs = z.array(OrderLeg).min(2).max(LEGS_MAX);

/** Of every order, whether it names one instrument or the legs of a combination. */
const everyOrder = {
  account: AccountId,
  side: Side,
  quantity: PositiveDecimalText,
  timeInForce: TimeInForce,
  goodTill: UtcText.describe("The order ends then; there exactly with GTD").exactOptional(),
  outsideRth: OutsideRth,
};
const never = z.never().exactOptional();
const common = { ...everyOrder, conid: ConId, exits: Exits.exactOptional(), legs: never };
const combination = { ...everyOrder, legs: OrderLegs, conid: never, exits: never };

/** One instrument. */
const SingleTerms = z.discriminatedUnion("orderType", [
  z.strictObject({ ...common, orderType: z.literal("MKT"), limitPrice: z.null() }),
  z.strictObject({ ...common, orderType: z.literal("LMT"), limitPrice: Price }),
  z.strictObject({ ...common, orderType: z.literal("STP"), stopPrice: Price }),
  z.strictObject({ ...common, orderType: z.literal("STP LMT"), stopPrice: Price, limitPrice: Price }),
  z.strictObject({
    ...common,
    orderType: z.literal("TRAIL"),
    trail: Trail,
    stopPrice: Price.describe("First stop; absent: the broker starts from the market").exactOptional(),
  }),
  z.strictObject({
    ...common,
    orderType: z.literal("TRAIL LIMIT"),
    trail: Trail,
    stopPrice: Price.describe("First stop"),
    limitOffset: Price.describe("How far the limit is from the stop, to the worse side"),
  }),
  z.strictObject({ ...common, orderType: z.literal("MIT"), triggerPrice: Price }),
  z.strictObject({ ...common, orderType: z.literal("LIT"), triggerPrice: Price, limitPrice: Price }),
  z.strictObject({ ...common, orderType: z.literal("MOC") }),
  z.strictObject({ ...common, orderType: z.literal("LOC"), limitPrice: Price }),
  z.strictObject({ ...common, orderType: z.literal("MOO") }),
  z.strictObject({ ...common, orderType: z.literal("LOO"), limitPrice: Price }),
  z.strictObject({
    ...common,
    orderType: z.literal("MIDPRICE"),
    limitPrice: Price.describe("Worst price; absent: the midpoint wherever it is").exactOptional(),
  }),
  z.strictObject({
    ...common,
    orderType: z.literal("REL"),
    offset: Price.describe("How much better than the near side of the quote"),
    limitPrice: Price.describe("Worst price; absent: none").exactOptional(),
  }),
]);

/** Several instruments that trade together or not at all. The price is that of one unit of the combination. */
const ComboTerms = z.discriminatedUnion("orderType", [
  z.strictObject({ ...combination, orderType: z.literal("MKT"), limitPrice: z.null() }),
  z.strictObject({ ...combination, orderType: z.literal("LMT"), limitPrice: NetPriceText }),
]);

/**
 * What the agent asks for, one shape for each order type: a price that a type does not have is not there. (MKT keeps its
 * null: its tickets are older than the others, and a ticket's hash never changes.) Which times in force go with which
 * type stands in ORDER_RULES. It names one instrument by `conid`, or the `legs` of a combination, never both.
 */
export const OrderTerms = z.union([SingleTerms, ComboTerms]);
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
  series: z
    .string()
    .min(1)
    .max(100)
    .describe(
      "What sets it apart from its kin: expiry, right and strike, as the broker gives them; absent: nothing does",
    )
    .exactOptional(),
  legs: never,
});
export type TicketInstrument = z.infer<typeof TicketInstrument>;

/** The same of a combination. Currency, multiplier and exchange are those of every leg, or the gate denies it. */
export const TicketCombo = z.strictObject({
  symbol: z.string().min(1).max(200).describe("Those of the legs, each once"),
  secType: z.literal("BAG"),
  exchange: z.string().min(1).max(20),
  currency: CurrencyCode,
  multiplier: DecimalText,
  legs: z.array(TicketInstrument).min(2).max(LEGS_MAX).describe("In the order of the terms"),
});
export type TicketCombo = z.infer<typeof TicketCombo>;

export const OrderRef = z
  .string()
  .regex(/^cs1\.[a-z2-7]{20}$/)
  .describe("orderRef at the broker; derived from the ticket hash");

/** The order that a proposal changes. The terms of the ticket are all that it shall have, not only what is new. */
export const Modifies = z.strictObject({
  proposalId: ProposalId,
  orderRef: OrderRef,
  before: OrderTerms.describe("As they are in force, with every change so far; the broker shows the same"),
  atBroker: z
    .strictObject({
      asOf: UtcText,
      status: z.string().max(40),
      quantity: DecimalText,
      filledQuantity: DecimalText,
      limitPrice: DecimalText.nullable(),
      timeInForce: z.string().max(10),
    })
    .describe("The order as the broker showed it when the change was proposed"),
});
export type Modifies = z.infer<typeof Modifies>;

/** The canonical ticket: what a person countersigns. Its hash is SHA-256 of its RFC 8785 JSON. */
export const Ticket = z.strictObject({
  type: z.literal("countersign.ticket/1"),
  proposalId: ProposalId,
  mode: Mode,
  agent: PrincipalId,
  terms: OrderTerms,
  instrument: z.union([TicketInstrument, TicketCombo]),
  verdictHash: Sha256Hex,
  policyHash: Sha256Hex,
  createdAt: UtcText,
  expiresAt: UtcText.describe("After this no approval is accepted"),
  nonce: z.string().min(16).max(64),
  modifies: Modifies.describe("Absent: it is a new order").exactOptional(),
  approvals: z
    .union([z.literal(1), z.literal(2)])
    .describe("How many people must sign; absent: one")
    .exactOptional(),
  keys: z
    .enum(["session", "passkey"])
    .describe("With what they must sign; absent: session keys will do")
    .exactOptional(),
});
export type Ticket = z.infer<typeof Ticket>;

/** More soft limits than these nobody reads: an order that exceeds more is denied. */
export const CONFIRMATIONS_MAX = 3;

export const RuleName = z.string().regex(/^[a-z][a-zA-Z]{2,39}$/);

/** The standing policy in whose name something is approved. */
export const PolicyRef = z.strictObject({
  id: PrincipalId,
  hash: Sha256Hex.describe("SHA-256 of the canonical JSON of the policy as it was signed"),
});
export type PolicyRef = z.infer<typeof PolicyRef>;

/** The terms of an approval; the signature covers the canonical JSON of this, and so the whole ticket. */
export const ApprovalStatement = z.strictObject({
  type: z.literal("countersign.approval/1"),
  ticket: Ticket,
  ticketHash: Sha256Hex,
  approver: PrincipalId.describe("Whose key signs, as the roster names them"),
  approvedAt: UtcText,
  expiresAt: UtcText.describe("After this the order must not be sent"),
  reason: freeText(500).nullable(),
  nonce: z.string().min(16).max(64),
  by: z.enum(["person", "policy"]).describe("Who decided; absent: a person").exactOptional(),
  policy: PolicyRef.describe("There exactly when a policy decided").exactOptional(),
  confirmed: z
    .array(RuleName)
    .min(1)
    .max(CONFIRMATIONS_MAX)
    .describe("Rules whose soft limit the order exceeds, each typed by the approver; absent: none")
    .exactOptional(),
});
export type ApprovalStatement = z.infer<typeof ApprovalStatement>;

const binary = (bytesMax: number) =>
  z
    .string()
    .min(1)
    .max(Math.ceil((bytesMax * 4) / 3))
    .regex(/^[A-Za-z0-9_-]+$/)
    .describe("Base64url without padding");

/** What an authenticator says: its challenge is the SHA-256 of the canonical statement. */
export const PasskeyAssertion = z.strictObject({
  credentialId: binary(1_023),
  authenticatorData: binary(1_024),
  clientDataJSON: binary(2_048),
  signature: binary(1_024),
});
export type PasskeyAssertion = z.infer<typeof PasskeyAssertion>;

const signedBy = { statement: ApprovalStatement, keyId: PrincipalId.describe("The key's name on the roster") };

/** Ed25519 over the canonical JSON of the statement, by a session or policy key; or a passkey's assertion about it. */
export const SignedApproval = z.union([
  z.strictObject({ ...signedBy, signature: z.string().max(128) }),
  z.strictObject({ ...signedBy, passkey: PasskeyAssertion }),
]);
export type SignedApproval = z.infer<typeof SignedApproval>;

/** Who caused something. */
export const Actor = z.strictObject({ kind: z.enum(["agent", "operator", "policy", "service"]), id: PrincipalId });
export type Actor = z.infer<typeof Actor>;
