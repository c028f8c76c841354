import type { Bus } from "@countersign/bus/bus";
import type { Fact } from "@countersign/contracts/contract-kinds";
import { FACTS, subjectOf } from "@countersign/contracts/subjects";
import type * as z from "zod";
import type { Kept, UsageStore } from "./usage.ts";

/** In the bucket of this service. What cannot be read is a Fault: without the count nothing may be called. */
export function usageStore(bus: Pick<Bus, "append" | "readLast">): UsageStore {
  return {
    agent: (id) => kept(bus, FACTS.agentUsage, { agent: id }),
    all: kept(bus, FACTS.edgeUsage, {}),
  };
}

function kept<F extends Fact>(
  bus: Pick<Bus, "append" | "readLast">,
  fact: F,
  params: Record<string, string>,
): Kept<z.output<F["body"]>> {
  return {
    name: subjectOf(fact.subject, params),
    async read() {
      const last = await bus.readLast(fact, params);
      return { sequence: last?.sequence ?? 0, usage: last?.body };
    },
    write: (usage, expectedSequence) => bus.append(fact, params, usage as z.input<F["body"]>, { expectedSequence }),
  };
}
