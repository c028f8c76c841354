import type { JudgedFact } from "@countersign/contracts/facts/judged-facts.v1";
import type { OrderTerms } from "@countersign/contracts/order";
import type { Verdict } from "@countersign/contracts/verdict";
import type { Facts } from "../facts/fact.ts";
import { hashOf, type InputTable, inputTable } from "../inputs.ts";
import { verdictHash } from "../verdict-hash.ts";
import { engineHash } from "./engine.ts";
import { pack } from "./pack.ts";

/** From here on a value gets a record of its own, which the next verdict that names it finds written. */
const LARGE = 3_000;
/** From here on one that so many verdicts have named gets one too: instrument, session, balances. */
const REPEATED = 500;
const TIMES_NAMED = 8;

/** One verdict with all that it was made of. */
export interface Judged {
  readonly proposalId: string;
  readonly terms: OrderTerms;
  readonly facts: Facts;
  readonly verdict: Verdict;
  /** As the configuration has it, before anything was prepared from it. */
  readonly policy: object;
}

/** What stands in a record: the table, and by their hashes the values that are in it. */
export interface Inputs {
  readonly table: InputTable;
  readonly values: Readonly<Record<string, unknown>>;
  /** Hashes of those that have records of their own. */
  readonly large: readonly string[];
}

export interface TakenDown {
  readonly fact: JudgedFact;
  /** By hash, everything that gets a record of its own, the policy with it. */
  readonly large: ReadonlyMap<string, object>;
}

/** How often verdicts have named a value, by the object: what is parsed anew each time is another one. */
export class TimesNamed {
  readonly #times = new WeakMap<object, number>();

  /** Of the time that begins now: the value was named often enough before. */
  isOften(value: object): boolean {
    const times = this.#times.get(value) ?? 0;
    this.#times.set(value, times + 1);
    return times >= TIMES_NAMED;
  }
}

/** The record of a verdict; writes nothing. */
export function takeDown(
  { proposalId, terms, facts, verdict, policy }: Judged,
  named: TimesNamed = new TimesNamed(),
): TakenDown {
  const values: Record<string, unknown> = {};
  const large = new Map<string, object>();
  const table = inputTable(terms, facts, ({ hash, length }, value) => {
    if (length >= LARGE || (length >= REPEATED && named.isOften(value))) large.set(hash, value);
    else values[hash] = value;
  });
  const inputs: Inputs = { table, values, large: [...large.keys()] };
  const policyValue = hashOf(policy).hash;
  large.set(policyValue, policy);
  const { policyHash, inputsHash, outcome } = verdict;
  const fact: JudgedFact = {
    type: "judged/1",
    ...{ proposalId, account: terms.account, at: facts.at },
    ...{ engine: engineHash(), policyHash, policyValue, inputsHash },
    ...{ verdictHash: verdictHash(verdict), outcome, inputs: pack(JSON.stringify(inputs)) },
  };
  return { fact, large };
}
