import type { OrderTerms, OrderType } from "./order.ts";
import { ORDER_FIELDS, type OrderField, RESTING } from "./order-rules.ts";

export interface ChangeRefusal {
  readonly code: "MODIFY_EMPTY" | "MODIFY_NOT_ALLOWED";
  readonly message: string;
  /** The term that may not change, as the ticket names it; null: nothing changes. */
  readonly field: string | null;
}

/** The prices of each type that can be changed: those that the broker shows, so that it can be seen whether they did. */
const PRICES: Partial<Record<OrderType, readonly OrderField[]>> = {
  LMT: ["limitPrice"],
  STP: ["stopPrice"],
  "STP LMT": ["stopPrice", "limitPrice"],
  TRAIL: ["trail"],
  "TRAIL LIMIT": ["trail"],
  MIT: ["triggerPrice"],
  LIT: ["triggerPrice", "limitPrice"],
  LOC: ["limitPrice"],
};

/** Whether an order with the terms `before` may be changed in place to `after`; undefined: it may. Pure. */
export function changeRefusal(before: OrderTerms, after: OrderTerms): ChangeRefusal | undefined {
  const changed = changedTerms(before, after);
  if (changed.length === 0) return { code: "MODIFY_EMPTY", message: "The change changes nothing.", field: null };
  const allowed: readonly string[] = ["quantity", "timeInForce", "goodTill", ...(PRICES[before.orderType] ?? [])];
  const field = changed.find((name) => !allowed.includes(name)) ?? unseen(before, after, changed);
  if (field === undefined) return undefined;
  const what = field in ORDER_FIELDS ? ORDER_FIELDS[field as OrderField] : field;
  const message = `${what} of a ${before.orderType} order that is open cannot be changed like this; cancel it and propose another.`;
  return { code: "MODIFY_NOT_ALLOWED", message, field };
}

/** The names of the terms in which the two differ; 1.50 and 1.5 are the same. */
export function changedTerms(before: OrderTerms, after: OrderTerms): string[] {
  const names = new Set([...Object.keys(before), ...Object.keys(after)]);
  const textOf = (terms: OrderTerms, name: string) => JSON.stringify(plain(Reflect.get(terms, name))) ?? "";
  return [...names].filter((name) => textOf(before, name) !== textOf(after, name));
}

/** What the broker would not show, so that nobody could say whether it happened. */
function unseen(before: OrderTerms, after: OrderTerms, changed: readonly string[]): string | undefined {
  const resting: readonly string[] = RESTING;
  const rests = resting.includes(before.timeInForce) && resting.includes(after.timeInForce);
  if (!rests) return "timeInForce";
  if (changed.includes("goodTill") && !changed.includes("timeInForce")) return "goodTill";
  const by = (terms: OrderTerms) => ("trail" in terms ? terms.trail.by : undefined);
  return by(before) === by(after) ? undefined : "trail";
}

/** Numbers without the zeros at their end, and keys in one order. */
function plain(value: unknown): unknown {
  if (typeof value === "string" && /^-?[0-9]+\.[0-9]+$/.test(value)) return value.replace(/\.?0+$/, "");
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(plain);
  const entries = Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, one]) => [key, plain(one)]));
}
