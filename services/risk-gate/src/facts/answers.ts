import { Fault, type Part, type Reply } from "@countersign/contracts/denial";
import { carried } from "./carried.ts";
import { type Fact, missing } from "./fact.ts";

const REMEMBERED_MAX = 500;

/** Keeps the newest; beyond the bound the oldest goes first. */
export function remember<K, V>(map: Map<K, V>, key: K, value: V): void {
  map.delete(key);
  map.set(key, value);
  for (const oldest of map.keys()) {
    if (map.size <= REMEMBERED_MAX) return;
    map.delete(oldest);
  }
}

/** Waits for all at once, by name. */
export async function all<T extends object>(promises: { [K in keyof T]: Promise<T[K]> | T[K] }): Promise<T> {
  const names = Object.keys(promises) as (keyof T)[];
  const values = await Promise.all(names.map((name) => promises[name]));
  return Object.fromEntries(names.map((name, index) => [name, values[index]])) as T;
}

export function ofAccount<T>(value: { account: string }, account: string, read: () => Fact<T>): Fact<T> {
  return value.account === account ? read() : missing(`the answer is about ${value.account}`);
}

/** The answer, or the refusal of an order that was HALTED meanwhile. */
export type OrStop = <T>(asking: Promise<T>) => Promise<T | Extract<Reply<never>, { outcome: "denied" }>>;

/** The fact is hashed as it comes, while others are still on their way: its hash is known when it is judged by. */
export async function ask<V, T>(asking: Promise<Part<V>>, read: (value: V) => Fact<T>): Promise<Fact<T>> {
  try {
    const part = await asking;
    if (part.outcome === "ok") return carried(read(part.value));
    const { code, message } = part.outcome === "denied" ? part.denial : part.fault;
    return missing(`${code}: ${message}`);
  } catch (error) {
    // Only a failed operation is a missing fact; anything else is a bug and must not pass for one.
    if (error instanceof Fault) return missing(`${error.code}: ${error.message}`);
    throw error;
  }
}

/** One part of an answer that has several. When there is no answer, every part is missing for that reason. */
export function askPart<A, V, T>(
  asking: Promise<Reply<A>>,
  pick: (answer: A) => Part<V> | null,
  read: (value: V) => Fact<T>,
): Promise<Fact<T>> {
  const part = asking.then((reply): Part<V> => {
    if (reply.outcome === "denied") return reply;
    const found = pick(reply.value);
    if (found === null) throw new Fault("INTERNAL", "a part that was asked for is not in the answer");
    return found;
  });
  return ask(part, read);
}
