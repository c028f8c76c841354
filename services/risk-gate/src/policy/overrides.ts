import { Mode } from "@countersign/contracts/mode";
import { AccountId, ConId, Json, PrincipalId } from "@countersign/contracts/primitives";
import * as z from "zod";
import { RULES } from "../rules/registry.ts";
import { blockSchema, isOff, type Rule } from "../rules/rule.ts";
import { type Block, compareBlocks, strictestOf } from "./blocks.ts";
import { contradictions } from "./contradictions.ts";

/** Which orders an override is for: all that is said must fit. Of a combination one leg is enough. */
const When = z
  .strictObject({
    mode: Mode.exactOptional(),
    account: AccountId.exactOptional(),
    agent: PrincipalId.exactOptional(),
    secType: z
      .string()
      .regex(/^[A-Z]{2,10}$/)
      .exactOptional(),
    conids: z.array(ConId).min(1).max(10_000).exactOptional(),
  })
  .refine((when) => Object.keys(when).length > 0, "an override must say what it is for");
type When = z.infer<typeof When>;

/** Stricter limits for some orders. Limits that are not named stay those of the policy. */
export const Override = z.strictObject({
  when: When,
  rules: z
    .record(z.string(), z.record(z.string(), Json))
    .refine((rules) => Object.keys(rules).length > 0, "an override must name a rule"),
});
export type Override = z.infer<typeof Override>;

type Blocks = Readonly<Record<string, unknown>>;
interface Overridden {
  readonly rules: Blocks;
  readonly overrides: readonly Override[];
}

/** What an order is, as far as overrides look at it. */
export interface OrderScope {
  readonly mode: Mode;
  readonly account: string;
  readonly agent: string;
  readonly conids: readonly number[];
  /** Of the instruments that are known. */
  readonly secTypes: readonly string[];
}

const known = new Map(RULES.map((rule) => [rule.name, rule]));

/** What is wrong with the overrides of a policy whose own limits are good: each with its place. */
export function overrideFaults({ rules, overrides }: Overridden): { path: (string | number)[]; message: string }[] {
  return overrides.flatMap((override, at) =>
    Object.entries(override.rules).flatMap(([name, partial]) => {
      const path = ["overrides", at, "rules", name];
      const rule = known.get(name);
      const found = rule === undefined ? `there is no rule ${name}` : mergedBlock(rule, rules[name], partial);
      if (rule === undefined || typeof found === "string") return [{ path, message: String(found) }];
      const change = compareBlocks(rule, rules[name], found);
      if (change !== "same" && change !== "stricter")
        return [{ path, message: `${change} than the policy itself; an override may only be stricter` }];
      const clash = clashOf(rule, { rules, overrides }, at);
      const inside = contradictions({ [name]: found }, { anyAgent: null, agents: {} }).map((fault) => ({
        path: [...path, ...fault.path.slice(2)],
        message: `with the other limits of the rule: ${fault.message}`,
      }));
      return clash === undefined ? inside : [...inside, { path, message: clash }];
    }),
  );
}

/** The rule's block with some limits of it replaced, or what is wrong with that. */
function mergedBlock(rule: Rule, base: unknown, partial: Readonly<Record<string, unknown>>): Block | string {
  const schema = blockSchema(rule);
  if (schema === null) return "the rule has no limits";
  const merged = isOff(base) || typeof base !== "object" ? partial : { ...base, ...partial };
  const parsed = schema.safeParse(merged);
  if (parsed.success) return parsed.data as Block;
  return parsed.error.issues.map(({ path, message }) => `${path.join(".") || "(block)"}: ${message}`).join("; ");
}

/** Of two overrides for one order the stricter one must be known, limit by limit. */
function clashOf(rule: Rule, { rules, overrides }: Overridden, at: number): string | undefined {
  const own = overrides[at];
  const other = overrides.findIndex((one, index) => {
    if (own === undefined || index >= at || one.rules[rule.name] === undefined || apart(one.when, own.when))
      return false;
    const [a, b] = [one, own].map((each) => mergedBlock(rule, rules[rule.name], each.rules[rule.name] ?? {}));
    return typeof a !== "object" || typeof b !== "object" || strictestOf(rule, a, b) === undefined;
  });
  return other < 0
    ? undefined
    : `both this and overrides.${other} may be for one order, and neither is the stricter one`;
}

/** Whether no order can be of both kinds. Of a combination two legs can. */
function apart(one: When, other: When): boolean {
  const keys = ["mode", "account", "agent"] as const;
  return keys.some((key) => one[key] !== undefined && other[key] !== undefined && one[key] !== other[key]);
}

function concerns({ mode, account, agent, secType, conids }: When, scope: OrderScope): boolean {
  return (
    (mode === undefined || mode === scope.mode) &&
    (account === undefined || account === scope.account) &&
    (agent === undefined || agent === scope.agent) &&
    (secType === undefined || scope.secTypes.includes(secType)) &&
    (conids === undefined || conids.some((conid) => scope.conids.includes(conid)))
  );
}

const computed = new WeakMap<object, Map<string, Blocks>>();

/** The limits for one order: those of the policy, and of each rule the strictest of the overrides that are for it. */
export function limitsFor(policy: Overridden, scopeOf: () => OrderScope): Blocks {
  if (policy.overrides.length === 0) return policy.rules;
  const scope = scopeOf();
  const matching = policy.overrides.flatMap(({ when }, at) => (concerns(when, scope) ? [at] : []));
  if (matching.length === 0) return policy.rules;
  const cache = computed.get(policy) ?? new Map<string, Blocks>();
  computed.set(policy, cache);
  const key = matching.join(",");
  const found = cache.get(key) ?? merge(policy, matching);
  cache.set(key, found);
  return found;
}

function merge({ rules, overrides }: Overridden, matching: readonly number[]): Blocks {
  const merged: Record<string, unknown> = { ...rules };
  for (const at of matching) {
    for (const [name, partial] of Object.entries(overrides[at]?.rules ?? {})) {
      const rule = known.get(name);
      const block = rule === undefined ? "unknown" : mergedBlock(rule, rules[name], partial);
      const strictest =
        rule === undefined || typeof block === "string" ? undefined : strictestOf(rule, merged[name], block);
      // The policy was checked when it was loaded: an override that cannot be applied is a bug, never no limit.
      if (strictest === undefined) throw new TypeError(`override ${at} of ${name} cannot be applied`);
      merged[name] = strictest;
    }
  }
  return merged;
}
