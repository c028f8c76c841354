import { ibCode, orderBehaviourOf } from "@countersign/contracts/ib-codes";

/** What TWS says about an order, and what it proves. Pure. */
export const meaningOf = orderBehaviourOf;

/** The words concern the order and leave it as it is: nothing has to be looked up. */
export function leavesOrder(code: number, text: string): boolean {
  return orderBehaviourOf(code, text) === "livesOn";
}

/** No row says what this code means. */
export function isUnlisted(code: number): boolean {
  return ibCode(code) === undefined;
}
