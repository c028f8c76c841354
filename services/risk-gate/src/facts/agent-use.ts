import { type Clock, parseUtcText } from "@countersign/clock/clock";
import type { Amount } from "@countersign/contracts/money";
import type { ProposalView } from "@countersign/contracts/proposal-view";
import {
  absolute,
  add,
  type Decimal,
  decimal,
  divideRoundingUp,
  max,
  multiply,
  negate,
  roundUp,
  subtract,
  toText,
  ZERO,
} from "@countersign/money/decimal";
import { corrects, rootOf } from "@countersign/orders/corrections";
import { isOver } from "@countersign/orders/live";
import type { FeedFact, OrderProjection, OrderRecord } from "@countersign/orders/projection";
import { sessionOf } from "../watch/session.ts";

/** What one agent has used of a day's budgets, from the log of orders and nothing else. */
export interface AgentUse {
  /** Calendar date in the zone of the account's day. */
  readonly session: string;
  /** Of every order of the agent that may still fill, whenever it was sent; null: of one it is not known. */
  readonly openRisk: string | null;
  /** What of it is the order that is being changed; null: not known. Absent: it is a new order. */
  readonly replaced?: string | null;
  /** By its executions of this session, net of commissions, in base currency where the order's rate says so; negative: a loss. */
  readonly realised: readonly Amount[];
}

interface Realised {
  readonly execId: string;
  readonly session: string;
  readonly amount: Decimal;
  readonly currency: string;
}

/** As a verdict says it: so much for so many. */
interface Judged {
  readonly notional: Decimal;
  readonly quantity: Decimal;
}

/** What one order adds to its agent's use. */
interface Part {
  /** The order itself, or the one that it changes: the two count as one. */
  readonly order: string;
  readonly isOpen: boolean;
  /** Of the terms in force; undefined: not known. */
  readonly judged: Judged | undefined;
  readonly quantity: Decimal;
  readonly filled: Decimal;
  /** By execution, whichever of its corrections came last: the broker tells each more than once. */
  readonly realised: ReadonlyMap<string, Realised>;
}

const MINUTE_MS = 60_000;

/** Kept up to date order by order; a question adds up the agent's orders of the day and those that are still open. */
export class AgentUses {
  readonly #clock: Clock;
  readonly #zone: string;
  readonly #parts = new Map<string, Map<string, Part>>();
  readonly #uses = new Map<string, AgentUse>();
  #minute = { at: -1, session: "" };

  /** To be made before the projection is attached to its feed: it must see every fact. */
  constructor({
    orders,
    clock,
    sessionZone,
  }: { orders: Pick<OrderProjection, "onFact">; clock: Clock; sessionZone: string }) {
    this.#clock = clock;
    this.#zone = sessionZone;
    orders.onFact((record, { body }) => this.#take(record, body));
  }

  /** The same object for as long as nothing changes, unless an order of the agent is being changed: `changes`. */
  of(agent: string, changes?: string): AgentUse {
    const use = this.#sum(agent);
    if (changes === undefined) return use;
    const parts = [...(this.#parts.get(agent)?.values() ?? [])].filter(({ order }) => order === changes);
    return { ...use, replaced: openOf(parts) };
  }

  #sum(agent: string): AgentUse {
    const session = this.#now();
    const known = this.#uses.get(agent);
    if (known?.session === session) return known;
    const parts = this.#parts.get(agent) ?? new Map<string, Part>();
    // What is over and belongs to an earlier session is not looked at again.
    const isOpen = (id: string) => parts.get(id)?.isOpen === true;
    for (const [id, part] of parts)
      if (!isOpen(id) && !isOpen(part.order) && !concerns(part, session)) parts.delete(id);
    const use = sum([...parts.values()], session);
    this.#uses.set(agent, use);
    return use;
  }

  #take({ view, facts }: Pick<OrderRecord, "view" | "facts">, body: FeedFact["body"]): void {
    const ofAgent = this.#parts.get(view.agent) ?? new Map<string, Part>();
    const before = ofAgent.get(view.proposalId);
    const sessionAt = (at: string) => sessionOf(this.#zone, parseUtcText(at));
    if (view.order === null) return;
    const found = realisedBy(body, facts, { sessionAt, inBase: inBaseOf(view) });
    const realised = withRealised(before?.realised ?? NONE, found);
    this.#parts.set(view.agent, ofAgent);
    // From here on it is worth what the change was judged at. One of which nothing is known leaves it unknown.
    const judged = body.type === "termsReplaced/1" ? ofAgent.get(body.by)?.judged : (before ?? judgedOf(view)).judged;
    ofAgent.set(view.proposalId, { ...partOf(view), judged, realised });
    this.#uses.delete(view.agent);
  }

  #now(): string {
    const nowMs = this.#clock.nowMs();
    const at = Math.floor(nowMs / MINUTE_MS);
    if (this.#minute.at !== at) this.#minute = { at, session: sessionOf(this.#zone, nowMs) };
    return this.#minute.session;
  }
}

const NONE: ReadonlyMap<string, Realised> = new Map();

/** What lies ahead counts already: a clock that went back over midnight forgets no loss. */
const isSince = (one: Realised, session: string) => one.session >= session;
const concerns = ({ realised }: Part, session: string) => [...realised.values()].some((one) => isSince(one, session));

function partOf(view: ProposalView): Omit<Part, "realised" | "judged"> {
  const { proposalId, terms, order, modifies } = view;
  const [inForce, asked] = [order?.terms ?? terms, order?.modifyingTerms];
  return {
    order: modifies?.proposalId ?? proposalId,
    isOpen: !isOver(view),
    quantity: max(decimal(inForce.quantity), decimal(asked?.quantity ?? "0")),
    filled: decimal(order?.filledQuantity ?? "0"),
  };
}

type InBase = (amount: Decimal, currency: string) => Pick<Realised, "amount" | "currency">;

/** By the rate that the order was judged at; what that rate is not of stays as it is. */
function inBaseOf({ simulation }: ProposalView): InBase {
  const estimate = simulation?.estimate;
  const same: InBase = (amount, currency) => ({ amount, currency });
  if (estimate === undefined || "missing" in estimate) return same;
  const { notional, notionalBase, fxRate } = estimate;
  if (notional == null || notionalBase === null || fxRate === null) return same;
  return (amount, currency) =>
    currency === notional.currency && currency !== notionalBase.currency
      ? { amount: multiply(amount, decimal(fxRate)), currency: notionalBase.currency }
      : same(amount, currency);
}

type Body = FeedFact["body"];
const innerOf = (body: Body) => (body.type === "leg/1" ? body.fact : body);

/** Of an execution that opens a position the broker realises nothing: its commission is the loss. */
function realisedBy(
  body: Body,
  facts: readonly Body[],
  { sessionAt, inBase }: { sessionAt: (at: string) => string; inBase: InBase },
): Realised | undefined {
  const fact = innerOf(body);
  if (fact.type !== "commission/1") return undefined;
  const { execId, commission, realizedPnl } = fact;
  const amount = realizedPnl === null ? negate(decimal(commission.amount)) : decimal(realizedPnl);
  // When it was first heard of: a correction of yesterday's profit is none of today's.
  const first = facts.find((one) => executionIn(one) === rootOf(execId)) ?? fact;
  return { execId, session: sessionAt(first.at), ...inBase(amount, commission.currency) };
}

/** Which execution a fact is about, whatever its version. */
function executionIn(body: Body): string | undefined {
  const fact = innerOf(body);
  if (fact.type === "commission/1") return rootOf(fact.execId);
  return "execution" in fact ? rootOf(fact.execution.execId) : undefined;
}

function withRealised(known: ReadonlyMap<string, Realised>, found: Realised | undefined): Part["realised"] {
  if (found === undefined) return known;
  const root = rootOf(found.execId);
  const before = known.get(root);
  return before !== undefined && corrects(before.execId, found.execId) ? known : new Map(known).set(root, found);
}

/** By the verdict that the order was admitted with; undefined: it does not say it. */
function judgedOf({ verdict, terms }: ProposalView): Pick<Part, "judged"> {
  const value = verdict?.rules.find(({ rule }) => rule === "maxOrderNotional")?.value;
  if (value === null || value === undefined) return { judged: undefined };
  return { judged: { notional: roundUp(decimal(value), 2), quantity: decimal(terms.quantity) } };
}

function sum(parts: readonly Part[], session: string): AgentUse {
  const byCurrency = new Map<string, Decimal>();
  for (const { realised } of parts)
    for (const one of realised.values())
      if (isSince(one, session)) byCurrency.set(one.currency, add(byCurrency.get(one.currency) ?? ZERO, one.amount));
  return {
    session,
    openRisk: openOf(parts),
    realised: [...byCurrency].sort().map(([currency, amount]) => ({ amount: toText(amount), currency })),
  };
}

/** Each order once, with the worse of what is in force and what a change of it asks for. */
function openOf(parts: readonly Part[]): string | null {
  const orders = new Map<string, Part[]>();
  for (const part of parts) if (part.isOpen) orders.set(part.order, [...(orders.get(part.order) ?? []), part]);
  let open = ZERO;
  for (const same of orders.values()) {
    const quantity = same.map((part) => part.quantity).reduce(max);
    // A change fills nothing by itself.
    const left = absolute(subtract(quantity, same.map(({ filled }) => filled).reduce(max)));
    const values = same.map(
      ({ judged }) => judged && divideRoundingUp(multiply(judged.notional, left), judged.quantity, 2),
    );
    const known = values.filter((value) => value !== undefined);
    if (known.length < values.length) return null;
    open = add(open, known.reduce(max));
  }
  return toText(open);
}
