import type { Facts, InstrumentFacts } from "../facts/fact.ts";
import { missing } from "../facts/fact.ts";

/** One fact, or one number, currency, time or instrument inside a fact, made useless in one way. */
export interface Ablation {
  /** `quote.bid.value`: the fact's name and the place in its value. The fact itself: its name alone. */
  readonly path: string;
  readonly how: (typeof WAYS)[number];
  readonly facts: Facts;
}

export const WAYS = [
  ...(["missing", "stale", "NaN", "negative", "zero", "crossed", "another currency", "another instrument"] as const),
  ...(["no plain number", "not whole", "no time", "from the future", "before 1970", "delayed", "twice"] as const),
  ...(["no JSON number", "no text"] as const),
] as const;

const NOT_FACTS = ["mode", "at", "agent", "legs", "replaces"];
const OF_LEGS = ["instrument", "quote", "session"];
const STALE = "2020-01-06T15:00:00.000Z";
const NUMBER = /^-?[0-9]+(\.[0-9]+)?$/;
/** What other programs write for a number, and this one must not take for one. */
const ODD = [
  ...["Infinity", "-Infinity", "1e3", "+5", " 5", "5\n", "0x10", "1,000", "", ".5", "5.", "\uff15"],
  "9".repeat(60),
];
/** The same of a time. */
const NO_TIMES = ["yesterday", "", "2026-11-23", "2026-11-23T15:00:00.000+05:00", "+275760-09-14T00:00:00.000Z"];

/** Every way in which every fact can be useless, found by walking over the facts: one that is added is taken along. */
export function ablations(facts: Facts): Ablation[] {
  const { legs } = facts;
  // What an order has no fact of stands with its legs.
  const names = Object.keys(facts).filter(
    (name) => !NOT_FACTS.includes(name) && (legs === undefined || !OF_LEGS.includes(name)),
  );
  const ofLeg = (leg: InstrumentFacts, at: number) =>
    Object.keys(leg).flatMap((name) =>
      ofFact(leg, name).map(({ path, how, facts: changed }) => ({
        ...{ path: `legs.${at}.${path}`, how },
        facts: { ...facts, legs: legs?.map((one, index) => (index === at ? changed : one)) } as Facts,
      })),
    );
  return [
    ...names.flatMap((name) => ofFact(facts, name)),
    ...(legs === undefined ? crossed(facts) : legs.flatMap(ofLeg)),
  ];
}

function ofFact<F extends object>(facts: F, name: string): (Omit<Ablation, "facts"> & { readonly facts: F })[] {
  const fact = facts[name as keyof F] as { state: string; value: unknown; asOf: string };
  const one = (path: string, how: Ablation["how"], changed: unknown) => ({
    ...{ path, how },
    facts: { ...facts, [name]: changed },
  });
  if (fact.state !== "known") throw new TypeError(`the facts to start from must be known: ${name}`);
  return [
    one(name, "missing", missing("taken away")),
    ...times.map(([how, asOf]) => one(name, how, { ...fact, asOf })),
    ...rowsOf(fact.value, name).map(({ path, put }) => one(path, "twice", { ...fact, value: put })),
    ...leaves(fact.value, name).flatMap(({ path, key, value, put }) =>
      spoiled(key, value).map(([how, bad]) => one(path, how, { ...fact, value: put(bad) })),
    ),
  ];
}

function spoiled(key: string, value: unknown): [Ablation["how"], unknown][] {
  if (key === "conid")
    return [
      ["another instrument", 999],
      ["another instrument", String(value)],
    ];
  if (key === "asOf") return times;
  if (key === "dataType") return [["delayed", "delayed"]];
  if (key === "currency" || key === "baseCurrency" || (key === "unit" && value === "USD"))
    return [["another currency", "CHF"]];
  if (typeof value === "number") return [...NO_NUMBERS, ["negative", -1], ["not whole", value + 0.5]];
  if (typeof value !== "string" || !NUMBER.test(value)) return [];
  const zero: [Ablation["how"], unknown][] = Number(value) === 0 ? [] : [["zero", "0"]];
  return [
    ...NO_NUMBERS,
    ["no text", -0],
    ["no text", Number(value)],
    ["NaN", "NaN"],
    ...ODD.map((text): [Ablation["how"], unknown] => ["no plain number", text]),
    ["negative", value.startsWith("-") ? value.slice(1) : `-${Number(value) === 0 ? 1 : value}`],
    ...zero,
  ];
}

/** JSON has none of these, and brings none; what this program computed itself may be one. */
const NO_NUMBERS = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].map(
  (one): [Ablation["how"], unknown] => ["no JSON number", one],
);

const times: [Ablation["how"], string][] = [
  ["stale", STALE],
  ["from the future", "2999-01-01T00:00:00.000Z"],
  ["before 1970", "1960-01-01T00:00:00.000Z"],
  ...NO_TIMES.map((text): [Ablation["how"], string] => ["no time", text]),
];

/** Every list of instruments in a value, with the value in which the first of the list stands twice. */
function rowsOf(value: unknown, path: string): { readonly path: string; readonly put: unknown }[] {
  if (typeof value !== "object" || value === null) return [];
  const inner = Object.entries(value).flatMap(([name, one]) =>
    rowsOf(one, `${path}.${name}`).map((row) => ({
      path: row.path,
      put: Array.isArray(value)
        ? value.map((item, at) => (String(at) === name ? row.put : item))
        : { ...value, [name]: row.put },
    })),
  );
  const isList = Array.isArray(value) && typeof value[0] === "object" && "conid" in value[0];
  return isList ? [{ path, put: [...value, value[0]] }, ...inner] : inner;
}

/** The value once for each number in it that is no text, with this one in its place. */
export function withNumber(value: unknown, number: number): unknown[] {
  return leaves(value, "").flatMap((leaf) => (typeof leaf.value === "number" ? [leaf.put(number)] : []));
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
