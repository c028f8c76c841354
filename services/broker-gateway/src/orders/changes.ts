import type { ExecFact } from "@countersign/contracts/facts/exec-facts.v1";
import { isTerminal } from "@countersign/contracts/life";
import type { Draft } from "../fold/evidence.ts";
import type { OrderActor } from "./order-actor.ts";
import type { OrderTable } from "./order-table.ts";

/** The orders that a change is about, while it is open for them. */
function concernedBy(table: OrderTable, change: OrderActor): OrderActor[] {
  const order = table.get(change.order.modifies ?? "");
  const group = order === undefined ? [] : [order, ...order.exits];
  return group.filter((one) => one.order.pending?.by === change.order.proposalId);
}

/** How a change ends whose order's log has said the last word about it; undefined: it has not. */
function endOf(table: OrderTable, change: OrderActor): Draft | undefined {
  if (concernedBy(table, change).length > 0) return undefined;
  const order = table.get(change.order.modifies ?? "")?.order;
  const last = order?.lastChange;
  if (order === undefined || last?.by !== change.order.proposalId) return undefined;
  if (last.type === "termsReplaced/1") return { type: "modified/1", permId: order.permId };
  if (last.outcome === "rejected") return { type: "brokerRejected/1", code: last.code, text: last.text };
  return last.outcome === "ended" ? { type: "cancelled/1", code: null, text: last.text } : undefined;
}

/**
 * Brings the log of a change and that of its order together, from whichever the last word is in: the order's says what
 * became of the change, and the change's says that nothing was sent or that a person closed it.
 */
export async function settleChange(table: OrderTable, change: OrderActor): Promise<void> {
  const { state, proposalId: by } = change.order;
  if (state === "KILLED_NOT_SENT" || state === "CLOSED_ABSENT") {
    const outcome = state === "CLOSED_ABSENT" ? "closed" : "notSent";
    for (const one of concernedBy(table, change))
      await one.append({ type: "modifyClosed/1", by, outcome, code: null, text: "" });
    return;
  }
  const end = isTerminal(state) ? undefined : endOf(table, change);
  if (end !== undefined) await change.append(end);
}

/** All of them: a process before this one may have stopped between the two logs. */
export async function settleChanges(table: OrderTable): Promise<void> {
  for (const change of table.entries()) {
    if (change.order.modifies !== undefined) await settleChange(table, change);
  }
}

/** The change that a fact bears on: its own, or one of the order that it is about. */
export function changeAbout(table: OrderTable, actor: OrderActor, fact: ExecFact): OrderActor | undefined {
  if (actor.order.modifies !== undefined) return isTerminal(actor.order.state) ? actor : undefined;
  const isEnd = fact.type === "termsReplaced/1" || fact.type === "modifyClosed/1";
  return isEnd ? table.get(fact.by) : undefined;
}
