import * as z from "zod";
import { Execution, PermId } from "./facts/exec-facts.v1.ts";
import { Amount } from "./money.ts";
import { OrderLeg } from "./order.ts";
import { AccountId, ConId, CurrencyCode, DecimalText, ProposalId, UtcText } from "./primitives.ts";

export const AccountSummary = z.strictObject({
  account: AccountId,
  baseCurrency: CurrencyCode,
  netLiquidation: Amount,
  totalCash: Amount,
  availableFunds: Amount,
  buyingPower: Amount,
  excessLiquidity: Amount,
  initialMargin: Amount,
  maintenanceMargin: Amount,
  grossPositionValue: Amount,
  cashByCurrency: z.array(Amount).max(40),
  source: z.string().max(40),
  asOf: UtcText,
});
export type AccountSummary = z.infer<typeof AccountSummary>;

export const Position = z.strictObject({
  account: AccountId,
  conid: ConId,
  symbol: z.string().max(40),
  secType: z.string().max(10),
  currency: CurrencyCode,
  quantity: DecimalText.describe("Negative: short"),
  averageCost: DecimalText.describe("As TWS gives it: includes the multiplier for futures and options"),
});
export type Position = z.infer<typeof Position>;

/** 0: a combination to which the broker gives no number. */
const FiledUnder = z
  .int()
  .min(0)
  .max(2147483647)
  .describe("Contract id; of a combination the one under which all are filed");

/** An order that is open at the broker: ours, or foreign (entered by hand or by another program). */
export const OpenOrder = z.strictObject({
  account: AccountId,
  permId: PermId,
  orderId: z.int(),
  clientId: z.int(),
  orderRef: z.string().max(64),
  ownership: z.enum(["ours", "foreign"]),
  proposalId: ProposalId.nullable(),
  conid: FiledUnder,
  symbol: z.string().max(40),
  comboLegs: z
    .array(OrderLeg.extend({ ratio: z.int().min(1) }))
    .max(100)
    .describe("There exactly for a combination; empty: the broker does not say which legs it has")
    .exactOptional(),
  side: z.enum(["BUY", "SELL"]),
  quantity: DecimalText,
  filledQuantity: DecimalText.nullable(),
  orderType: z.string().max(20),
  limitPrice: DecimalText.nullable(),
  stopPrice: DecimalText.describe(
    "From which price on it trades; absent: at once, or TWS does not say",
  ).exactOptional(),
  timeInForce: z.string().max(10),
  status: z.string().max(40),
});
export type OpenOrder = z.infer<typeof OpenOrder>;

export const AccountExecution = Execution.extend({
  account: AccountId,
  conid: FiledUnder,
  symbol: z.string().max(40),
  combo: z
    .literal(true)
    .describe("Of a combination as a whole: what it did in its legs are executions of their own beside it")
    .exactOptional(),
  orderRef: z.string().max(64),
  permId: PermId,
  ownership: z.enum(["ours", "foreign"]),
  proposalId: ProposalId.nullable(),
  commission: Amount.nullable(),
});
export type AccountExecution = z.infer<typeof AccountExecution>;
