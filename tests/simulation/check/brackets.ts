import type { ProposalView } from "@countersign/contracts/proposal-view";
import type { FakeTws } from "../fakes/tws.ts";
import type { TwsOrder } from "../fakes/tws-orders.ts";
import { isOpen } from "../fakes/tws-orders.ts";
import type { OrderToSend } from "../gateway-types.ts";
import type { TrueOrder } from "./truth.ts";

type Report = (invariant: string, what: string) => void;

const ORDER = ["takeProfit", "stopLoss"] as const;

export interface Sent {
  readonly process: object;
  readonly order: OrderToSend;
  readonly atMs: number;
}

/** The entry of a bracket waits at TWS for its exits; an order by itself waits for nothing. */
export function checkEntry(known: TrueOrder, { process, order, atMs }: Sent, report: Report): void {
  const held = order.group !== null && !order.group.transmit;
  if (known.ticket.modifies === undefined && held !== (known.ticket.terms.exits !== undefined))
    report("B1", `${known.ticket.proposalId}: its entry ${held ? "waits for exits" : "leaves without its exits"}`);
  known.left = { process, atMs, legs: [] };
}

/** An exit leaves in the step in which its entry left, with the terms that were signed, and only the last one sends them all. */
export function checkExit(known: TrueOrder, sent: Sent, report: Report): void {
  const { order } = sent;
  const { proposalId, terms } = known.ticket;
  const { exits, left } = known;
  const leg = exits.find(({ orderRef }) => orderRef === order.orderRef);
  if (leg === undefined) return;
  const name = `${proposalId} ${leg.leg}`;
  if (left === undefined || left.process !== sent.process || left.atMs !== sent.atMs)
    report("B1", `${name} does not leave together with its entry`);
  const index = left?.legs.length ?? 0;
  left?.legs.push(leg.leg);
  if (ORDER[index] !== leg.leg) report("B1", `${name} is exit number ${index + 1}`);
  if (order.group?.transmit !== (index === 1)) report("B1", `${name} ${index === 1 ? "does not send" : "sends"} all`);
  if (order.orderId !== leg.orderId) report("I3", `${name} leaves under another id than its intent has`);
  const signed = leg.leg === "takeProfit" ? terms.exits?.takeProfit.limitPrice : terms.exits?.stopLoss.stopPrice;
  const price = leg.leg === "takeProfit" ? order.limitPrice : order.auxPrice;
  if (order.side === terms.side || order.quantity !== terms.quantity || price !== signed)
    report("I2", `${name} leaves with other terms than were signed`);
}

/** Where logs and broker tell different things of a bracket at rest; undefined: nowhere. */
export function contradictionOfBracket(
  known: TrueOrder,
  view: ProposalView,
  tws: FakeTws,
  fits: (state: ProposalView["state"], order: TwsOrder) => boolean,
): string | undefined {
  const { proposalId } = known.ticket;
  const { left } = known;
  const alive = (left?.process as { readonly alive?: boolean } | undefined)?.alive === true;
  if (left !== undefined && alive && left.legs.length < 2) return `${proposalId} left without all of its exits`;
  for (const { leg, orderRef, state } of view.order?.legs ?? []) {
    const order = tws.orders.find(({ sent }) => sent.orderRef === orderRef);
    const name = `${proposalId} ${leg} is ${state}`;
    if (order === undefined) {
      if (["WORKING", "PARTIAL", "FILLED"].includes(state)) return `${name}, and the broker never had it`;
      continue;
    }
    const missing = order.executions.find(({ execId }) => !executionsOf(known).has(execId));
    if (missing !== undefined) return `${name}, and execution ${missing.execId} is not recorded`;
    if (state === "BROKER_REJECTED" && order.rejected) continue;
    if (!fits(state, order)) return `${name}, and the broker says ${order.status}`;
  }
  return unprotected(known, view, tws);
}

export function executionsOf({ exec }: TrueOrder): Set<string> {
  const facts = exec.map(({ fact }) => (fact.type === "leg/1" ? fact.fact : fact));
  return new Set(facts.flatMap((fact) => ("execution" in fact ? [fact.execution.execId] : [])));
}

/** A position that no stop covers is shown as one. */
function unprotected({ ticket, orderRef }: TrueOrder, { order }: ProposalView, tws: FakeTws): string | undefined {
  const of = (ref: string | undefined) => tws.orders.find(({ sent }) => sent.orderRef === ref);
  const refOf = (leg: string) => order?.legs.find((one) => one.leg === leg)?.orderRef;
  const [entry, profit, stop] = [of(orderRef), of(refOf("takeProfit")), of(refOf("stopLoss"))];
  const open = (entry?.filled ?? 0) - (profit?.filled ?? 0) - (stop?.filled ?? 0);
  const covered = stop !== undefined && isOpen(stop) ? Number(stop.sent.quantity) - stop.filled : 0;
  if (open <= covered) return undefined;
  if (order?.unprotected !== "0") return undefined;
  return `${ticket.proposalId} has ${open - covered} without a stop, and nothing says so`;
}
