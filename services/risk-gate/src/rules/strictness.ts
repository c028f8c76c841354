import { compare, decimal } from "@countersign/money/decimal";
import { inKeyOrder } from "../policy/key-order.ts";

/**
 * Which change of a limit lets less through: a `lower` or `higher` number, `fewer` or `more` entries of a list, `false` or
 * `true`. `none`: no change of it can be called stricter.
 */
export type Direction = "lower" | "higher" | "fewer" | "more" | "false" | "true" | "none";

/** How a change of limits compares with what stands. `mixed`: stricter in one and looser in another. */
export type Change = "same" | "stricter" | "looser" | "mixed";

/** Compares two blocks of limits of one rule, limit by limit. What cannot be compared is looser. */
export function compareLimits(
  stricter: Readonly<Record<string, Direction>>,
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): Change {
  const changes = Object.entries(stricter).map(([name, direction]) =>
    compareLimit(direction, before[name], after[name]),
  );
  return changes.reduce(together, "same");
}

export function together(a: Change, b: Change): Change {
  if (a === "same" || a === b) return b;
  return b === "same" ? a : "mixed";
}

function compareLimit(direction: Direction, before: unknown, after: unknown): Change {
  if (written(before) === written(after)) return "same";
  // null stands for "no bound" wherever a limit may be null: whatever bounds it is stricter.
  if (before === null && after !== undefined) return "stricter";
  if (direction === "true" || direction === "false")
    return typeof before === "boolean" && String(after) === direction ? "stricter" : "looser";
  if (direction === "fewer" || direction === "more") return compareLists(direction, before, after);
  if (direction === "none") return "looser";
  return compareNumbers(direction, before, after);
}

/** The order in which a file names its keys says nothing. */
const written = (value: unknown) => JSON.stringify(inKeyOrder(value));

function compareLists(direction: "fewer" | "more", before: unknown, after: unknown): Change {
  if (!Array.isArray(before) || !Array.isArray(after)) return "looser";
  const [small, large] = direction === "fewer" ? [after, before] : [before, after];
  const texts = new Set(large.map(written));
  if (!small.every((one) => texts.has(written(one)))) return "looser";
  return small.length === large.length ? "same" : "stricter";
}

/** Numbers, decimals as text, amounts of one currency, or tables of any of them with the same keys. */
function compareNumbers(direction: "lower" | "higher", before: unknown, after: unknown): Change {
  const [from, to] = [textOf(before), textOf(after)];
  if (from !== undefined && to !== undefined) {
    const order = compare(decimal(to), decimal(from));
    if (order === 0) return "same";
    return order === (direction === "lower" ? -1 : 1) ? "stricter" : "looser";
  }
  if (!isTable(before) || !isTable(after)) return "looser";
  const keys = Object.keys(before);
  if (keys.length !== Object.keys(after).length || before.currency !== after.currency) return "looser";
  return keys.map((key) => compareLimit(direction, before[key], after[key])).reduce(together, "same");
}

function textOf(value: unknown): string | undefined {
  const text = typeof value === "number" ? String(value) : value;
  return typeof text === "string" && /^-?[0-9]+(\.[0-9]+)?$/.test(text) ? text : undefined;
}

function isTable(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
