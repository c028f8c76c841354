import type { AgentUsage, EdgeUsage } from "@countersign/contracts/messages/edge-usage.v1";
import type { Kept, UsageStore } from "../usage/usage.ts";

/** The bucket of the edge as two tables, with the rule of the real one: a write names the one before. */
export class MemoryUsage implements UsageStore {
  writes = 0;
  fails = false;
  readonly all: Kept<EdgeUsage> = this.#kept<EdgeUsage>("all");
  readonly #agents = new Map<string, Kept<AgentUsage>>();

  agent(id: string): Kept<AgentUsage> {
    const known = this.#agents.get(id) ?? this.#kept<AgentUsage>(id);
    this.#agents.set(id, known);
    return known;
  }

  #kept<T>(name: string): Kept<T> {
    let last: { sequence: number; usage: T | undefined } = { sequence: 0, usage: undefined };
    return {
      name,
      read: async () => last,
      write: async (usage, expectedSequence) => {
        if (this.fails) throw new Error("the bucket is away");
        if (expectedSequence !== last.sequence) return { outcome: "conflict" };
        this.writes += 1;
        last = { sequence: expectedSequence + 1, usage };
        return { outcome: "appended", sequence: last.sequence };
      },
    };
  }
}
