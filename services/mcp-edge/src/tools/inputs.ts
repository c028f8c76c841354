import { parseMessage } from "@countersign/bus/parse-message";
import { parseUtcText } from "@countersign/clock/clock";
import { type Denial, denied } from "@countersign/contracts/denial";
import {
  type Exits,
  type OrderLeg,
  OrderTerms,
  OrderType,
  PercentText,
  Side,
  TimeInForce,
} from "@countersign/contracts/order";
import { combinationRefusal, fieldsRefusal, type TermsRefusal } from "@countersign/contracts/order-check";
import type { OrderField } from "@countersign/contracts/order-rules";
import { AccountId, ConId, NetPriceText, PositiveDecimalText } from "@countersign/contracts/primitives";
import * as z from "zod";
import { BRIEF, plain } from "../wire/advertise.ts";

export const Account = AccountId.describe("IBKR account number, one of list_accounts");

const price = PositiveDecimalText.meta(plain()).optional();

/** The terms of an order as arguments; flat, no defaults. Which type needs which is refused with a sentence, not by the schema. */
export const termsShape = {
  account: AccountId.meta(plain("One of list_accounts")),
  conid: ConId.meta(plain("Contract id, from search_contracts")).optional(),
  legs: z
    .array(z.strictObject({ conid: ConId, side: Side, ratio: z.number() }).meta(BRIEF))
    .describe("Combination, instead of conid: 2-4 of {conid, side, ratio}, as BUY trades them; MKT, LMT at a net price")
    .optional(),
  side: Side,
  quantity: PositiveDecimalText.meta(plain("Decimal text, as all prices")),
  order_type: OrderType.describe(
    "LMT, LOC, LOO, LIT need limit_price; STP stop_price; STP LMT both; MIT, LIT trigger_price; TRAIL* trailing_*, TRAIL LIMIT also stop_price, limit_offset; REL offset",
  ),
  limit_price: NetPriceText.meta(plain()).optional(),
  stop_price: price,
  trigger_price: price,
  trailing_amount: price,
  trailing_percent: PercentText.meta(plain()).optional(),
  limit_offset: price,
  offset: price,
  time_in_force: TimeInForce.describe("MOO, LOO: OPG; GTD: with good_till, 2026-11-30T20:00:00Z"),
  good_till: z
    .string()
    .regex(/^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z$/)
    .refine(isTime, "no such time")
    .meta(plain())
    .optional(),
  outside_rth: z.boolean().optional(),
  take_profit_price: PositiveDecimalText.meta(plain("Bracket: with stop_loss_price, exits_time_in_force")).optional(),
  stop_loss_price: price,
  stop_loss_limit_price: price,
  exits_time_in_force: z.enum(["DAY", "GTC"]).optional(),
  round_to_tick: z.enum(["up", "down"]).optional(),
  notional: price,
};
/** 30 February is none: the calendar would make another day of it. */
function isTime(text: string): boolean {
  try {
    return parseUtcText(text.replace("Z", ".000Z")) > 0;
  } catch {
    return false;
  }
}

const TermsArguments = z.object(termsShape);
type Arguments = z.output<typeof TermsArguments>;
type Refused = { outcome: "denied"; denial: Denial };

/** In which direction prices go that are off the tick; nothing when they are to be refused. */
export function roundingOf({ round_to_tick: rounding }: Pick<Arguments, "round_to_tick">) {
  return rounding === undefined ? {} : { rounding };
}

/** What the proposer takes the order to be worth; nothing when it was not said. */
export function claimOf({ notional }: Pick<Arguments, "notional">) {
  return notional === undefined ? {} : { notional };
}

/** The arguments as the ticket's terms; nothing is filled in, and what does not fit together is denied with the argument's name. */
export function termsOf(
  args: Arguments,
): { terms: OrderTerms; denial?: undefined } | { terms?: undefined; denial: Refused } {
  const { account, side, quantity, order_type: orderType, time_in_force: timeInForce } = args;
  const traded = tradedBy(args);
  if ("outcome" in traded) return { denial: traded };
  if (args.trailing_amount !== undefined && args.trailing_percent !== undefined) {
    const message = "Give trailing_amount or trailing_percent, not both.";
    return { denial: denied("ORDER_FIELDS_INVALID", message, { field: "trailing_percent" }) };
  }
  const fields = given(fieldsOf(args));
  const exits = exitsOf(args);
  if (exits === "incomplete") {
    const message = "A bracket needs take_profit_price, stop_loss_price and exits_time_in_force.";
    return { denial: denied("ORDER_FIELDS_INVALID", message, { field: "take_profit_price" }) };
  }
  const times = given({
    goodTill: args.good_till?.replace("Z", ".000Z"),
    outsideRth: args.outside_rth === true ? (true as const) : undefined,
    exits,
  });
  const names = new Set(Object.keys(fields) as OrderField[]);
  const refusal =
    fieldsRefusal(orderType, names) ?? combinationRefusal({ orderType, timeInForce, ...times, ...traded });
  if (refusal !== undefined) return { denial: deniedBy(refusal) };
  const base = { account, ...traded, side, quantity, orderType, timeInForce };
  // Market tickets carry an explicit null: that is what their hash has always covered.
  const limit = orderType === "MKT" ? { limitPrice: null } : {};
  const terms = parseMessage(OrderTerms, { ...base, ...limit, ...fields, ...times });
  if (!terms.success) throw terms.error;
  return { terms: terms.data };
}

/** One instrument or a combination; and only the price of a combination may be zero or less. */
function tradedBy({ conid, legs, limit_price: price }: Arguments): { conid: number } | { legs: OrderLeg[] } | Refused {
  const no = (message: string, field: string) => denied("INVALID_ARGUMENT", message, { field });
  if (legs !== undefined) return conid === undefined ? { legs } : no("Give conid or legs, not both.", "legs");
  if (conid === undefined) return no("Give conid, or legs for a combination.", "conid");
  const positive = price === undefined || PositiveDecimalText.safeParse(price).success;
  return positive ? { conid } : no("limit_price must be above zero unless the order has legs.", "limit_price");
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

/** The two exits of a bracket; undefined when none is asked for. They work in the same hours as the entry. */
function exitsOf(args: Arguments): Exits | "incomplete" | undefined {
  const { take_profit_price: profit, stop_loss_price: stop, stop_loss_limit_price: limit } = args;
  const timeInForce = args.exits_time_in_force;
  if ([profit, stop, limit, timeInForce].every((one) => one === undefined)) return undefined;
  if (profit === undefined || stop === undefined || timeInForce === undefined) return "incomplete";
  return {
    takeProfit: { limitPrice: profit },
    stopLoss: { stopPrice: stop, ...(limit !== undefined && { limitPrice: limit }) },
    timeInForce,
    ...(args.outside_rth === true && { outsideRth: true as const }),
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
  exits: "take_profit_price",
  legs: "legs",
};

function deniedBy({ code, message, field }: TermsRefusal): Refused {
  return denied(code, message, { field: ARGUMENTS[field] });
}
