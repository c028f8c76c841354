import { DataType } from "@countersign/contracts/market-value";
import { OrderType } from "@countersign/contracts/order";
import { CurrencyCode, DecimalText, PositiveDecimalText } from "@countersign/contracts/primitives";
import * as z from "zod";

const Account = z.string().regex(/^[A-Z]{1,4}[0-9]{4,12}$/);
const Conids = z.array(z.int().min(1)).max(10_000);

/** config/risk-policy.yaml: the limits. None has a default; a key that is missing or unknown means no start. */
export const RiskPolicy = z.strictObject({
  accounts: z.array(Account).min(1).max(100).describe("The only accounts that orders may be for"),
  orderQuantityMax: PositiveDecimalText.describe("Shares, contracts or units of base currency, in one order"),
  orderNotionalMax: z
    .strictObject({ amount: PositiveDecimalText, currency: CurrencyCode })
    .describe("Price x quantity x multiplier of one order; the currency must be the account's base currency"),
  quoteAgeMsMax: z.int().min(1).max(600_000),
  quoteDataTypes: z.array(DataType).min(1),
  rateDataTypes: z.array(DataType).min(1).describe("What an exchange rate may be made of"),
  instruments: z.strictObject({
    secTypes: z.array(z.string().regex(/^[A-Z]{2,10}$/)).min(1),
    currencies: z.array(CurrencyCode).min(1),
    conidsOnly: Conids.nullable().describe("null: any instrument of these types and currencies"),
    conidsNever: Conids.describe("Wins over everything else"),
  }),
  orderTypes: z.array(OrderType).min(1).describe("The only order types that are let through"),
  extendedHours: z.boolean().describe("false: only while the contract's liquid hours are open"),
  excessLiquidityMin: z
    .strictObject({ amount: DecimalText, currency: CurrencyCode })
    .describe("What must be left of equity over maintenance margin after the order, by the broker's what-if"),
});
export type RiskPolicy = z.infer<typeof RiskPolicy>;

/** The policy in force, with the hash that every verdict names. */
export interface PolicyInForce {
  readonly policy: RiskPolicy;
  readonly hash: string;
}
