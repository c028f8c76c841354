import * as z from "zod";
import { Mode } from "./mode.ts";
import { Side } from "./order.ts";
import {
  AccountId,
  Base64Url,
  ConId,
  CurrencyCode,
  DateText,
  PositiveDecimalText,
  PrincipalId,
  UtcText,
} from "./primitives.ts";

/** Longest time from issue to expiry that any configuration can allow. */
export const POLICY_DAYS_MAX = 7;
export const INSTRUMENTS_MAX = 20;
/** Longest life of a GTD order that nobody looked at. */
export const GOOD_TILL_MINUTES_MAX = 15;

const Money = PositiveDecimalText.describe("In the base currency of the policy");
const Percent = z
  .string()
  .regex(/^(?!0+(\.0+)?$)(0|[1-9][0-9]?)(\.[0-9]{1,4})?$/)
  .describe("Percent, above 0 and below 100, decimal as text");
const LocalTime = z.string().regex(/^([01][0-9]|2[0-3]):[0-5][0-9]$/);
export const WEEKDAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"] as const;

/** At these local times of the exchange; its zone comes from the contract, never from here. */
export const PolicyWindow = z
  .strictObject({ days: z.array(z.enum(WEEKDAYS)).min(1).max(7), from: LocalTime, to: LocalTime.describe("Not in it") })
  .refine(({ from, to }) => from < to, "a window ends after it begins, on the same day");

/** A purchase plan: of this instrument and side one order in each period, and no other. */
export const PolicySchedule = z.strictObject({
  id: PrincipalId,
  conid: ConId,
  side: Side,
  notionalMax: Money.describe("Of the one order in a period"),
  every: z.strictObject({ count: z.int().min(1).max(366), unit: z.enum(["day", "week", "month"]) }),
  startsOn: DateText.describe("Periods are counted from this date of the exchange; before it there is none"),
});
export type PolicySchedule = z.infer<typeof PolicySchedule>;

const unique = <T>(items: readonly T[]) => new Set(items).size === items.length;
const list = <T extends z.ZodType>(item: T, max: number) =>
  z.array(item).min(1).max(max).refine(unique, "something stands there twice");

/** What may be sent without a person. Everything is said, nothing has a default; an order must satisfy all of it. */
export const AutoApprovalPolicy = z
  .strictObject({
    type: z.literal("countersign.autoApproval/1"),
    id: PrincipalId,
    version: z.int().min(1).max(1_000_000),
    mode: Mode.describe("The one mode it is for"),
    issuedAt: UtcText,
    expiresAt: UtcText,
    baseCurrency: CurrencyCode.describe("The base currency of every account it names"),
    accounts: list(AccountId, 20),
    agents: list(PrincipalId, 20),
    instruments: z.strictObject({
      allowed: list(ConId, INSTRUMENTS_MAX),
      denied: z.array(ConId).max(1_000).describe("Wins over allowed"),
      secTypes: list(z.string().regex(/^[A-Z]{2,10}$/), 10),
    }),
    orders: z.strictObject({
      types: list(z.enum(["LMT", "MKT"]), 2),
      timesInForce: list(z.enum(["DAY", "GTD"]), 2),
      goodTillMinutesMax: z.int().min(1).max(GOOD_TILL_MINUTES_MAX),
    }),
    hours: z.strictObject({
      afterOpenMinutes: z.int().min(0).max(240).describe("Of the regular session nothing before so many minutes"),
      beforeCloseMinutes: z.int().min(0).max(240).describe("Nor so many minutes before its end"),
      windows: z.array(PolicyWindow).min(1).max(20).nullable().describe("null: the whole of the rest"),
    }),
    market: z.strictObject({
      quoteAgeMsMax: z.int().min(1).max(15_000),
      spreadPercentMax: Percent.describe("Ask minus bid, of their middle"),
    }),
    limits: z.strictObject({
      orderNotionalMax: Money,
      dayNotionalMax: z
        .strictObject({ agent: Money, account: Money })
        .describe("Sum over all orders of any 24 hours, of the agent and of the account"),
      positionValueMax: Money.describe("Of the resulting position, everything that works or may work filled"),
      positionPercentMax: Percent.describe("The same as a part of the account's net liquidation value"),
    }),
    lanes: z
      .strictObject({
        opening: z.boolean().describe("Orders that open or increase a position, where no schedule stands"),
        reducing: z.boolean().describe("Orders that only make a position smaller"),
        schedules: z.array(PolicySchedule).max(20),
      })
      .refine(
        ({ schedules }) => unique(schedules.map(({ conid, side }) => `${conid} ${side}`)),
        "one schedule for each instrument and side",
      )
      .refine(({ schedules }) => unique(schedules.map(({ id }) => id)), "two schedules have one id"),
  })
  .describe("Its hash is SHA-256 of its RFC 8785 JSON");
export type AutoApprovalPolicy = z.infer<typeof AutoApprovalPolicy>;

/** `auto-approval.json` in the keys folder: every signature is by a session key of a person, over the canonical JSON of the policy. */
export const SignedPolicy = z.strictObject({
  policy: AutoApprovalPolicy,
  signatures: z.array(z.strictObject({ keyId: PrincipalId, signature: Base64Url.max(128) })).max(10),
});
export type SignedPolicy = z.infer<typeof SignedPolicy>;

/** config/auto-approval.yaml: approval and broker-gateway read it both. Nothing here turns anything on. */
export const AutoApprovalConfig = z.strictObject({
  live: z.boolean().describe("true: a standing policy may also be turned on in live mode"),
  keyId: PrincipalId.describe("The policy key on the roster with which its approvals are signed"),
  policyDaysMax: z.int().min(1).max(POLICY_DAYS_MAX).describe("Longest time from a policy's issue to its expiry"),
  approvalSeconds: z.int().min(5).max(120).describe("Life of an approval by policy"),
  throttle: z
    .strictObject({ max: z.int().min(1).max(20), windowSeconds: z.int().min(60).max(86_400) })
    .describe("So many approvals of one agent, instrument and side in this time turn it off"),
});
export type AutoApprovalConfig = z.infer<typeof AutoApprovalConfig>;

export const AUTO_MODES = ["off", "shadow", "on"] as const;
/** off: nothing is looked at. shadow: decides and records, approves nothing. on: approves. */
export const AutoMode = z.enum(AUTO_MODES);
export type AutoMode = z.infer<typeof AutoMode>;

/** Every condition, in the order in which an assessment lists them. All are looked at, always. */
export const AUTO_CHECKS = {
  policy: "The policy is readable, for this mode, within its time, and signed by two persons of the roster.",
  turnedOn: "A person turned on this very policy.",
  killSwitch: "The kill switch is ACTIVE in every scope of the order, and no service has stopped policies there.",
  verdict: "The gate's fresh verdict passes.",
  approvals: "The ticket asks for one approval, and not for a passkey.",
  scope: "Account and agent are named by the policy.",
  instrument: "The instrument is allowed by its contract id, and not denied.",
  securityType: "The type of the instrument is allowed.",
  orderType: "A plain new order of an allowed type: no combination, bracket, modification or extended hours.",
  timeInForce: "The time in force is allowed and short enough.",
  hours: "Regular hours of the exchange, not too near to their ends, inside a window.",
  quote: "A live two-sided quote, young enough.",
  spread: "The spread is small enough.",
  orderNotional: "The order is small enough.",
  dayNotionalAgent: "With all that was approved for the agent in 24 hours it is small enough.",
  dayNotionalAccount: "With all that was approved for the account in 24 hours it is small enough.",
  position: "The resulting position is small enough, whatever works filled, and not short.",
  lane: "It follows a schedule whose period is free, or only reduces, or opens where that is allowed.",
  repeats: "The same agent, instrument and side were not approved too often just now.",
} as const;
export type AutoCheckName = keyof typeof AUTO_CHECKS;

/** missing: a fact is not there, so nobody can say; it counts like fail. */
export const AutoCheck = z.strictObject({
  check: z.enum(Object.keys(AUTO_CHECKS) as [AutoCheckName, ...AutoCheckName[]]),
  outcome: z.enum(["pass", "fail", "missing"]),
  limit: z.string().max(200).nullable(),
  value: z.string().max(200).nullable(),
  message: z.string().max(300),
});
export type AutoCheck = z.infer<typeof AutoCheck>;
