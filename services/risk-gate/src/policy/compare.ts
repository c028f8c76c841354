import type { PolicyChange } from "@countersign/contracts/risk-policy";
import { canonicalJson } from "@countersign/ids/hash";
import { PASSPORT_DIRECTIONS } from "../rules/passports.ts";
import { RULES } from "../rules/registry.ts";
import { isOff, type Rule } from "../rules/rule.ts";
import { SHARED_DIRECTIONS } from "../rules/shared-policy.ts";
import { type Change, compareLimits, type Direction } from "../rules/strictness.ts";
import { type Block, isBlock } from "./blocks.ts";

/**
 * What becomes looser and what stricter when `after` takes the place of `before`, limit by limit. `before` may be a policy
 * that this version would not load any more: what of it cannot be read counts as stricter than whatever comes after it, and
 * a rule that it does not know yet can only deny more than before. undefined: there was none, and everything is looser.
 */
export function comparePolicies(before: Block | undefined, after: Block): PolicyChange[] {
  if (before === undefined)
    return [{ path: "(policy)", before: null, after: `version ${after.version}`, effect: "looser" }];
  const shared = Object.entries(SHARED_DIRECTIONS).flatMap(([name, direction]) =>
    lineOf(name, direction, { before: before[name], after: after[name] }),
  );
  const [from, to] = [before.rules, after.rules].map((rules) => (isBlock(rules) ? rules : {})) as [Block, Block];
  const blocks = RULES.flatMap((rule) => ruleChanges(rule, `rules.${rule.name}`, from[rule.name], to[rule.name]));
  const passports = passportChanges(before.passports, after.passports);
  return [...shared, ...passports, ...blocks, ...overrideChanges(before.overrides, after.overrides)];
}

const ANY_AGENT = "passports.anyAgent";

/** An agent that gets a passport may do more than before, one that loses it less. */
function passportChanges(before: unknown, after: unknown): PolicyChange[] {
  const [from, to] = [before, after].map(passportsIn) as [Map<string, unknown>, Map<string, unknown>];
  return [...new Set([...from.keys(), ...to.keys()])].flatMap((name) => {
    const [was, is] = [from.get(name), to.get(name)];
    // Without one of its own an agent may have the one of any agent.
    if (is === undefined) return [change(name, to.has(ANY_AGENT) ? "looser" : "stricter", was, undefined)];
    if (!isBlock(was) || !isBlock(is)) return [change(name, "looser", was, is)];
    return Object.entries(PASSPORT_DIRECTIONS).flatMap(([part, direction]) =>
      lineOf(`${name}.${part}`, direction, { before: was[part], after: is[part] }),
    );
  });
}

function passportsIn(passports: unknown): Map<string, unknown> {
  if (!isBlock(passports)) return new Map();
  const { anyAgent, agents } = passports;
  const named = Object.entries(isBlock(agents) ? agents : {});
  const any: [string, unknown][] = isBlock(anyAgent) ? [[ANY_AGENT, anyAgent]] : [];
  return new Map([...any, ...named.map(([agent, one]): [string, unknown] => [`passports.agents.${agent}`, one])]);
}

/** How many different people must sign a change: two when anything becomes looser. */
export function signersNeeded(changes: readonly PolicyChange[]): 1 | 2 {
  return changes.some(({ effect }) => effect !== "stricter") ? 2 : 1;
}

function ruleChanges(rule: Rule, path: string, before: unknown, after: unknown): PolicyChange[] {
  if (rule.limits === null) return [];
  if (before === undefined) return [change(path, "stricter", undefined, after)];
  if (isOff(before) !== isOff(after)) return [change(path, isOff(before) ? "stricter" : "looser", before, after)];
  // Two reasons for the same: nothing else passes than before.
  if (isOff(before)) return [];
  if (!isBlock(before) || !isBlock(after)) return [change(path, "looser", before, after)];
  return Object.entries(rule.stricter ?? {}).flatMap(([name, direction]) =>
    lineOf(`${path}.${name}`, direction, { before: before[name], after: after[name] }),
  );
}

/** Overrides only make stricter: a new one can loosen nothing, and one that is gone, or is for other orders, can. */
function overrideChanges(before: unknown, after: unknown): PolicyChange[] {
  const [old, young] = [before, after].map((all) => (Array.isArray(all) ? all.filter(isBlock) : [])) as [
    Block[],
    Block[],
  ];
  const keyOf = (when: unknown) => canonicalJson(when ?? null);
  const paths = (all: readonly { when?: unknown }[]) => new Map(all.map((one) => [keyOf(one.when), one]));
  const [was, is] = [paths(old), paths(young)];
  const gone = [...was].filter(([key]) => !is.has(key));
  const added = [...is].filter(([key]) => !was.has(key));
  const kept = [...is].flatMap(([key, one]) => {
    const other = was.get(key);
    return other === undefined ? [] : keptOverride(key, blocksOf(other), blocksOf(one));
  });
  const repeated = old.length === was.size && young.length === is.size ? [] : [[old, young] as const];
  return [
    ...gone.map(([key, one]) => change(`overrides ${key}`, "looser", one, undefined)),
    ...added.map(([key, one]) => change(`overrides ${key}`, "stricter", undefined, one)),
    ...kept,
    // Which of two with the same words belongs to which nobody can say.
    ...repeated.flatMap(([from, to]) => (keyOf(from) === keyOf(to) ? [] : [change("overrides", "looser", from, to)])),
  ];
}

function keptOverride(key: string, before: Block, after: Block): PolicyChange[] {
  return RULES.flatMap((rule) => {
    const path = `overrides ${key} rules.${rule.name}`;
    const [from, to] = [before[rule.name], after[rule.name]];
    if (from === undefined && to === undefined) return [];
    if (!isBlock(from) || !isBlock(to)) return [change(path, from === undefined ? "stricter" : "looser", from, to)];
    return Object.entries(rule.stricter ?? {}).flatMap(([name, direction]) => {
      if (from[name] === undefined && to[name] !== undefined)
        return [change(`${path}.${name}`, "stricter", undefined, to[name])];
      return lineOf(`${path}.${name}`, direction, { before: from[name], after: to[name] });
    });
  });
}

const blocksOf = (override: object): Block => {
  const rules = (override as { rules?: unknown }).rules;
  return isBlock(rules) ? rules : {};
};

function lineOf(
  path: string,
  direction: Direction,
  { before, after }: { before: unknown; after: unknown },
): PolicyChange[] {
  const found: Change = compareLimits({ limit: direction }, { limit: before }, { limit: after });
  return found === "same" ? [] : [change(path, found === "stricter" ? "stricter" : "looser", before, after)];
}

function change(path: string, effect: PolicyChange["effect"], before: unknown, after: unknown): PolicyChange {
  return { path: path.slice(0, 300), effect, before: textOf(before), after: textOf(after) };
}

const textOf = (value: unknown) => (value === undefined ? null : (JSON.stringify(value) ?? "").slice(0, 300));
