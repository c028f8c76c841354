import type { Absence, ExecFact } from "@countersign/contracts/facts/exec-facts.v1";

/** Two absences closer together than this are one. */
export const BETWEEN_ABSENCES_MS = 30_000;

/** The broker was heard of the order: what it did not show before proves nothing any more. */
const HEARD: readonly ExecFact["type"][] = [
  ...(["acknowledged/1", "partiallyFilled/1", "filled/1", "cancelled/1", "brokerRejected/1"] as const),
  ...(["disputed/1", "completed/1", "modified/1"] as const),
  ...(["resolvedOpen/1", "resolvedPartial/1", "resolvedFilled/1", "resolvedCancelled/1"] as const),
  "resolvedRejected/1",
];

interface Searched {
  readonly absences?: Absence[];
  readonly closeRequestedBy?: string;
}

/** Readings that did not show the order, one after the other. One without a predecessor begins anew. */
export function withAbsences<T extends Searched>(order: T, fact: ExecFact): T {
  if (HEARD.includes(fact.type)) {
    if (!("absences" in order || "closeRequestedBy" in order)) return order;
    const { absences: _, closeRequestedBy: __, ...rest } = order;
    return rest as T;
  }
  if (fact.type !== "absent/1") return order;
  const { type: _, proposalId: __, at: ___, ...absence } = fact;
  return { ...order, absences: absence.sinceMs === null ? [absence] : [...(order.absences ?? []), absence] };
}

/** What is lacking until the absence of the order is proven; undefined: nothing. */
export function missingOf(absences: readonly Absence[]): string | undefined {
  const last = absences.at(-1);
  if (last === undefined) return "no complete reading of the broker has looked for it since it was lost";
  if (last.sinceMs !== null && last.sinceMs >= BETWEEN_ABSENCES_MS) return undefined;
  return `one complete reading, at ${last.startedAt}, did not show it; a second one counts 30 s later`;
}
