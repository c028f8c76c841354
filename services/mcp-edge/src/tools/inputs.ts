import { type Denial, denied } from "@countersign/contracts/denial";
import { OrderTerms, OrderType, PercentText, Side, TimeInForce } from "@countersign/contracts/order";
import { combinationRefusal, fieldsRefusal, type OrderField, type TermsRefusal } from "@countersign/contracts/order-rules";
import { AccountId, ConId, PositiveDecimalText } from "@countersign/contracts/primitives";
import * as z from "zod";

export const Account = AccountId.describe("IBKR account number, one of list_accounts");

const price = (text: string) => PositiveDecimalText.describe(text).optional();

/** The terms of an order as arguments; flat, no defaults. Which type needs which is refused with a sentence, not by the schema. */
export const termsShape = {
  account: Account,
  conid: ConId.describe("Contract id, from search_contracts"),
  side: Side,
  quantity: PositiveDecimalText.describe("Shares or contracts, decimal as text"),
  order_type: OrderType.describe("MOC, LOC: at the close; MOO, LOO: at the open; MIT, LIT: if touched; REL: pegged"),
  limit_price: price(
    "For LMT, STP LMT, LIT, LOC, LOO; optional cap of MIDPRICE and REL. Decimal as text, in the instrument's currency",
  ),
  stop_price: price("For STP, STP LMT, TRAIL LIMIT; optional first stop of TRAIL"),
  trigger_price: price("For MIT, LIT"),
  trailing_amount: price("For TRAIL, TRAIL LIMIT: in currency; or"),
  trailing_percent: PercentText.describe("1.5 is 1.5 %").optional(),
  limit_offset: price("For TRAIL LIMIT: limit behind the stop"),
  offset: price("For REL"),
  time_in_force: TimeInForce.describe("MOC, LOC, MIDPRICE: DAY; MOO, LOO: OPG; IOC, FOK: MKT and LMT only"),
  good_till: z
    .string()
    .regex(/^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$/)
    .describe("For GTD: UTC, 2026-11-30T20:00:00Z")
    .optional(),
  outside_rth: z.boolean().describe("May also work outside regular hours; default false").optional(),
};
const TermsArguments = z.object(termsShape);
type Arguments = z.output<typeof TermsArguments>;
type Refused = { outcome: "denied"; denial: Denial };

/** The arguments as the ticket's terms; nothing is filled in, and what does not fit together is denied with the argument's name. */
export function termsOf(args: Arguments): { terms: OrderTerms; denial?: undefined } | { terms?: undefined; denial: Refused } {
  const { account, conid, side, quantity, order_type: orderType, time_in_force: timeInForce } = args;
  if (args.trailing_amount !== undefined && args.trailing_percent !== undefined) {
    const message = "Give trailing_amount or trailing_percent, not both.";
    return { denial: denied("ORDER_FIELDS_INVALID", message, { field: "trailing_percent" }) };
  }
  const fields = given(fieldsOf(args));
  const times = given({
    goodTill: args.good_till?.replace("Z", ".000Z"),
    outsideRth: args.outside_rth === true ? (true as const) : undefined,
  });
  const names = new Set(Object.keys(fields) as OrderField[]);
  const refusal =
    fieldsRefusal(orderType, names) ?? combinationRefusal({ orderType, timeInForce, ...times } as OrderTerms);
  if (refusal !== undefined) return { denial: deniedBy(refusal) };
  const base = { account, conid, side, quantity, orderType, timeInForce };
  // Market tickets carry an explicit null: that is what their hash has always covered.
  const limit = orderType === "MKT" ? { limitPrice: null } : {};
  return { terms: OrderTerms.parse({ ...base, ...limit, ...fields, ...times }) };
}

function fieldsOf(args: Arguments) {
  const { trailing_amount: amount, trailing_percent: percent } = args;
  const byAmount = amount === undefined ? undefined : { by: "amount" as const, amount };
  return {
    limitPrice: args.limit_price,
    stopPrice: args.stop_price,
    triggerPrice: args.trigger_price,
    trail: percent === undefined ? byAmount : { by: "percent" as const, percent },
    limitOffset: args.limit_offset,
    offset: args.offset,
  };
}

/** Only what is there. */
function given<T extends object>(fields: T): Partial<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Partial<T>;
}

const ARGUMENTS: Readonly<Record<TermsRefusal["field"], string>> = {
  limitPrice: "limit_price",
  stopPrice: "stop_price",
  triggerPrice: "trigger_price",
  trail: "trailing_amount",
  limitOffset: "limit_offset",
  offset: "offset",
  timeInForce: "time_in_force",
  goodTill: "good_till",
  outsideRth: "outside_rth",
};

function deniedBy({ code, message, field }: TermsRefusal): Refused {
  return denied(code, message, { field: ARGUMENTS[field] });
}
