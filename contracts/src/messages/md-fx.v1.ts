import * as z from "zod";
import { Asker } from "../asker.ts";
import { pacedReplyOf, replyOf } from "../denial.ts";
import { DataType } from "../market-value.ts";
import { Amount } from "../money.ts";
import { ConId, CurrencyCode, DecimalText, UtcText } from "../primitives.ts";

/** Oldest quote of a leg that the caller accepts; every leg must meet it. */
const maxAgeMs = z.int().min(0).max(3_600_000);

/**
 * At which price `from` changes into `to`. `mid`: what it is worth. `sell`: what one who sells `from` gets now. `buy`: what
 * one who buys `from` pays now. Selling and buying back costs the spread.
 */
export const RateSide = z.enum(["mid", "sell", "buy"]);
export type RateSide = z.infer<typeof RateSide>;

/** One pair on the way, as the broker quotes it. */
export const RateLeg = z.strictObject({
  pair: z.string().regex(/^[A-Z]{3}\.[A-Z]{3}$/),
  conid: ConId,
  inverse: z.boolean().describe("Passed from the quoted currency to the base"),
  bid: DecimalText,
  ask: DecimalText,
  rate: DecimalText.describe("What this leg multiplies with; rounded half to even at 12 decimals"),
  dataType: DataType,
  source: z.string().max(40),
  asOf: UtcText,
  ageMs: z.int().min(0),
});
export type RateLeg = z.infer<typeof RateLeg>;

/** How much of `to` one unit of `from` is. A missing leg is an error; no rate is ever made up. */
export const Rate = z.strictObject({
  from: CurrencyCode,
  to: CurrencyCode,
  side: RateSide,
  rate: DecimalText,
  method: z.enum(["same", "direct", "inverse", "crossed"]),
  legs: z.array(RateLeg).max(3).describe("In the order in which they are passed; none from a currency to itself"),
  dataType: DataType.describe("The worst of the legs"),
  source: z.string().max(40),
  asOf: UtcText.describe("Of the oldest leg"),
  ageMs: z.int().min(0).describe("Of the oldest leg, when the answer was written"),
});
export type Rate = z.infer<typeof Rate>;

/** order-rate: what the gate asks. */
export const OrderRateRequest = z.strictObject({ from: CurrencyCode, to: CurrencyCode, side: RateSide, maxAgeMs });
/** rate: the same for anybody. */
export const RateRequest = OrderRateRequest.extend({ asker: Asker });
export const RateReply = pacedReplyOf(Rate);

/** convert: an amount in another currency, with the rate that was used. */
export const ConvertRequest = z.strictObject({
  amount: Amount,
  to: CurrencyCode,
  side: RateSide,
  maxAgeMs,
  asker: Asker,
});
export const ConvertReply = pacedReplyOf(
  z.strictObject({
    amount: Amount,
    converted: Amount.describe("Amount times rate; rounded half to even at the smallest unit of the currency"),
    rate: Rate,
  }),
);

export const CurrencyPairsRequest = z.strictObject({
  currency: CurrencyCode.nullable().describe("Only pairs with this currency; null: all"),
});
export const CurrencyPair = z.strictObject({
  pair: z.string().regex(/^[A-Z]{3}\.[A-Z]{3}$/),
  base: CurrencyCode,
  quoted: CurrencyCode,
  pip: DecimalText.describe("The pip of the market, in the quoted currency; not the broker's price step"),
  pipValue: Amount.describe("Of a standard lot of 100,000 of the base currency"),
  interbankMin: Amount.describe("A smaller order is an odd lot: worse price, and not shown in the interbank book"),
});
export const CurrencyPairsReply = replyOf(
  z.strictObject({
    pairs: z.array(CurrencyPair).max(200),
    source: z.literal("table").describe("The broker may quote fewer; what it does not quote has no rate"),
    checkedOn: z.string().regex(/^[0-9]{4}-[0-9]{2}-[0-9]{2}$/),
  }),
);
