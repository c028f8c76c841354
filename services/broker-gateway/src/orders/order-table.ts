import type { ExecFact } from "@countersign/contracts/facts/exec-facts.v1";
import { isTerminal } from "@countersign/contracts/life";
import type { OrderRecord } from "@countersign/orders/projection";
import { applyChange, concerns } from "../fold/change.ts";
import { applyFact, type ExecState, type IntentFact, type Ordered, openedBy } from "../fold/exec-state.ts";
import { Serial } from "../serial.ts";
import { changeAbout, settleChange } from "./changes.ts";
import { type ActorDeps, OrderActor, type SharedLog } from "./order-actor.ts";

/** What a message of TWS may carry to name an order; the order id alone names none, because other clients count too. */
export interface BrokerIds {
  readonly orderRef: string;
  readonly permId: string | null;
  readonly clientId: number | null;
  readonly orderId: number | null;
}

/** Every order that has an exec log, found by each of the names that the broker uses. */
export class OrderTable {
  readonly #deps: ActorDeps;
  readonly #byProposal = new Map<string, OrderActor>();
  readonly #byRef = new Map<string, OrderActor>();
  readonly #byClientOrder = new Map<string, OrderActor>();
  readonly #byPermId = new Map<string, OrderActor>();
  readonly #byExecId = new Map<string, OrderActor>();

  constructor(deps: Omit<ActorDeps, "onWritten">) {
    this.#deps = { ...deps, onWritten: (actor, fact) => this.#settleChange(actor, fact) };
  }

  #settleChange(actor: OrderActor, fact: ExecFact): void {
    const change = changeAbout(this, actor, fact);
    if (change === undefined) return;
    settleChange(this, change).catch((error: unknown) => {
      this.#deps.log.error({ proposalId: change.order.proposalId, error: String(error) }, "change not settled yet");
    });
  }

  /** Rebuilds an order from its log. Throws when the log does not fit the life of an order. */
  restore(record: OrderRecord, account: string): void {
    const { view, facts, sequences } = record;
    let opened: ReturnType<typeof openedBy> | undefined;
    for (const fact of facts) {
      if (opened !== undefined) opened = applyToGroup(opened, fact as ExecFact);
      else if (fact.type === "intent/1") opened = openedBy(fact, orderedOf(view, account));
    }
    if (opened !== undefined) this.#add(opened, sequences.exec);
  }

  /** The actor of the entry, which is the whole order unless it is a bracket. */
  open(intent: IntentFact, order: Ordered, sequence: number): OrderActor {
    return this.#add(openedBy(intent, order), sequence);
  }

  get(proposalId: string): OrderActor | undefined {
    return this.#byProposal.get(proposalId);
  }

  /** By our reference first, then by permId, then by our client's order id where the message carries neither. */
  find(ids: BrokerIds): OrderActor | undefined {
    if (ids.orderRef !== "") return this.#byRef.get(ids.orderRef);
    const known = ids.permId === null ? undefined : this.#byPermId.get(ids.permId);
    if (known !== undefined) return known;
    if (ids.clientId === null || ids.orderId === null) return undefined;
    return this.#byClientOrder.get(`${ids.clientId} ${ids.orderId}`);
  }

  byExecId(execId: string): OrderActor | undefined {
    return this.#byExecId.get(execId);
  }

  learn(actor: OrderActor, names: { permId?: string | null; execId?: string }): void {
    if (typeof names.permId === "string") this.#byPermId.set(names.permId, actor);
    if (names.execId !== undefined) this.#byExecId.set(names.execId, actor);
  }

  /** Every order at the broker, the exits of brackets among them. */
  list(): OrderActor[] {
    return [...this.#byRef.values()];
  }

  /** One actor for each proposal. */
  entries(): OrderActor[] {
    return [...this.#byProposal.values()];
  }

  /** Changes of which it is not known yet what became of them. */
  openChanges(): OrderActor[] {
    return this.entries().filter(({ order }) => order.modifies !== undefined && !isTerminal(order.state));
  }

  /** Highest order id that this client has used; 0 when none. */
  highestOrderId(clientId: number): number {
    let highest = 0;
    for (const { order } of this.#byRef.values()) {
      if (order.clientId === clientId) highest = Math.max(highest, order.orderId);
    }
    return highest;
  }

  /** The same of those that the broker has acknowledged. */
  highestAcknowledged(clientId: number): number {
    const ids = this.list().filter(({ order }) => order.clientId === clientId && order.permId !== null);
    return ids.reduce((highest, { order }) => Math.max(highest, order.orderId), 0);
  }

  #add({ entry, exits }: ReturnType<typeof openedBy>, sequence: number): OrderActor {
    const log: SharedLog = { queue: new Serial(), sequence };
    const legs = exits.map((exit) => new OrderActor(this.#deps, exit, log));
    const actor = new OrderActor(this.#deps, entry, log, legs);
    this.#byProposal.set(entry.proposalId, actor);
    // A change has the names of the order that it changes: what the broker says under them is about that order.
    if (entry.modifies === undefined) for (const one of [actor, ...legs]) this.#name(one);
    return actor;
  }

  #name(actor: OrderActor): void {
    const { orderRef, clientId, orderId, permId, executions } = actor.order;
    this.#byRef.set(orderRef, actor);
    this.#byClientOrder.set(`${clientId} ${orderId}`, actor);
    this.learn(actor, { permId });
    for (const execId of executions.keys()) this.learn(actor, { execId });
  }
}

function orderedOf({ agent, terms, ticket }: OrderRecord["view"], account: string): Ordered {
  return { account, agent, terms, ...(ticket !== null && { instrument: ticket.instrument }) };
}

/** The orders of one log after one of its facts. */
function applyToGroup({ entry, exits }: ReturnType<typeof openedBy>, fact: ExecFact): ReturnType<typeof openedBy> {
  if (fact.type === "leg/1") {
    const after = exits.map((exit) => (exit.leg === fact.leg ? applied(exit, fact.fact) : exit));
    return { entry, exits: after };
  }
  const followed = exits.map((exit) => {
    if (fact.type === "modifyRequested/1") return concerns(exit, fact.terms) ? (applyChange(exit, fact) ?? exit) : exit;
    return exit.state === "INTENT" ? (applyFact(exit, fact) ?? exit) : exit;
  });
  return { entry: applied(entry, fact), exits: followed };
}

/** A log with an edge that the life of an order does not have was not written by this code: nothing is built on it. */
function applied(order: ExecState, fact: ExecFact): ExecState {
  const after = applyFact(order, fact);
  if (after === undefined) throw new TypeError(`the log of ${order.proposalId} has ${fact.type} at ${order.state}`);
  return after;
}
