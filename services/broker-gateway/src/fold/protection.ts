import type { State } from "@countersign/contracts/life";
import { add, compare, type Decimal, subtract, ZERO } from "@countersign/money/decimal";
import { type ExecState, filledQuantity } from "./exec-state.ts";

/** A stop in one of these states is one that the broker is known to hold. */
const HELD: readonly State[] = ["WORKING", "PARTIAL", "CANCEL_REQUESTED"];
const MISSING: readonly State[] = ["BROKER_REJECTED", "CANCELLED", "UNKNOWN", "CLOSED_ABSENT"];

/** What the entry has filled, its exits have not closed again, and no stop covers. */
export function unprotected(entry: ExecState, exits: readonly ExecState[]): Decimal {
  if (exits.some(({ leg, state }) => leg === "stopLoss" && HELD.includes(state))) return ZERO;
  const open = subtract(filledQuantity(entry), exits.map(filledQuantity).reduce(add, ZERO));
  return compare(open, ZERO) > 0 ? open : ZERO;
}

/** A bracket of which a leg is not where it should be, so that a position is, or will be, without its exit. */
export function isHalf(entry: ExecState, exits: readonly ExecState[]): boolean {
  if (exits.length === 0) return false;
  const works = entry.state === "WORKING" || entry.state === "PARTIAL";
  return compare(unprotected(entry, exits), ZERO) > 0 || (works && exits.some(({ state }) => MISSING.includes(state)));
}
