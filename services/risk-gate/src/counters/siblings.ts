import type { Clock } from "@countersign/clock/clock";
import { parseUtcText } from "@countersign/clock/clock";
import type { OpenOrder } from "@countersign/contracts/account";
import { conidsOf, legSide, legsOf } from "@countersign/contracts/combo";
import type { State } from "@countersign/contracts/life";
import { type OrderTerms, otherSide, type Side } from "@countersign/contracts/order";
import { pricesOf } from "@countersign/contracts/order-check";
import type { ProposalView } from "@countersign/contracts/proposal-view";
import { decimal, toText } from "@countersign/money/decimal";
import { isOver } from "@countersign/orders/live";
import type { FeedFact, OrderProjection, OrderRecord } from "@countersign/orders/projection";
import { type ActiveOrder, activeOf, type RestingOrders, restingOf } from "./active-orders.ts";
import { foreignActive } from "./foreign-orders.ts";
import { type OwnFill, OwnFills } from "./own-fills.ts";

/** Another order for the same account, instruments, side and quantity that was not refused. */
export interface Twin {
  readonly proposalId: string;
  readonly state: State;
  /** Its limit price; null: it has none. */
  readonly price: string | null;
  /** Since it was proposed, or since its intent. */
  readonly ageMs: number;
}

/** What our other orders do with one instrument of the order. */
export interface PartSiblings {
  readonly conid: number;
  /** Orders of the same account on the same side that are at the broker or may be. */
  readonly sameSide: number;
  /** Orders of every account on the other side, and on this one; with those that people entered. */
  readonly opposite: RestingOrders;
  readonly same: RestingOrders;
  /** The best price that we traded at on its side in the last minutes; null: none. */
  readonly bestFill: OwnFill | null;
  /** Since the last fill of ours on the other side; null: none in the last day. */
  readonly oppositeFillMs: number | null;
}

export interface Siblings {
  /** At most the newest few. */
  readonly twins: readonly Twin[];
  readonly parts: readonly PartSiblings[];
}

interface Known {
  readonly proposalId: string;
  steadyMs: number;
  view: ProposalView;
}

const REFUSED: readonly State[] = [
  ...(["RISK_DENIED", "REJECTED", "EXPIRED", "WITHDRAWN", "VOIDED", "KILLED_NOT_SENT", "BROKER_REJECTED"] as const),
];
const TWINS_MAX = 20;
const DAY_MS = 86_400_000;
/** How long an order that is over can still be a twin. */
const TWIN_MS = 3_600_000;

/** The orders that the next one has to do with: its twins, and what it could trade against. Folded from the log. */
export class SiblingOrders {
  readonly #clock: Clock;
  readonly #twins = new Map<string, Map<string, Known>>();
  /** Of each instrument, by the proposal. */
  readonly #atBroker = new Map<number, Map<string, readonly ActiveOrder[]>>();
  /** Steady time of the last fill of each instrument and side. */
  readonly #fills = new Map<string, number>();
  readonly #prices = new OwnFills();
  #loaded = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** To be called before the projection is attached to its feed, and `loaded` right after it. */
  attach(orders: Pick<OrderProjection, "onFact">): void {
    orders.onFact((record, fact) => this.#take(record, fact));
  }

  loaded(): void {
    this.#loaded = true;
  }

  of({
    terms,
    proposalId,
    modifies,
    foreign = [],
  }: {
    terms: OrderTerms;
    proposalId?: string | undefined;
    modifies?: string | undefined;
    /** What people or other programs have open for our accounts. */
    foreign?: readonly OpenOrder[];
  }): Siblings {
    const own = [proposalId, modifies];
    const beside = foreignActive(foreign, conidsOf(terms));
    const parts = legsOf(terms).map((leg) => this.#partOf(terms, leg, { own, beside }));
    return { twins: this.twinsOf(terms, own), parts };
  }

  /** Orders like one with these terms, but for `own`. */
  twinsOf(terms: OrderTerms, own: readonly (string | undefined)[]): Twin[] {
    const nowMs = this.#clock.monotonicMs();
    const found = this.#twins.get(keyOf(terms));
    if (found === undefined) return [];
    const twins: Twin[] = [];
    for (const { proposalId, steadyMs, view } of [...found.values()].reverse()) {
      if (twins.length === TWINS_MAX) break;
      const ageMs = Math.max(0, Math.round(nowMs - steadyMs));
      if (ageMs > TWIN_MS && isOver(view)) found.delete(proposalId);
      else if (!own.includes(proposalId))
        twins.push({ proposalId, state: view.state, price: priceOf(view.terms), ageMs });
    }
    if (found.size === 0) this.#twins.delete(keyOf(terms));
    return twins;
  }

  #partOf(
    terms: OrderTerms,
    leg: ReturnType<typeof legsOf>[number],
    { own, beside }: { own: readonly (string | undefined)[]; beside: readonly ActiveOrder[] },
  ): PartSiblings {
    const side = legSide(terms.side, leg);
    const others = [...(this.#atBroker.get(leg.conid) ?? [])]
      .filter(([id]) => !own.includes(id))
      .flatMap(([, all]) => all);
    const all = [...others, ...beside.filter(({ conid }) => conid === leg.conid)];
    const of = (wanted: Side) =>
      restingOf(
        all.filter((one) => one.side === wanted),
        wanted,
      );
    const filledMs = this.#fills.get(`${leg.conid} ${otherSide(side)}`);
    const agoMs = filledMs === undefined ? undefined : Math.max(0, Math.round(this.#clock.monotonicMs() - filledMs));
    return {
      conid: leg.conid,
      sameSide: others.filter((one) => one.side === side && one.account === terms.account).length,
      opposite: of(otherSide(side)),
      same: of(side),
      bestFill: this.#prices.best(leg.conid, side, this.#clock.monotonicMs()),
      oppositeFillMs: agoMs === undefined || agoMs > DAY_MS ? null : agoMs,
    };
  }

  #take({ view }: OrderRecord, { body }: FeedFact): void {
    const steadyMs = this.#steady(body.at);
    this.#takeTwin(view, body, steadyMs);
    const active = activeOf(view);
    for (const conid of conidsOf(view.terms)) {
      const known = this.#atBroker.get(conid) ?? new Map<string, readonly ActiveOrder[]>();
      const here = active.filter((one) => one.conid === conid);
      if (here.length > 0) known.set(view.proposalId, here);
      else known.delete(view.proposalId);
      if (known.size > 0) this.#atBroker.set(conid, known);
      else this.#atBroker.delete(conid);
    }
    this.#takeFill(view, body, steadyMs);
    this.#prices.take(view, body, steadyMs);
  }

  #takeTwin(view: ProposalView, body: FeedFact["body"], steadyMs: number): void {
    const key = keyOf(view.terms);
    const twins = this.#twins.get(key) ?? new Map<string, Known>();
    const known = twins.get(view.proposalId);
    const isNew = body.type === "proposed/1" || body.type === "intent/1";
    if (REFUSED.includes(view.state)) twins.delete(view.proposalId);
    else if (isNew || known === undefined) {
      twins.delete(view.proposalId);
      twins.set(view.proposalId, { proposalId: view.proposalId, view, steadyMs });
    } else known.view = view;
    this.#twins.delete(key);
    if (twins.size > 0) this.#twins.set(key, twins);
    this.#sweepOne(steadyMs);
  }

  /** Nobody may ever ask about the oldest terms again: what is over of them is not kept for that. */
  #sweepOne(nowMs: number): void {
    const [first] = this.#twins;
    if (first === undefined) return;
    const [key, twins] = first;
    for (const { proposalId, view, steadyMs } of twins.values()) {
      // They stand in the order of their time: hundreds of the same order in an hour cost nothing here.
      if (nowMs - steadyMs <= TWIN_MS) break;
      if (isOver(view)) twins.delete(proposalId);
    }
    this.#twins.delete(key);
    if (twins.size > 0) this.#twins.set(key, twins);
  }

  #takeFill(view: ProposalView, body: FeedFact["body"], steadyMs: number): void {
    const fact = body.type === "leg/1" ? body.fact : body;
    if (fact.type !== "partiallyFilled/1" && fact.type !== "filled/1") return;
    const exit = body.type === "leg/1";
    for (const leg of legsOf(view.terms)) {
      const side = legSide(view.terms.side, leg);
      const traded = exit ? otherSide(side) : side;
      this.#fills.set(`${leg.conid} ${traded}`, steadyMs);
    }
  }

  #steady(at: string): number {
    const steadyMs = this.#clock.monotonicMs();
    return this.#loaded ? steadyMs : steadyMs - Math.max(0, this.#clock.nowMs() - parseUtcText(at));
  }
}

function keyOf(terms: OrderTerms): string {
  const { account, side, quantity } = terms;
  const legs = legsOf(terms).map((leg) => `${leg.conid}${leg.side}${leg.ratio}`);
  return `${account} ${side} ${toText(decimal(quantity))} ${legs.join(" ")}`;
}

function priceOf(terms: OrderTerms): string | null {
  return pricesOf(terms).limitPrice ?? null;
}
