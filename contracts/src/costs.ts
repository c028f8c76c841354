import * as z from "zod";
import { Amount } from "./money.ts";
import { DateText, DecimalText } from "./primitives.ts";

/** How IBKR bills an account: all in one figure per share, or its own lower figure and every third party's fee. */
export const PricingPlan = z.enum(["fixed", "tiered"]);
export type PricingPlan = z.infer<typeof PricingPlan>;

/** An amount, or why nobody can say it. Never zero in place of unknown. */
export const EstimatedAmount = z.union([
  Amount,
  z.strictObject({ missing: z.string().max(300).describe("Why it is not there") }),
]);
export type EstimatedAmount = z.infer<typeof EstimatedAmount>;

export const EstimatedFee = z.strictObject({
  name: z.string().max(40),
  text: z.string().max(200),
  amount: EstimatedAmount.describe("Negative: somebody pays us"),
});
export type EstimatedFee = z.infer<typeof EstimatedFee>;

/** What everything that works in the instrument and this order make of it when all of it fills at its worst price. */
export const WorstCase = z.strictObject({
  price: Amount.describe("The worst price that the order may meet"),
  position: DecimalText.nullable().describe("null: positions or open orders are not known, or it is a combination"),
  exposure: EstimatedAmount.describe("Of that position at that price, in the account's base currency"),
  cash: EstimatedAmount.describe("Of the account, in its base currency"),
});
export type WorstCase = z.infer<typeof WorstCase>;

/** What an estimate tells beyond price, commission and position. Absent: the estimate is older than these fields. */
export const ESTIMATE_DETAIL = {
  plan: PricingPlan.nullable().describe("null: the policy names none for the account").exactOptional(),
  schedule: z.string().max(60).nullable().describe("Whose figures were used; null: none fits").exactOptional(),
  feesCheckedOn: DateText.describe("When the table of fees was last compared with its sources").exactOptional(),
  fees: z.array(EstimatedFee).max(40).exactOptional(),
  costs: z
    .strictObject({
      known: Amount.describe("Commission, fees and slippage, as far as each is known"),
      complete: z.boolean().describe("false: something is missing, and so not in the sum"),
    })
    .exactOptional(),
  halfSpread: EstimatedAmount.exactOptional(),
  impact: EstimatedAmount.describe("What the order itself moves the price").exactOptional(),
  buyingPowerBefore: Amount.nullable().exactOptional(),
  buyingPowerAfter: EstimatedAmount.exactOptional(),
  exposureBefore: EstimatedAmount.describe(
    "Of the position in the instrument, in the account's base currency",
  ).exactOptional(),
  exposureAfter: EstimatedAmount.exactOptional(),
  grossBefore: EstimatedAmount.describe(
    "Of all positions in stocks and options, as the broker sums them",
  ).exactOptional(),
  grossAfter: EstimatedAmount.exactOptional(),
  worst: WorstCase.exactOptional(),
};
