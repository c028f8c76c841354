import type { OrderTerms } from "@countersign/contracts/order";
import { canonicalJson, sha256Hex } from "@countersign/ids/hash";
import type { Fact, Facts } from "./facts/fact.ts";

/**
 * What a verdict was made of, as a small table: every value of a fact that is an object or a list stands in it by its hash.
 * A value that did not change since the last verdict (a book of a thousand positions, an instrument, a year of bars) is the
 * same object, and is hashed once.
 */
export interface InputTable {
  readonly type: "countersign.inputs/2";
  readonly terms: string;
  readonly facts: unknown;
}

interface Hashed {
  readonly hash: string;
  /** Length of the canonical JSON. */
  readonly length: number;
}

/** Facts never change after they were gathered; what is not held any more leaves this by itself. */
const HASHES = new WeakMap<object, Hashed>();

/** The table; `onValue` hears of each value that it names by its hash, with the length of its canonical JSON. */
export function inputTable(
  terms: OrderTerms,
  facts: Facts,
  onValue: (hashed: Hashed, value: object) => void = () => undefined,
): InputTable {
  const named = (value: object): string => {
    const hashed = hashOf(value);
    onValue(hashed, value);
    return hashed.hash;
  };
  return { type: "countersign.inputs/2", terms: named(terms), facts: tabled(facts, named) };
}

/**
 * Names the inputs: the hash of a flat list of texts, which has only one JSON. Facts stand in the order of their names, and
 * each says first of which kind it is and so how many texts follow; no two different inputs have the same list.
 */
export function inputsHash(terms: OrderTerms, facts: Facts): string {
  const list = ["countersign.inputs/2", hashOf(terms).hash];
  addTo(list, "facts", facts);
  return sha256Hex(JSON.stringify(list));
}

/** State, value, source and time; whatever has more is hashed as a whole. */
const KNOWN_FIELDS = 4;

function addTo(list: string[], name: string, node: unknown): void {
  if (!isObject(node)) list.push(name, "value", canonicalJson(node));
  else if (Array.isArray(node)) {
    list.push(name, "list", String(node.length));
    for (const item of node) addTo(list, "item", item);
  } else if (isKnown(node) && isObject(node.value) && Object.keys(node).length === KNOWN_FIELDS) {
    const { value, source, asOf } = node;
    list.push(name, "known", hashOf(value).hash, asOf, source);
  } else if ("state" in node) list.push(name, "value", canonicalJson(node));
  else {
    const names = inOrder(Object.keys(node));
    list.push(name, "named", String(names.length));
    for (const one of names) addTo(list, one, (node as Readonly<Record<string, unknown>>)[one]);
  }
}

let lastNames: { readonly given: readonly string[]; readonly sorted: readonly string[] } = { given: [], sorted: [] };

/** Sorted. The facts of one order have the names of the one before. */
function inOrder(given: readonly string[]): readonly string[] {
  const isSame = given.length === lastNames.given.length && given.every((name, at) => name === lastNames.given[at]);
  if (!isSame) lastNames = { given, sorted: given.toSorted() };
  return lastNames.sorted;
}

/** Of a value that nobody changes; computed once for each object. */
export function hashOf(value: object): Hashed {
  const known = HASHES.get(value);
  if (known !== undefined) return known;
  const text = canonicalJson(value);
  const hashed = { hash: sha256Hex(text), length: text.length };
  HASHES.set(value, hashed);
  return hashed;
}

/** A fact keeps its origin beside the hash of its value; what is smaller than a hash stands as it is. */
function tabled(node: unknown, named: (value: object) => string): unknown {
  if (typeof node !== "object" || node === null) return node;
  if (Array.isArray(node)) return node.map((item) => tabled(item, named));
  if (isKnown(node)) {
    const { value, ...origin } = node;
    return isObject(value) ? { ...origin, valueHash: named(value) } : node;
  }
  return Object.fromEntries(Object.entries(node).map(([name, item]) => [name, tabled(item, named)]));
}

function isKnown(node: object): node is Extract<Fact<unknown>, { state: "known" }> {
  return "state" in node && node.state === "known" && "value" in node;
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;
