import type { DenialCode } from "./codes.ts";
import type { OrderTerms, OrderType, Side, TimeInForce, Trail } from "./order.ts";

/** The prices and distances that an order may have, beside its quantity. */
export const ORDER_FIELDS = {
  limitPrice: "a limit price",
  stopPrice: "a stop price",
  triggerPrice: "a trigger price",
  trail: "a trailing amount or percent",
  limitOffset: "a limit offset",
  offset: "an offset",
} as const;
export type OrderField = keyof typeof ORDER_FIELDS;

export interface OrderRule {
  readonly required: readonly OrderField[];
  readonly optional: readonly OrderField[];
  readonly timesInForce: readonly TimeInForce[];
  /** Whether it may work outside regular trading hours; a type that TWS would silently keep inside them may not ask. */
  readonly outsideRth: boolean;
  readonly text: string;
}

const RESTING = ["DAY", "GTC", "GTD"] as const;
const ANY = [...RESTING, "IOC", "FOK"] as const;

/** Which combination is an order at all. What is not here is refused before anybody is asked. */
export const ORDER_RULES = {
  MKT: { required: [], optional: [], timesInForce: ANY, outsideRth: false, text: "at the market" },
  LMT: {
    required: ["limitPrice"],
    optional: [],
    timesInForce: ANY,
    outsideRth: true,
    text: "at the limit price or better",
  },
  STP: {
    required: ["stopPrice"],
    optional: [],
    timesInForce: RESTING,
    outsideRth: true,
    text: "a market order once the market trades at the stop price or worse",
  },
  "STP LMT": {
    required: ["stopPrice", "limitPrice"],
    optional: [],
    timesInForce: RESTING,
    outsideRth: true,
    text: "a limit order once the market trades at the stop price or worse",
  },
  TRAIL: {
    required: ["trail"],
    optional: ["stopPrice"],
    timesInForce: RESTING,
    outsideRth: true,
    text: "a stop that follows the market at the trailing distance and never moves back",
  },
  "TRAIL LIMIT": {
    required: ["trail", "stopPrice", "limitOffset"],
    optional: [],
    timesInForce: RESTING,
    outsideRth: true,
    text: "a trailing stop that becomes a limit order, the limit at the offset from the stop",
  },
  MIT: {
    required: ["triggerPrice"],
    optional: [],
    timesInForce: RESTING,
    outsideRth: true,
    text: "a market order once the market touches the trigger price from the worse side",
  },
  LIT: {
    required: ["triggerPrice", "limitPrice"],
    optional: [],
    timesInForce: RESTING,
    outsideRth: true,
    text: "a limit order once the market touches the trigger price from the worse side",
  },
  MOC: { required: [], optional: [], timesInForce: ["DAY"], outsideRth: false, text: "at the closing price" },
  LOC: {
    required: ["limitPrice"],
    optional: [],
    timesInForce: ["DAY"],
    outsideRth: false,
    text: "at the closing price, if it is the limit price or better",
  },
  MOO: { required: [], optional: [], timesInForce: ["OPG"], outsideRth: false, text: "at the opening price" },
  LOO: {
    required: ["limitPrice"],
    optional: [],
    timesInForce: ["OPG"],
    outsideRth: false,
    text: "at the opening price, if it is the limit price or better",
  },
  MIDPRICE: {
    required: [],
    optional: ["limitPrice"],
    timesInForce: ["DAY"],
    outsideRth: false,
    text: "at the midpoint of the quote or better, not worse than the limit price where there is one",
  },
  REL: {
    required: ["offset"],
    optional: ["limitPrice"],
    timesInForce: RESTING,
    outsideRth: false,
    text: "pegged to the near side of the quote, better by the offset, not worse than the limit price where there is one",
  },
} as const satisfies Record<OrderType, OrderRule>;

export interface TermsRefusal {
  readonly code: DenialCode;
  readonly message: string;
  /** The field that is wrong, as the ticket names it. */
  readonly field: OrderField | "timeInForce" | "goodTill" | "outsideRth";
}

/** Whether the fields given are those that this order type has. */
export function fieldsRefusal(orderType: OrderType, given: ReadonlySet<OrderField>): TermsRefusal | undefined {
  const { required, optional }: OrderRule = ORDER_RULES[orderType];
  const missing = required.find((field) => !given.has(field));
  if (missing !== undefined) {
    const code = missing === "limitPrice" ? "LIMIT_PRICE_REQUIRED" : "ORDER_FIELDS_INVALID";
    return { code, message: `${orderType} needs ${ORDER_FIELDS[missing]}.`, field: missing };
  }
  const surplus = [...given].find((field) => !required.includes(field) && !optional.includes(field));
  if (surplus === undefined) return undefined;
  const code = orderType === "MKT" && surplus === "limitPrice" ? "LIMIT_PRICE_REQUIRED" : "ORDER_FIELDS_INVALID";
  return { code, message: `${orderType} has no place for ${ORDER_FIELDS[surplus]}.`, field: surplus };
}

const ENDS: readonly string[] = ["GTD"];

/** Whether type, time in force and hours go together. The shape of the terms has been checked by their schema. */
export function combinationRefusal(
  terms: Pick<OrderTerms, "orderType" | "timeInForce" | "goodTill" | "outsideRth">,
): TermsRefusal | undefined {
  const { orderType, timeInForce, goodTill, outsideRth } = terms;
  const rule: OrderRule = ORDER_RULES[orderType];
  if (!rule.timesInForce.includes(timeInForce)) {
    const allowed = rule.timesInForce.join(", ");
    const message = `${orderType} does not go with ${timeInForce}; it takes ${allowed}.`;
    return { code: "TIME_IN_FORCE_NOT_ALLOWED", message, field: "timeInForce" };
  }
  if (ENDS.includes(timeInForce) !== (goodTill !== undefined)) {
    const message = "GTD needs the time at which the order ends, and no other time in force has one.";
    return { code: "GOOD_TILL_INVALID", message, field: "goodTill" };
  }
  if (outsideRth === true && !rule.outsideRth) {
    const message = `${orderType} works in regular trading hours only.`;
    return { code: "OUTSIDE_RTH_NOT_ALLOWED", message, field: "outsideRth" };
  }
  return undefined;
}

/** The prices of an order by name; what its type does not have is not there. */
export interface OrderPrices {
  readonly limitPrice?: string;
  readonly stopPrice?: string;
  readonly triggerPrice?: string;
  readonly limitOffset?: string;
  readonly offset?: string;
  readonly trail?: Trail;
}

type Loose = { readonly side: Side } & { readonly [F in keyof OrderPrices]?: OrderPrices[F] | null };

export function pricesOf(terms: OrderTerms): OrderPrices {
  const loose: Loose = terms;
  const { limitPrice, stopPrice, triggerPrice, limitOffset, offset, trail } = loose;
  const all = { limitPrice, stopPrice, triggerPrice, limitOffset, offset, trail };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined && value !== null));
}
