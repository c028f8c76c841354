import { RequestFormatError, type TokenReader } from "./token-reader.ts";

/** How a condition is joined with the next one; the last one's is without meaning. */
export type Conjunction = "a" | "o";

/** One condition of an order. Prices, percents and times are as the client wrote them. */
export type OrderCondition =
  | (Joined & Compared & Watched & { readonly kind: "price"; readonly triggerMethod: number })
  | (Joined & Compared & { readonly kind: "time" })
  | (Joined & Compared & { readonly kind: "margin" })
  | (Joined & {
      readonly kind: "execution";
      readonly secType: string;
      readonly exchange: string;
      readonly symbol: string;
    })
  | (Joined & Compared & Watched & { readonly kind: "volume" })
  | (Joined & Compared & Watched & { readonly kind: "percentChange" });

interface Joined {
  readonly conjunction: Conjunction;
}
interface Compared {
  /** True: at or above the value; false: at or below it. */
  readonly isMore: boolean;
  readonly value: string;
}
interface Watched {
  readonly conId: number;
  readonly exchange: string;
}

export interface Conditions {
  readonly list: readonly OrderCondition[];
  /** Conditions are looked at outside regular hours as well. */
  readonly ignoreRth: boolean;
  /** The order works from the start and is cancelled when the conditions are met. */
  readonly cancelOrder: boolean;
}

export const NO_CONDITIONS: Conditions = { list: [], ignoreRth: false, cancelOrder: false };

const CONDITION_COUNT_MAX = 64;
const TYPE_NUMBERS = { price: 1, time: 3, margin: 4, execution: 5, volume: 6, percentChange: 7 } as const;

function readCompared(reader: TokenReader): Compared {
  return { isMore: reader.boolean(), value: reader.text() };
}

function readWatched(reader: TokenReader): Watched {
  return { conId: reader.integer(), exchange: reader.text() };
}

function readCondition(reader: TokenReader): OrderCondition {
  const type = reader.integer();
  const joined: Joined = { conjunction: reader.text().toLowerCase() === "o" ? "o" : "a" };
  switch (type) {
    case TYPE_NUMBERS.price: {
      const watched = { ...readCompared(reader), ...readWatched(reader) };
      return { kind: "price", ...joined, ...watched, triggerMethod: reader.optionalInteger() ?? 0 };
    }
    case TYPE_NUMBERS.time:
      return { kind: "time", ...joined, ...readCompared(reader) };
    case TYPE_NUMBERS.margin:
      return { kind: "margin", ...joined, ...readCompared(reader) };
    case TYPE_NUMBERS.execution:
      return { kind: "execution", ...joined, secType: reader.text(), exchange: reader.text(), symbol: reader.text() };
    case TYPE_NUMBERS.volume:
      return { kind: "volume", ...joined, ...readCompared(reader), ...readWatched(reader) };
    case TYPE_NUMBERS.percentChange:
      return { kind: "percentChange", ...joined, ...readCompared(reader), ...readWatched(reader) };
    default:
      throw new RequestFormatError("unknown condition type");
  }
}

/** The conditions of placeOrder: the count, each condition, and two flags when there is any. */
export function readConditions(reader: TokenReader): Conditions {
  const count = reader.optionalInteger() ?? 0;
  if (count < 0 || count > CONDITION_COUNT_MAX) throw new RequestFormatError(`${count} conditions`);
  if (count === 0) return NO_CONDITIONS;
  const list = Array.from({ length: count }, () => readCondition(reader));
  return { list, ignoreRth: reader.boolean(), cancelOrder: reader.boolean() };
}

function conditionTokens(condition: OrderCondition): string[] {
  const head = [String(TYPE_NUMBERS[condition.kind]), condition.conjunction];
  if (condition.kind === "execution") return [...head, condition.secType, condition.exchange, condition.symbol];
  head.push(condition.isMore ? "1" : "0", condition.value);
  if (condition.kind === "time" || condition.kind === "margin") return head;
  head.push(String(condition.conId), condition.exchange);
  return condition.kind === "price" ? [...head, String(condition.triggerMethod)] : head;
}

/** The same tokens as TWS shows them in openOrder and completedOrder. */
export function conditionsTokens(conditions: Conditions): string[] {
  if (conditions.list.length === 0) return ["0"];
  const flags = [conditions.ignoreRth ? "1" : "0", conditions.cancelOrder ? "1" : "0"];
  return [String(conditions.list.length), ...conditions.list.flatMap(conditionTokens), ...flags];
}
