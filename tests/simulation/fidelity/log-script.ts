import { Prng } from "../engine/prng.ts";

/** Subjects of one script, by kind; `key` tells those of a kind apart. */
export const KINDS = ["exec", "decision", "claim", "killGlobal", "killAccount", "writer", "lease"] as const;
export type Kind = (typeof KINDS)[number];

/** A number that an append expects, relative to what is true. */
export type Expected = "absent" | "right" | "zero" | "behind" | "ahead";

export interface Write {
  readonly kind: Kind;
  readonly key: number;
  /** Last sequence of the subject. */
  readonly subject: Expected;
  /** Last sequence of all logs of the order; only for those. */
  readonly order?: Expected;
  /** Last sequence of the whole stream. */
  readonly stream: Expected;
  /** Two writes with one message id are one write, whatever they say. */
  readonly id: number | undefined;
  /** Tells the texts apart. */
  readonly mark: number;
}

export type LogStep =
  | { readonly do: "append"; readonly bus: 0 | 1; readonly write: Write }
  /** Sent one behind the other without waiting for an answer, by one user over one connection. */
  | { readonly do: "burst"; readonly bus: 0 | 1; readonly writes: readonly Write[] }
  /** The same from both processes at once: which of them wins is open, and that one does is not. */
  | { readonly do: "race"; readonly write: Write; readonly each: number }
  /** A claim against a setting of the kill switch, both against the newest sequence of the stream. */
  | { readonly do: "contest"; readonly mark: number }
  | { readonly do: "readLast" | "readSubject"; readonly bus: 0 | 1; readonly kind: Kind; readonly key: number }
  | { readonly do: "state"; readonly kind: Kind }
  | { readonly do: "at"; readonly of: "orders" | "control"; readonly back: number }
  /** Of all subjects under a filter, whichever of them it is. */
  | { readonly do: "newest"; readonly of: "orders" | "control" }
  | { readonly do: "subjects"; readonly of: "orders" | "control"; readonly narrow: boolean }
  | { readonly do: "full"; readonly stream: "ORDERS" | "KV_CONTROL"; readonly is: boolean }
  | { readonly do: "restart"; readonly hard: boolean };

const GATEWAY: readonly Kind[] = ["exec", "claim", "writer", "lease"];

/** What one script does: appends and reads as the order path makes them, and their abuses. */
export function logScript(seed: number, options: { readonly disruptions: boolean }): LogStep[] {
  const random = new Prng(seed);
  const steps: LogStep[] = [];
  const length = random.between(6, 24);
  // A script about few subjects is one with many conflicts.
  const kinds = KINDS.filter(() => random.chance(0.6));
  if (kinds.length === 0) kinds.push("exec");
  for (let step = 0; step < length; step += 1) steps.push(stepOf(random, kinds));
  if (options.disruptions) disrupt(random, steps);
  return steps;
}

function stepOf(random: Prng, kinds: readonly Kind[]): LogStep {
  const bus = random.pick([0, 1] as const);
  const kind = random.pick(kinds);
  const key = random.below(2);
  const of = random.pick(["orders", "control"] as const);
  const roll = random.below(100);
  if (roll < 45) return { do: "append", bus, write: writeOf(random, kind) };
  if (roll < 55) {
    const own = kinds.filter((one) => GATEWAY.includes(one));
    const writes = Array.from({ length: random.between(2, 6) }, () => writeOf(random, random.pick([...own, "exec"])));
    return { do: "burst", bus, writes };
  }
  if (roll < 63) return { do: "race", write: { ...writeOf(random, kind), id: undefined }, each: random.between(1, 4) };
  if (roll < 66) return { do: "contest", mark: random.below(1_000_000) };
  if (roll < 80) return { do: "readLast", bus, kind, key };
  if (roll < 88) return { do: "readSubject", bus, kind, key };
  if (roll < 92) return { do: "state", kind };
  if (roll < 94) return { do: "newest", of };
  if (roll < 97) return { do: "at", of, back: random.between(-1, 12) };
  return { do: "subjects", of, narrow: random.chance(0.9) };
}

function writeOf(random: Prng, kind: Kind): Write {
  const wrong = () => random.pick(["zero", "behind", "ahead"] as const);
  const subject = random.chance(0.15) ? "absent" : random.chance(0.7) ? "right" : wrong();
  const stream = random.chance(kind === "claim" ? 0.2 : 0.7) ? "absent" : random.chance(0.7) ? "right" : wrong();
  const id = random.chance(0.35) ? random.below(3) : undefined;
  const write: Write = { kind, key: random.below(2), subject, stream, id, mark: random.below(1_000_000) };
  if ((kind !== "exec" && kind !== "decision") || random.chance(0.6)) return write;
  return { ...write, order: random.chance(0.7) ? "right" : wrong() };
}

/** One disruption: the server ends and starts again, or a stream is full for the rest of the script. */
function disrupt(random: Prng, steps: LogStep[]): void {
  const at = random.below(steps.length);
  if (random.chance(0.5)) {
    steps.splice(at, 0, { do: "restart", hard: random.chance(0.5) });
    return;
  }
  const stream = steps.some(writesShared) ? "ORDERS" : random.pick(["ORDERS", "KV_CONTROL"] as const);
  steps.splice(at, 0, { do: "full", stream, is: true });
  steps.push({ do: "full", stream, is: false });
}

/**
 * A full stream still takes a setting whose key is at its limit when the one that rolls off makes room, which depends on
 * bytes that the fake does not count: it refuses. Only keys that live through many scripts come to their limit.
 */
function writesShared(step: LogStep): boolean {
  const writes = "writes" in step ? step.writes : "write" in step ? [step.write] : [];
  return writes.some(({ kind }) => kind === "killGlobal" || kind === "writer");
}
