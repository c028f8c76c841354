import { expect } from "vitest";
import type { Facts } from "../facts/fact.ts";
import type { Rule } from "../rules/rule.ts";

/** The facts, which note the name of each one that is looked into. */
export function watched(facts: Facts, read: Set<string>): Facts {
  return watchedIn({ ...facts, ...(facts.legs && { legs: facts.legs.map((leg) => watchedIn(leg, read)) }) }, read);
}

function watchedIn<F extends object>(facts: F, read: Set<string>): F {
  const whole = { ...facts };
  for (const [name, fact] of Object.entries(facts)) {
    const reads = <T>(value: T) => {
      read.add(name);
      return value;
    };
    if (name === "at" || name === "agent") Object.defineProperty(whole, name, { get: () => reads(fact) });
    if (typeof fact !== "object" || fact === null || !("state" in fact)) continue;
    const seen: ProxyHandler<object> = {
      get: (target, key) => reads(Reflect.get(target, key)),
      has: (target, key) => reads(Reflect.has(target, key)),
    };
    Object.defineProperty(whole, name, { value: new Proxy(fact, seen) });
  }
  return whole;
}

/**
 * What a rule reads and does not name would be missing in its documentation, and in what is gathered or judged again for
 * it. One that walks over all facts reads at least those that it names.
 */
export function expectReads({ inputs }: Rule, read: ReadonlySet<string>, walks: boolean): void {
  const named: readonly string[] = inputs;
  if (walks) expect(named, "it needs some").not.toEqual([]);
  const [less, more] = walks ? [read, new Set([...named, ...read])] : [new Set(named), read];
  const unnamed = [...more].filter((name) => !less.has(name));
  expect(unnamed, "facts that the rule reads and does not name").toEqual([]);
}
