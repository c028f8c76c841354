import { type Facts, known } from "../facts/fact.ts";
import { AT, withFact, withQuote } from "../test-facts.ts";
import { FULL_FACTS } from "./ablation-facts.ts";

/** Changes of the facts of the tests, each of a single one. */
export const facts = (given: Partial<Facts>) => ({ facts: given });
export const only = <K extends keyof Facts>(name: K, from: Facts): Partial<Facts> => ({ [name]: from[name] });
export const changed = (name: Parameters<typeof withFact>[0], change: object) =>
  facts(only(name, withFact(name, change)));
export const quote = (change: Parameters<typeof withQuote>[0]) => facts(only("quote", withQuote(change)));
export const amount = (name: string, text: string, currency = "USD") =>
  changed("summary", { [name]: { amount: text, currency } });
export const row = (name: keyof Facts, change: object) => {
  const fact = FULL_FACTS[name] as { value: readonly object[] };
  return facts({ [name]: known(fact.value.map((one) => ({ ...one, ...change })) as never, "x", AT) });
};
export const holding = (change: object) => {
  const { holdings } = (FULL_FACTS.book as { value: { holdings: readonly object[] } }).value;
  return changed("book", { holdings: holdings.map((one) => ({ ...one, ...change })) });
};
