import { isOff, type Rule } from "../rules/rule.ts";
import { type Change, compareLimits } from "../rules/strictness.ts";

/** The limits of one rule, or why it is off. */
export type Block = Readonly<Record<string, unknown>>;

/** How one block of a rule compares with another. A rule that is off lets everything through. */
export function compareBlocks(rule: Rule, before: unknown, after: unknown): Change {
  if (isOff(before)) return isOff(after) ? "same" : "stricter";
  if (isOff(after)) return "looser";
  if (!isBlock(before) || !isBlock(after)) return "looser";
  return compareLimits(rule.stricter ?? {}, before, after);
}

/** Of each limit the stricter one; undefined: nobody can say which it is. */
export function strictestOf(rule: Rule, a: unknown, b: unknown): Block | undefined {
  if (isOff(a) && isBlock(b)) return b;
  if (isOff(b) && isBlock(a)) return a;
  if (!isBlock(a) || !isBlock(b)) return undefined;
  const chosen = Object.entries(rule.stricter ?? {}).map(([name, direction]) => {
    const compare = (one: Block, other: Block) => compareLimits({ [name]: direction }, one, other);
    const change = compare(a, b);
    if (change === "same") return [name, a[name]];
    if (change === "stricter") return [name, b[name]];
    return compare(b, a) === "stricter" ? [name, a[name]] : undefined;
  });
  const whole = chosen.filter((one) => one !== undefined);
  return whole.length === chosen.length ? Object.fromEntries(whole) : undefined;
}

export function isBlock(value: unknown): value is Block {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
