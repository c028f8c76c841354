import type { OrderTerms } from "@countersign/contracts/order";
import { canonicalHash, canonicalJson, sha256Hex } from "@countersign/ids/hash";
import type { Facts } from "./facts/fact.ts";

/**
 * What a verdict was made of, as a small table: every value that is an object or a list stands in it by its hash. The
 * hash of the table names the inputs. A value that did not change since the last verdict (a book of a thousand positions,
 * an instrument, a year of bars) is the same object, and is hashed once.
 */
export interface InputTable {
  readonly type: "countersign.inputs/1";
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
  return { type: "countersign.inputs/1", terms: named(terms), facts: tabled(facts, named) };
}

export function inputsHash(terms: OrderTerms, facts: Facts): string {
  return canonicalHash(inputTable(terms, facts));
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

function isKnown(node: object): node is { state: "known"; value: unknown } {
  return "state" in node && node.state === "known" && "value" in node;
}

const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;
