import * as z from "zod";
import { DENIALS, type DenialCode } from "./codes.ts";
import { ESTIMATE_DETAIL, EstimatedAmount } from "./costs.ts";
import { Amount } from "./money.ts";
import { ConId, DecimalText, ForeignText, Sha256Hex, UtcText } from "./primitives.ts";

const denialCodes = Object.keys(DENIALS) as [DenialCode, ...DenialCode[]];

/** What one rule said. Limit, value and headroom are text in `unit`; null where the rule has no such number or could not compute it. */
export const RuleResult = z.strictObject({
  rule: z.string().regex(/^[a-z][a-zA-Z]{2,39}$/),
  outcome: z
    .enum(["pass", "confirm", "deny"])
    .describe("confirm: a soft limit is exceeded; every approval must name the rule"),
  code: z.enum(denialCodes).nullable().describe("Denial code; null when the rule passes"),
  limit: z.string().max(200).nullable(),
  value: z.string().max(200).nullable(),
  headroom: z.string().max(200).nullable().describe("Limit minus value; negative or null when denied"),
  unit: z.string().max(20),
  message: z.string().max(500),
});
export type RuleResult = z.infer<typeof RuleResult>;

/** All rules, always; one denial denies. A rule that asks for a confirmation does not. The same inputs and policy give the same bytes. */
export const Verdict = z.strictObject({
  type: z
    .enum(["countersign.verdict/1", "countersign.verdict/2"])
    .describe("1: older, no rule asks for a confirmation"),
  outcome: z.enum(["pass", "deny"]),
  rules: z.array(RuleResult).min(1).max(100),
  policyHash: Sha256Hex,
  inputsHash: Sha256Hex.describe("SHA-256 over the terms and facts that were judged"),
  judgedAt: UtcText,
});
export type Verdict = z.infer<typeof Verdict>;

/** The broker's own what-if. Margins and equity in the account's base currency. */
export const BrokerWhatIf = z.strictObject({
  source: z.literal("broker"),
  asOf: UtcText,
  currency: z
    .string()
    .regex(/^[A-Z]{3}$/)
    .describe("Currency of the margins"),
  initialMarginChange: DecimalText,
  initialMarginAfter: DecimalText,
  maintenanceMarginChange: DecimalText,
  maintenanceMarginAfter: DecimalText,
  equityWithLoanAfter: DecimalText,
  commission: Amount.nullable().describe("null: the broker gave no single figure"),
  commissionMin: Amount.nullable(),
  commissionMax: Amount.nullable(),
  warning: ForeignText.nullable(),
});
export type BrokerWhatIf = z.infer<typeof BrokerWhatIf>;

/** Our own cost model. Never mixed with the broker's figures. */
export const CostEstimate = z.strictObject({
  source: z.literal("estimate"),
  asOf: UtcText,
  price: Amount.describe("The price at which the order is taken to fill"),
  priceBasis: z
    .enum(["farTouch", "limit", "stop", "trigger", "auction"])
    .describe(
      "farTouch: the ask when buying, the bid when selling; limit, stop, trigger: that price of the order; auction: the last price, or the far touch where that is worse; absent: the estimate is older than this field",
    )
    .exactOptional(),
  notional: Amount.describe("The worst price the order may meet x quantity x multiplier"),
  notionalBase: Amount.nullable().describe("In the account's base currency; null: no exchange rate"),
  fxRate: DecimalText.nullable(),
  commission: EstimatedAmount.describe("The broker's own, without the fees of others"),
  slippage: EstimatedAmount.describe("Half the spread and the market impact, no more than the limit leaves room for"),
  positionBefore: DecimalText.nullable(),
  positionAfter: DecimalText.nullable(),
  legs: z
    .array(
      z.strictObject({
        conid: ConId,
        positionBefore: DecimalText.nullable(),
        positionAfter: DecimalText.nullable(),
      }),
    )
    .max(100)
    .describe("There exactly for a combination, which has no position of its own: what it does to that of each leg")
    .exactOptional(),
  cashBefore: Amount.nullable(),
  cashAfter: Amount.nullable().describe("After the trade, its commission and the fees that are known"),
  ...ESTIMATE_DETAIL,
});
export type CostEstimate = z.infer<typeof CostEstimate>;

const Missing = z.strictObject({ missing: z.string().max(500).describe("Why it is not there") });

export const Simulation = z.strictObject({
  whatIf: z.union([BrokerWhatIf, Missing]),
  estimate: z.union([CostEstimate, Missing]),
});
export type Simulation = z.infer<typeof Simulation>;
