import * as z from "zod";
import { AutoApprovalPolicy, AutoMode } from "../auto-approval.ts";
import { KillLevel } from "../control.ts";
import { replyOf } from "../denial.ts";
import { DataType } from "../market-value.ts";
import { Amount } from "../money.ts";
import { Actor, PolicyRef, Ticket } from "../order.ts";
import { AccountId, CurrencyCode, DecimalText, freeText, PrincipalId, UtcText } from "../primitives.ts";
import { Verdict } from "../verdict.ts";

const gathered = <T extends z.ZodType>(value: T) =>
  z.discriminatedUnion("state", [
    z.strictObject({ state: z.literal("known"), value }),
    z.strictObject({ state: z.literal("missing"), reason: z.string().max(500) }),
  ]);

/** What the gate knows about one order, gathered together with its verdict. Nothing of it comes from the agent. */
export const EnvelopeFacts = z.strictObject({
  type: z.literal("countersign.envelopeFacts/1"),
  at: UtcText,
  verdict: Verdict,
  kill: gathered(z.strictObject({ level: KillLevel, reason: z.string().max(500) })),
  secType: gathered(z.string().max(10)),
  baseCurrency: gathered(CurrencyCode),
  notional: gathered(DecimalText).describe("At the worst price, in base currency, rounded up to cents"),
  netLiquidation: gathered(DecimalText).describe("Of the account, in base currency"),
  position: gathered(
    z.strictObject({
      before: DecimalText.describe("Negative: short"),
      working: DecimalText.describe("What else works, may work or is UNKNOWN on the side of the order"),
      unitValue: DecimalText.describe("Of one unit at the worst price of the order, in base currency, rounded up"),
    }),
  ),
  quote: gathered(
    z.strictObject({
      bid: DecimalText,
      ask: DecimalText,
      dataType: DataType,
      ageMs: z.int().describe("Negative: from the future"),
      flags: z.array(z.string().max(40)).max(10),
    }),
  ),
  hours: gathered(
    z.strictObject({
      zone: z.string().min(1).max(60).describe("IANA name"),
      sessions: z
        .array(z.strictObject({ open: UtcText, close: UtcText.describe("Not in it any more") }))
        .max(200)
        .describe("Regular sessions by the contract's own hours"),
    }),
  ),
});
export type EnvelopeFacts = z.infer<typeof EnvelopeFacts>;

/** envelope: a fresh verdict on a ticket with the facts that a standing policy looks at. */
export const EnvelopeRequest = z.strictObject({
  ticket: Ticket,
  afterSequence: z.int().min(0).describe("The gate must know the stream ORDERS up to here before it gathers"),
});
export const EnvelopeReply = replyOf(EnvelopeFacts);

const Sum = z.strictObject({ account: AccountId, agent: PrincipalId.nullable(), orders: z.int(), notional: Amount });

/** How the standing policy stands. */
export const AutoStatus = z.strictObject({
  mode: AutoMode,
  since: z
    .strictObject({
      at: UtcText,
      actor: Actor,
      reason: z.string().max(500),
      cause: z.literal("throttle").nullable().describe("throttle: it turned itself off; null: a person chose the mode"),
    })
    .nullable()
    .describe("null: nobody ever turned it on"),
  allowedHere: z.boolean().describe("false: the configuration keeps it off in this mode"),
  turnedOn: PolicyRef.nullable().describe("The policy that the mode was chosen for"),
  document: z.discriminatedUnion("state", [
    z.strictObject({
      state: z.literal("valid"),
      ref: PolicyRef,
      policy: AutoApprovalPolicy,
      signers: z.array(z.strictObject({ person: PrincipalId, keyId: PrincipalId })).max(10),
    }),
    z.strictObject({
      state: z.literal("invalid"),
      ref: PolicyRef.nullable().describe("null: it cannot be read"),
      reasons: z.array(z.string().max(300)).max(20),
    }),
    z.strictObject({ state: z.literal("none") }),
  ]),
  used: z.array(Sum).max(1_000).describe("In the last 24 hours, in this mode; agent null: the sum of the account"),
});
export type AutoStatus = z.infer<typeof AutoStatus>;

export const AutoStatusRequest = z.strictObject({});
export const AutoStatusReply = replyOf(AutoStatus);

/** setAutoMode: a person turns it on, to shadow, or off. Anything but off names the policy that is meant. */
export const SetAutoModeRequest = z.strictObject({
  mode: AutoMode,
  operator: PrincipalId,
  reason: freeText(500),
  policyHash: PolicyRef.shape.hash.nullable().describe("null exactly with off"),
});
