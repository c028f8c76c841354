import type { OrderTerms, OrderType } from "@countersign/contracts/order";

/** Every order type that reaches the broker with these terms: the exits of a bracket are orders like any other. */
export function sentTypes({ orderType, exits }: OrderTerms): readonly OrderType[] {
  if (exits === undefined) return [orderType];
  return [orderType, "LMT", exits.stopLoss.limitPrice === undefined ? "STP" : "STP LMT"];
}
