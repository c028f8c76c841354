import type { State } from "@countersign/contracts/life";
import { add, compare, type Decimal, decimal, subtract, ZERO } from "@countersign/money/decimal";
import { type ExecState, filledQuantity } from "./exec-state.ts";

/** A stop in one of these states is one that the broker is known to hold. */
const HELD: readonly State[] = ["WORKING", "PARTIAL", "CANCEL_REQUESTED"];
const MISSING: readonly State[] = ["BROKER_REJECTED", "CANCELLED", "UNKNOWN", "CLOSED_ABSENT"];

/** What the entry has filled, its exits have not closed again, and no stop covers. */
export function unprotected(entry: ExecState, exits: readonly ExecState[]): Decimal {
  const stops = exits.filter(({ leg, state }) => leg === "stopLoss" && HELD.includes(state));
  const covered = stops.map((stop) => subtract(decimal(stop.quantity), filledQuantity(stop))).reduce(add, ZERO);
  const closed = exits.map(filledQuantity).reduce(add, ZERO);
  const open = subtract(subtract(filledQuantity(entry), closed), covered);
  return compare(open, ZERO) > 0 ? open : ZERO;
}

/** A bracket of which a leg is not where it should be, so that a position is, or will be, without its exit. */
export function isHalf(entry: ExecState, exits: readonly ExecState[]): boolean {
  if (exits.length === 0) return false;
  // They would close more than there is.
  if (exits.some((exit) => compare(decimal(exit.quantity), decimal(entry.quantity)) > 0)) return true;
  const works = entry.state === "WORKING" || entry.state === "PARTIAL";
  return compare(unprotected(entry, exits), ZERO) > 0 || (works && exits.some(({ state }) => MISSING.includes(state)));
}
