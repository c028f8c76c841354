import { type Denial, denied, ok, type Reply } from "@countersign/contracts/denial";
import { type Modifies, OrderTerms } from "@countersign/contracts/order";
import { changeRefusal } from "@countersign/contracts/order-change";
import { compare, decimal } from "@countersign/money/decimal";

/** What shall change; what is absent stays as it is. */
export interface Smaller {
  readonly quantity?: string;
  readonly limitPrice?: string;
}

/**
 * The same order with a smaller quantity, a safer limit, or both; denied when it would be anything else. The exits of a
 * bracket have the quantity of their entry, and the legs of a combination so many units each of it, so both go with it.
 */
export function smallerTerms(terms: OrderTerms, { quantity, limitPrice }: Smaller): Reply<OrderTerms> {
  const refusals = [
    quantity === undefined ? undefined : quantityRefusal(terms, quantity),
    limitPrice === undefined ? undefined : limitRefusal(terms, limitPrice),
  ];
  const refusal = refusals.find((one) => one !== undefined);
  if (refusal !== undefined) return refusal;
  const after = {
    ...terms,
    ...(quantity !== undefined && { quantity }),
    ...(limitPrice !== undefined && { limitPrice }),
  };
  if (isSame(terms, after)) return denied("REDUCE_NOT_SMALLER", "The order would be the same.");
  const parsed = OrderTerms.safeParse(after);
  if (parsed.success) return ok(parsed.data);
  return denied("INVALID_ARGUMENT", "The order has no place for this limit price.", { field: "limitPrice" });
}

/**
 * A smaller change of an open order must still change something, and leave more than is executed. `filled`: by our own
 * log; undefined: as the broker showed it when the change was proposed.
 */
export function smallerChangeRefusal(
  { before, atBroker }: Modifies,
  terms: OrderTerms,
  filled: string = atBroker.filledQuantity,
): Refused | undefined {
  const refusal = changeRefusal(before, terms);
  if (refusal !== undefined) return denied(refusal.code, refusal.message, { field: refusal.field });
  if (compare(decimal(terms.quantity), decimal(filled)) > 0) return undefined;
  return denied("ORDER_NOT_MODIFIABLE", `${filled} of it is executed already`);
}

type Refused = { outcome: "denied"; denial: Denial };

function quantityRefusal(terms: OrderTerms, quantity: string): Refused | undefined {
  if (compare(decimal(quantity), decimal(terms.quantity)) <= 0) return undefined;
  return denied("REDUCE_NOT_SMALLER", `${quantity} is more than ${terms.quantity}.`, { field: "quantity" });
}

function limitRefusal(terms: OrderTerms, limitPrice: string): Refused | undefined {
  const before = limitOf(terms);
  const field = { field: "limitPrice" };
  if (before === null)
    return denied("REDUCE_NOT_ALLOWED", `This ${terms.orderType} order has no limit to make safer.`, field);
  const looser = compare(decimal(limitPrice), decimal(before)) * (terms.side === "BUY" ? 1 : -1) > 0;
  const than = terms.side === "BUY" ? "above" : "below";
  return looser ? denied("REDUCE_NOT_SMALLER", `${limitPrice} is ${than} the limit of ${before}.`, field) : undefined;
}

function isSame(before: OrderTerms, after: { quantity: string; limitPrice?: string | null }): boolean {
  if (compare(decimal(before.quantity), decimal(after.quantity)) !== 0) return false;
  const [was, is] = [limitOf(before), after.limitPrice ?? null];
  return was === null || is === null || compare(decimal(was), decimal(is)) === 0;
}

function limitOf(terms: OrderTerms): string | null {
  return ("limitPrice" in terms ? terms.limitPrice : undefined) ?? null;
}
