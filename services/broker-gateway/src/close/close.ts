import { denied, ok } from "@countersign/contracts/denial";
import type { State } from "@countersign/contracts/life";
import type { Actor } from "@countersign/contracts/order";
import type { RPCS } from "@countersign/contracts/subjects";
import type { Logger } from "@countersign/log/logger";
import type * as z from "zod";
import type { OrderActor } from "../orders/order-actor.ts";
import type { OrderTable } from "../orders/order-table.ts";
import type { Reconciler } from "../reconcile/reconciler.ts";
import { type Settlement, settlementOf } from "./settlement.ts";

type Request = z.output<typeof RPCS.closeAtBroker.request>;
type Reply = z.input<typeof RPCS.closeAtBroker.reply>;

export interface CloseDeps {
  readonly table: OrderTable;
  readonly reconciler: Pick<Reconciler, "read">;
  readonly log: Logger;
  /** How many different persons it takes. */
  readonly closers: 1 | 2;
}

const OPEN_QUESTIONS: readonly State[] = ["UNKNOWN", "DISPUTED"];

/**
 * A person settles what nobody knows or what is contradicted, for every order of the proposal at once. Nothing is taken
 * from the person but the decision: the broker is read now, and what it shows, or twice has not shown, is what is written.
 */
export async function closeAtBroker(deps: CloseDeps, request: Request, account: string): Promise<Reply> {
  const { proposalId } = request;
  const actor = deps.table.get(proposalId);
  if (actor === undefined || actor.order.account !== account) return denied("ORDER_NOT_FOUND");
  const notClosable = () => denied("ORDER_NOT_CLOSABLE", undefined, { state: actor.order.state });
  if (openOf(actor).length === 0) return notClosable();
  const reading = await deps.reconciler.read("a person settles an order");
  const open = openOf(actor);
  if (open.length === 0) return notClosable();
  const settlements: [OrderActor, Settlement][] = [];
  for (const one of open) {
    const found = settlementOf(one, reading);
    if ("missing" in found)
      return denied("ABSENCE_NOT_PROVEN", undefined, { leg: one.order.leg, missing: found.missing });
    settlements.push([one, found]);
  }
  const person = await personsAgree(deps, open, request);
  if (person !== "agreed") return person;
  for (const [one, settlement] of settlements) {
    if (!(await settle(one, settlement, request))) return notClosable();
  }
  deps.log.warn({ proposalId, operator: request.operator, state: actor.order.state }, "settled by a person");
  return ok({ proposalId, state: actor.order.state, closed: true });
}

/** The orders of the proposal of which it takes a person to say what became of them. */
function openOf(actor: OrderActor): OrderActor[] {
  return [actor, ...actor.exits].filter(({ order }) => OPEN_QUESTIONS.includes(order.state));
}

/** The first of two only asks, and it is noted; the same person twice is one. */
async function personsAgree(
  deps: CloseDeps,
  open: readonly OrderActor[],
  request: Request,
): Promise<"agreed" | Exclude<Reply, Promise<unknown>>> {
  if (deps.closers === 1) return "agreed";
  const { proposalId, operator, reason } = request;
  if (open.some(({ order }) => order.closeRequestedBy === operator)) return denied("CLOSE_NEEDS_ANOTHER_PERSON");
  const unasked = open.filter(({ order }) => order.closeRequestedBy === undefined);
  if (unasked.length === 0) return "agreed";
  const actor = personOf(request);
  // For all of them, so that whoever asked for some of them before is another person for each.
  for (const one of open) await one.append({ type: "closeRequested/1", actor, reason }, { actor });
  const [first] = open;
  return ok({ proposalId, state: first?.order.state ?? "UNKNOWN", closed: false });
}

function settle(one: OrderActor, { as, shown }: Settlement, request: Request): Promise<boolean> {
  const actor = personOf(request);
  const { reason } = request;
  if (as === "closedAbsent/1") return one.append({ type: as, actor, reason }, { actor });
  return one.append({ type: as, actor, reason, shown }, { actor });
}

function personOf({ operator }: Request): Actor {
  return { kind: "operator", id: operator };
}
