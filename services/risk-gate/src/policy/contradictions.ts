import { RULES } from "../rules/registry.ts";
import { isOff } from "../rules/rule.ts";
import { compareLimits } from "../rules/strictness.ts";
import { isBlock } from "./blocks.ts";

interface Fault {
  readonly path: (string | number)[];
  readonly message: string;
}

/** `soft...` and `hard...` of one rule with the same rest of their names. */
const SOFT = /^soft([A-Z].*)$/;

/**
 * Limits that cannot both be meant. Within a rule: a soft limit that lies beyond the hard one of the same name, so that
 * nobody would ever be asked. What belongs together of two rules says so itself.
 */
export function contradictions(rules: Readonly<Record<string, unknown>>): Fault[] {
  return RULES.flatMap(({ name, stricter }) => {
    const block = rules[name];
    if (stricter === null || !isBlock(block) || isOff(block)) return [];
    return Object.entries(stricter).flatMap(([soft, direction]) => {
      const hard = `hard${SOFT.exec(soft)?.[1] ?? ""}`;
      if (!SOFT.test(soft) || !(hard in stricter) || block[soft] === null) return [];
      const change = compareLimits({ limit: direction }, { limit: block[hard] }, { limit: block[soft] });
      if (change === "stricter") return [];
      return [{ path: ["rules", name, soft], message: `it must be stricter than ${hard}` }];
    });
  });
}
