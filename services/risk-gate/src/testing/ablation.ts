import type { Facts } from "../facts/fact.ts";
import { missing } from "../facts/fact.ts";

/** One fact, or one number, currency, time or instrument inside a fact, made useless in one way. */
export interface Ablation {
  /** `quote.bid.value`: the fact's name and the place in its value. The fact itself: its name alone. */
  readonly path: string;
  readonly how:
    | "missing"
    | "stale"
    | "NaN"
    | "negative"
    | "zero"
    | "crossed"
    | "another currency"
    | "another instrument";
  readonly facts: Facts;
}

const NOT_FACTS = ["mode", "at", "agent", "legs", "replaces"];
const STALE = "2020-01-06T15:00:00.000Z";
const NUMBER = /^-?[0-9]+(\.[0-9]+)?$/;

/** Every way in which every fact can be useless, found by walking over the facts: one that is added is taken along. */
export function ablations(facts: Facts): Ablation[] {
  const names = Object.keys(facts).filter((name) => !NOT_FACTS.includes(name)) as (keyof Facts)[];
  return [...names.flatMap((name) => ofFact(facts, name)), ...crossed(facts)];
}

function ofFact(facts: Facts, name: keyof Facts): Ablation[] {
  const fact = facts[name] as { state: string; value: unknown; asOf: string };
  const one = (path: string, how: Ablation["how"], changed: unknown): Ablation => ({
    ...{ path, how },
    facts: { ...facts, [name]: changed } as Facts,
  });
  if (fact.state !== "known") throw new TypeError(`the facts to start from must be known: ${name}`);
  return [
    one(name, "missing", missing("taken away")),
    one(name, "stale", { ...fact, asOf: STALE }),
    ...leaves(fact.value, name).flatMap(({ path, key, value, put }) =>
      spoiled(key, value).map(([how, bad]) => one(path, how, { ...fact, value: put(bad) })),
    ),
  ];
}

function spoiled(key: string, value: unknown): [Ablation["how"], unknown][] {
  if (key === "conid") return [["another instrument", 999]];
  if (key === "asOf") return [["stale", STALE]];
  if (key === "currency" || key === "baseCurrency" || (key === "unit" && value === "USD"))
    return [["another currency", "CHF"]];
  // JSON has no NaN: a number that is none can only come as text.
  if (typeof value === "number") return [["negative", -1]];
  if (typeof value !== "string" || !NUMBER.test(value)) return [];
  const zero: [Ablation["how"], unknown][] = Number(value) === 0 ? [] : [["zero", "0"]];
  return [
    ["NaN", "NaN"],
    ["negative", value.startsWith("-") ? value.slice(1) : `-${Number(value) === 0 ? 1 : value}`],
    ...zero,
  ];
}

interface Leaf {
  readonly path: string;
  readonly key: string;
  readonly value: unknown;
  /** The whole value with another leaf in its place. */
  readonly put: (bad: unknown) => unknown;
}

function leaves(value: unknown, path: string, key = ""): Leaf[] {
  if (typeof value !== "object" || value === null) return [{ path, key, value, put: (bad) => bad }];
  return Object.entries(value).flatMap(([name, inner]) =>
    leaves(inner, `${path}.${name}`, name).map((leaf) => ({
      ...leaf,
      put: (bad: unknown) => {
        const changed = leaf.put(bad);
        if (Array.isArray(value)) return value.map((item, at) => (String(at) === name ? changed : item));
        return { ...value, [name]: changed };
      },
    })),
  );
}

function crossed(facts: Facts): Ablation[] {
  if (facts.quote.state !== "known") return [];
  const { value } = facts.quote;
  const quote = { ...facts.quote, value: { ...value, bid: value.ask, ask: value.bid } };
  return [{ path: "quote", how: "crossed", facts: { ...facts, quote } }];
}
