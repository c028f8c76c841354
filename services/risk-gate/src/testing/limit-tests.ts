import { expect, test } from "vitest";
import { blockSchema, type Rule } from "../rules/rule.ts";
import { compareLimits, type Direction } from "../rules/strictness.ts";

export interface LimitBase {
  /** Of each limit a value as it stands and a stricter one, or null where no change is stricter; null: the rule has no limits. */
  readonly tightens: Readonly<Record<string, readonly [before: unknown, stricter: unknown] | null>> | null;
  /** The policy may switch the rule off. */
  readonly mayBeOff?: boolean;
}

const DIRECTIONS: readonly Direction[] = ["lower", "higher", "fewer", "more", "false", "true", "none"];

/** Who may change a limit, and what an override may say, hangs on the direction of it. */
export function limitTests(rule: Rule, { tightens, mayBeOff }: LimitBase): void {
  test(`${rule.name}: which change of a limit is stricter`, () => expectDirections(rule, tightens ?? {}));
  if (mayBeOff !== undefined)
    test(`${rule.name}: ${mayBeOff ? "may" : "must not"} be switched off`, () => {
      expect(blockSchema(rule)?.safeParse({ off: "not wanted here" }).success ?? false).toBe(mayBeOff);
    });
}

function expectDirections(rule: Rule, tightens: NonNullable<LimitBase["tightens"]>): void {
  const stricter = rule.stricter ?? {};
  expect(Object.keys(tightens).sort()).toEqual(Object.keys(stricter).sort());
  for (const [name, values] of Object.entries(tightens)) {
    const compared = (from: unknown, to: unknown) => compareLimits(stricter, { [name]: from }, { [name]: to });
    expect(values === null ? ["none"] : DIRECTIONS, name).toContain(stricter[name]);
    if (values === null) continue;
    const [before, after] = values;
    expect([name, compared(before, after), compared(after, before)]).toEqual([name, "stricter", "looser"]);
  }
}
