import type { Facet } from "@countersign/contracts/life";
import type { AnyFact } from "./fold.ts";
import type { OrderProjection } from "./projection.ts";

/** More than can ever wait for the audit at once. */
const RECENT = 200;

/**
 * The facts of one author among the newest of the whole log. Whoever dies between writing a fact and having it in the
 * audit cannot know of it afterwards: its successor tells the audit these again.
 */
export function recentFacts(orders: Pick<OrderProjection, "list" | "lastSequence">, facet: Facet): AnyFact[] {
  const from = orders.lastSequence() - RECENT;
  return orders.list().flatMap(({ view, facts }) =>
    facts.filter((_, index) => {
      const line = view.history[index];
      return line !== undefined && line.facet === facet && line.sequence > from;
    }),
  );
}
