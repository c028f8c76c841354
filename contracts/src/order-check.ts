import type { DenialCode } from "./codes.ts";
import { comboRefusal } from "./combo.ts";
import type { OrderTerms, OrderType, Trail } from "./order.ts";
import { ORDER_FIELDS, ORDER_RULES, type OrderField, type OrderRule, RESTING } from "./order-rules.ts";

export interface TermsRefusal {
  readonly code: DenialCode;
  readonly message: string;
  /** The field that is wrong, as the ticket names it. */
  readonly field: OrderField | "timeInForce" | "goodTill" | "outsideRth" | "exits" | "legs";
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

/** What must go together beyond the shape of the terms, which their schema checks. */
export type Combined = Pick<OrderTerms, "orderType" | "timeInForce"> & {
  readonly [K in "goodTill" | "outsideRth" | "exits" | "legs"]?: OrderTerms[K] | undefined;
};

/** Whether type, time in force, hours, exits and legs go together. */
export function combinationRefusal(terms: Combined): TermsRefusal | undefined {
  return comboRefusal(terms) ?? timesRefusal(terms);
}

function timesRefusal(terms: Combined): TermsRefusal | undefined {
  const { orderType, timeInForce, goodTill, outsideRth, exits } = terms;
  const rule: OrderRule = ORDER_RULES[orderType];
  if (!rule.timesInForce.includes(timeInForce)) {
    const allowed = rule.timesInForce.join(", ");
    const message = `${orderType} does not go with ${timeInForce}; it takes ${allowed}.`;
    return { code: "TIME_IN_FORCE_NOT_ALLOWED", message, field: "timeInForce" };
  }
  if ((timeInForce === "GTD") !== (goodTill !== undefined)) {
    const message = "GTD needs the time at which the order ends, and no other time in force has one.";
    return { code: "GOOD_TILL_INVALID", message, field: "goodTill" };
  }
  if (outsideRth === true && !rule.outsideRth) {
    const message = `${orderType} works in regular trading hours only.`;
    return { code: "OUTSIDE_RTH_NOT_ALLOWED", message, field: "outsideRth" };
  }
  if (exits !== undefined && !(rule.exits && (RESTING as readonly string[]).includes(timeInForce))) {
    const message = `${orderType} with ${timeInForce} cannot be the entry of a bracket.`;
    return { code: "BRACKET_NOT_ALLOWED", message, field: "exits" };
  }
  return undefined;
}

/** The prices and distances of an order by name; what its type does not have is not there. */
export interface OrderPrices {
  readonly limitPrice?: string;
  readonly stopPrice?: string;
  readonly triggerPrice?: string;
  readonly limitOffset?: string;
  readonly offset?: string;
  readonly trail?: Trail;
}

/** The prices that the terms have, whatever their order type; absent: the type has none. */
export function pricesOf(terms: OrderTerms): OrderPrices {
  const { limitPrice, stopPrice, triggerPrice, limitOffset, offset, trail } = terms as {
    limitPrice?: string | null;
  } & Omit<OrderPrices, "limitPrice">;
  // Every rule asks for them: no object is copied into another.
  const prices: { -readonly [K in keyof OrderPrices]: OrderPrices[K] } = {};
  if (typeof limitPrice === "string") prices.limitPrice = limitPrice;
  if (stopPrice !== undefined) prices.stopPrice = stopPrice;
  if (triggerPrice !== undefined) prices.triggerPrice = triggerPrice;
  if (limitOffset !== undefined) prices.limitOffset = limitOffset;
  if (offset !== undefined) prices.offset = offset;
  if (trail !== undefined) prices.trail = trail;
  return prices;
}
