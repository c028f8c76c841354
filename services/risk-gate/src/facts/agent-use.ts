import { type Clock, parseUtcText } from "@countersign/clock/clock";
import type { Amount } from "@countersign/contracts/money";
import type { ProposalView } from "@countersign/contracts/proposal-view";
import {
  absolute,
  add,
  type Decimal,
  decimal,
  divideRoundingUp,
  multiply,
  negate,
  roundUp,
  subtract,
  toText,
  ZERO,
} from "@countersign/money/decimal";
import { isOver } from "@countersign/orders/live";
import type { FeedFact, OrderProjection } from "@countersign/orders/projection";
import { sessionOf } from "../watch/session.ts";

/** What one agent has used of a day's budgets, from the log of orders and nothing else. */
export interface AgentUse {
  /** Calendar date in the zone of the account's day. */
  readonly session: string;
  /** Of every order of the agent that may still fill, whenever it was sent; null: of one it is not known. */
  readonly openRisk: string | null;
  /** By its executions of this session, net of commissions; negative: a loss. */
  readonly realised: readonly Amount[];
}

interface Realised {
  readonly session: string;
  readonly amount: Decimal;
  readonly currency: string;
}

/** What one order adds to its agent's use. */
interface Part {
  readonly open: Decimal | undefined;
  readonly isOpen: boolean;
  /** By execution: the broker tells each more than once. */
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
    orders.onFact(({ view }, { body }) => this.#take(view, body));
  }

  /** The same object for as long as nothing changes. */
  of(agent: string): AgentUse {
    const session = this.#now();
    const known = this.#uses.get(agent);
    if (known?.session === session) return known;
    const parts = this.#parts.get(agent) ?? new Map<string, Part>();
    // What is over and belongs to an earlier session is not looked at again.
    for (const [id, part] of parts) if (!part.isOpen && !concerns(part, session)) parts.delete(id);
    const use = sum([...parts.values()], session);
    this.#uses.set(agent, use);
    return use;
  }

  #take(view: ProposalView, body: FeedFact["body"]): void {
    const ofAgent = this.#parts.get(view.agent) ?? new Map<string, Part>();
    const before = ofAgent.get(view.proposalId);
    const sessionAt = (at: string) => sessionOf(this.#zone, parseUtcText(at));
    if (view.order === null) return;
    const found = realisedBy(body, sessionAt);
    const realised = found === undefined ? (before?.realised ?? NONE) : new Map([...(before?.realised ?? []), found]);
    this.#parts.set(view.agent, ofAgent);
    ofAgent.set(view.proposalId, { ...partOf(view), realised });
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

function partOf(view: ProposalView): Omit<Part, "realised"> {
  const quantity = decimal((view.order?.terms ?? view.terms).quantity);
  const filled = decimal(view.order?.filledQuantity ?? "0");
  const notional = notionalOf(view);
  const isOpen = !isOver(view);
  const remaining = absolute(subtract(quantity, filled));
  const open = notional && divideRoundingUp(multiply(notional, remaining), quantity, 2);
  return { isOpen, open: isOpen ? open : ZERO };
}

/** Of an execution that opens a position the broker realises nothing: its commission is the loss. */
function realisedBy(body: FeedFact["body"], sessionAt: (at: string) => string): [string, Realised] | undefined {
  const fact = body.type === "leg/1" ? body.fact : body;
  if (fact.type !== "commission/1") return undefined;
  const { execId, commission, realizedPnl, at } = fact;
  const amount = realizedPnl === null ? negate(decimal(commission.amount)) : decimal(realizedPnl);
  return [execId, { session: sessionAt(at), amount, currency: commission.currency }];
}

/** As the verdict says it that the order was admitted with; undefined: it does not. */
function notionalOf({ verdict }: ProposalView): Decimal | undefined {
  const value = verdict?.rules.find(({ rule }) => rule === "maxOrderNotional")?.value;
  return value === null || value === undefined ? undefined : roundUp(decimal(value), 2);
}

function sum(parts: readonly Part[], session: string): AgentUse {
  const open = parts.filter(({ isOpen }) => isOpen);
  const byCurrency = new Map<string, Decimal>();
  for (const { realised } of parts)
    for (const one of realised.values())
      if (isSince(one, session)) byCurrency.set(one.currency, add(byCurrency.get(one.currency) ?? ZERO, one.amount));
  return {
    session,
    openRisk: total(open.map((part) => part.open)),
    realised: [...byCurrency].sort().map(([currency, amount]) => ({ amount: toText(amount), currency })),
  };
}

function total(values: readonly (Decimal | undefined)[]): string | null {
  const known = values.filter((value) => value !== undefined);
  return known.length < values.length ? null : toText(known.reduce(add, ZERO));
}
