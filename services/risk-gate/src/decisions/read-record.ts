import type { JudgedFact, JudgedValuePiece } from "@countersign/contracts/facts/judged-facts.v1";
import type { OrderTerms } from "@countersign/contracts/order";
import { sha256Hex } from "@countersign/ids/hash";
import type { Facts } from "../facts/fact.ts";
import { unpack } from "./pack.ts";
import type { Inputs } from "./taken-down.ts";

/** What is on record does not hold together; the message says where. */
export class RecordError extends Error {
  override readonly name = "RecordError";
}

/** Where large values come from. */
export type ValueSource = (hash: string) => Promise<unknown>;

/** Everything behind one verdict, put together again and not judged yet. */
export interface ReadDecision {
  readonly fact: JudgedFact;
  readonly terms: OrderTerms;
  readonly facts: Facts;
  readonly policy: unknown;
}

/** Throws a RecordError when a value is not there. Whether it is the right one, the check of the hashes tells. */
export async function readDecision(fact: JudgedFact, large: ValueSource): Promise<ReadDecision> {
  const inputs = inputsOf(fact);
  const values = new Map(Object.entries(inputs.values));
  const [policy] = await Promise.all([
    large(fact.policyValue),
    ...inputs.large.map(async (hash) => void values.set(hash, await large(hash))),
  ]);
  const value = (hash: string): unknown => {
    if (!values.has(hash)) throw new RecordError(`the value ${hash} is not on record`);
    return values.get(hash);
  };
  const { table } = inputs;
  return {
    fact,
    terms: value(table.terms) as OrderTerms,
    facts: filled(table.facts, value) as Facts,
    policy,
  };
}

function inputsOf({ inputs }: JudgedFact): Inputs {
  let read: Partial<Inputs>;
  try {
    read = JSON.parse(unpack(inputs).toString()) as Partial<Inputs>;
  } catch (cause) {
    throw new RecordError("the inputs cannot be read", { cause });
  }
  const { table, values, large } = read;
  if (table?.type !== "countersign.inputs/2" || values === undefined || !Array.isArray(large))
    throw new RecordError("the inputs are none of ours");
  return { table, values, large };
}

/** The facts as they were: each hash in its place gives way to its value. */
function filled(node: unknown, value: (hash: string) => unknown): unknown {
  if (typeof node !== "object" || node === null) return node;
  if (Array.isArray(node)) return node.map((item) => filled(item, value));
  if ("valueHash" in node && typeof node.valueHash === "string") {
    const { valueHash, ...origin } = node;
    return { ...origin, value: value(valueHash) };
  }
  return Object.fromEntries(Object.entries(node).map(([name, item]) => [name, filled(item, value)]));
}

/** A large value out of its pieces. Throws a RecordError when one is missing or the whole is another value. */
export function wholeValue(hash: string, pieces: readonly JudgedValuePiece[]): unknown {
  const count = pieces[0]?.pieces ?? 0;
  if (count === 0 || pieces.length < count || pieces.some(({ piece }, index) => piece !== index + 1))
    throw new RecordError(`the value ${hash} is not whole: ${pieces.length} of ${count} pieces`);
  const text = Buffer.concat(pieces.map(({ data }) => unpack(data))).toString();
  if (sha256Hex(text) !== hash) throw new RecordError(`the value ${hash} was changed`);
  return JSON.parse(text);
}
