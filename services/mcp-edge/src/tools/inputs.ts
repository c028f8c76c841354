import { type Denial, denied } from "@countersign/contracts/denial";
import { type OrderTerms, OrderType, Side, TimeInForce } from "@countersign/contracts/order";
import { AccountId, ConId, PositiveDecimalText } from "@countersign/contracts/primitives";
import * as z from "zod";

export const Account = AccountId.describe("IBKR account number, one of list_accounts");

/** The terms of an order as arguments; flat, no defaults. */
export const termsShape = {
  account: Account,
  conid: ConId.describe("Contract id, from search_contracts"),
  side: Side,
  quantity: PositiveDecimalText.describe("Shares or contracts, decimal as text"),
  order_type: OrderType,
  limit_price: PositiveDecimalText.describe("For LMT only; decimal as text, in the instrument's currency").optional(),
  time_in_force: TimeInForce,
};
const TermsArguments = z.object(termsShape);

/** A limit order has a limit price and a market order has none; nothing is filled in. */
export function termsOf(
  args: z.output<typeof TermsArguments>,
): { terms: OrderTerms; denial?: undefined } | { terms?: undefined; denial: { outcome: "denied"; denial: Denial } } {
  const limitPrice = args.limit_price ?? null;
  if ((args.order_type === "LMT") !== (limitPrice !== null)) return { denial: denied("LIMIT_PRICE_REQUIRED") };
  const { account, conid, side, quantity, order_type: orderType, time_in_force: timeInForce } = args;
  return { terms: { account, conid, side, quantity, orderType, limitPrice, timeInForce } };
}
