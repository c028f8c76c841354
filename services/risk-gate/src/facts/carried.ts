import { canonicalJson } from "@countersign/ids/hash";
import { hashOf } from "../inputs.ts";
import { type Fact, type Facts, type InstrumentFacts, missing } from "./fact.ts";

/**
 * The fact, or why it is none: a value with NaN, an infinity or whatever else JSON cannot carry has no hash and no record,
 * so nothing may be judged by it. The hash is kept with the value: the judgement only reads it.
 */
export function carried<T>(fact: Fact<T>): Fact<T> {
  if (fact.state === "missing") return fact;
  try {
    if (typeof fact.value === "object" && fact.value !== null) hashOf(fact.value);
    else canonicalJson(fact.value);
    return fact;
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return missing(`no record can hold its value: ${error.message}`);
  }
}

/** All facts of an order, each as above. */
export function allCarried(facts: Facts): Facts {
  const { legs } = facts;
  return { ...eachCarried(facts), ...(legs && { legs: legs.map(eachCarried) }) };
}

function eachCarried<F extends InstrumentFacts>(facts: F): F {
  const each = Object.entries(facts).map(([name, one]: [string, unknown]) => [name, isFact(one) ? carried(one) : one]);
  return Object.fromEntries(each) as F;
}

function isFact(one: unknown): one is Fact<unknown> {
  return typeof one === "object" && one !== null && "state" in one;
}
