import { compare, type Decimal, decimal } from "@countersign/money/decimal";
import { RULES } from "../rules/registry.ts";
import { isOff } from "../rules/rule.ts";
import { compareLimits } from "../rules/strictness.ts";
import { type Block, isBlock } from "./blocks.ts";

interface Fault {
  readonly path: (string | number)[];
  readonly message: string;
}

/** `soft...` and `hard...` of one rule with the same rest of their names. */
const SOFT = /^soft([A-Z].*)$/;

const SCOPES = ["agent", "account", "instrument"] as const;
/** Each of these chains must not fall: an order within the first limit could never be within a later one. */
const ASCENDING: readonly (readonly string[])[] = [
  ["dailyLoss.percentMax", "weeklyLoss.percentMax"],
  ["stopDistance.percentMin", "stopDistance.percentMax"],
  ...SCOPES.flatMap((scope) => [
    ["maxOrderNotional.max.amount", `notionalOverTime.${scope}.minute`],
    ["minute", "hour", "day"].map((time) => `notionalOverTime.${scope}.${time}`),
    ["maxOrderNotional.max.amount", `sessionLimits.${scope}.notional`],
    ["second", "minute", "fiveMinutes", "tenMinutes", "day"].map((time) => `orderRate.${scope}.${time}`),
  ]),
];

/** Limits that cannot both be meant: a soft one beyond its hard one, an hour below a minute, a day below one order, two currencies. */
export function contradictions(
  rules: Readonly<Record<string, unknown>>,
  passports: { readonly anyAgent: unknown; readonly agents: Readonly<Record<string, unknown>> },
): Fault[] {
  return [...softBeyondHard(rules), ...falling(rules), ...otherCurrencies(rules, passports)];
}

/** Each of them must be the account's base currency, and an account has one: with two, every order would be denied. */
function otherCurrencies(rules: Block, passports: Block): Fault[] {
  const inRules = Object.entries(rules).flatMap(([name, block]) =>
    isOff(block) ? [] : currenciesIn(block, ["rules", name]),
  );
  const [first] = inRules;
  if (first === undefined) return [];
  const message = `it is not ${first.currency}, as in ${first.path.join(".")}; each must be the account's base currency, so no order could pass`;
  return [...inRules, ...currenciesIn(passports, ["passports"])]
    .filter(({ currency }) => currency !== first.currency)
    .map(({ path }) => ({ path, message }));
}

function currenciesIn(value: unknown, path: string[]): { path: string[]; currency: string }[] {
  if (!isBlock(value)) return [];
  return Object.entries(value).flatMap(([name, inner]) =>
    name === "currency" && typeof inner === "string"
      ? [{ path: [...path, name], currency: inner }]
      : currenciesIn(inner, [...path, name]),
  );
}

/** A soft limit that lies beyond the hard one of the same rule and name: nobody would ever be asked. */
function softBeyondHard(rules: Readonly<Record<string, unknown>>): Fault[] {
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

function falling(rules: Readonly<Record<string, unknown>>): Fault[] {
  const pairs = ASCENDING.flatMap((chain) =>
    chain.slice(1).map((upper, index) => [chain[index] ?? upper, upper] as const),
  );
  return pairs.flatMap(([lower, upper]) => {
    const [small, large] = [lower, upper].map((path) => numberAt(rules, path.split(".")));
    if (small === undefined || large === undefined || compare(small, large) <= 0) return [];
    return [{ path: ["rules", ...upper.split(".")], message: `it is below rules.${lower}` }];
  });
}

/** undefined: no such limit, none at all, or its rule is off. */
function numberAt(value: unknown, [name, ...rest]: readonly string[]): Decimal | undefined {
  if (name !== undefined) return isBlock(value) ? numberAt(value[name], rest) : undefined;
  const text = typeof value === "number" ? String(value) : value;
  return typeof text === "string" && /^-?[0-9]+(\.[0-9]+)?$/.test(text) ? decimal(text) : undefined;
}
