import { conidsOf, legSide, legsOf } from "@countersign/contracts/combo";
import { reservesRoom, type State } from "@countersign/contracts/life";
import { type OrderTerms, otherSide } from "@countersign/contracts/order";
import type { ProposalView } from "@countersign/contracts/proposal-view";
import { type Decimal, decimal, max, multiply, subtract, toText } from "@countersign/money/decimal";
import { isOver } from "@countersign/orders/live";
import type { OrderProjection } from "@countersign/orders/projection";
import type { OwnOrder } from "./facts/fact.ts";

/** Not judged yet, or waiting for a person. */
const OPEN: readonly State[] = ["PROPOSED", "SIMULATED", "PENDING_APPROVAL"];

/** The orders whose life has not ended, so that no question costs a walk over the whole history. */
export class LiveOrders {
  readonly #views = new Map<string, ProposalView>();
  /** Proposals that are being recorded now, with their agent: they take a place before the log shows them. */
  readonly #claimed = new Map<string, string>();

  /** To be made before the projection is attached to its feed: it must see every fact. */
  constructor(orders: OrderProjection) {
    orders.onFact(({ view }) => {
      if (isOver(view)) this.#views.delete(view.proposalId);
      else this.#views.set(view.proposalId, view);
    });
  }

  /** Runs the task while it holds one of the agent's places; undefined, and nothing run, when all are taken. */
  async withPlace<T>(
    place: { proposalId: string; agent: string; max: number },
    task: () => Promise<T>,
  ): Promise<T | undefined> {
    if (this.openOf(place.agent) >= place.max) return undefined;
    this.#claimed.set(place.proposalId, place.agent);
    try {
      return await task();
    } finally {
      this.#claimed.delete(place.proposalId);
    }
  }

  /** How many proposals of the agent are open or being recorded. */
  openOf(agent: string): number {
    const ids = new Set([...this.#claimed].filter(([, claimant]) => claimant === agent).map(([id]) => id));
    for (const [id, view] of this.#views) if (view.agent === agent && OPEN.includes(view.state)) ids.add(id);
    return ids.size;
  }

  /** Whether a change of this order is proposed, approved or on its way. */
  hasChange(proposalId: string): boolean {
    return [...this.#views.values()].some(({ modifies }) => modifies?.proposalId === proposalId);
  }

  /** How much of a living order is executed; undefined: it is not living. */
  filledOf(proposalId: string): string | undefined {
    return this.#views.get(proposalId)?.order?.filledQuantity;
  }

  /** Recorded, and without a verdict. */
  unjudged(): string[] {
    return [...this.#views.values()].filter((view) => view.verdict === null).map((view) => view.proposalId);
  }

  /** What our own orders of the same account that are at the broker, may be there, or are about to be, do with the instruments of an order. */
  exposed(order: OrderTerms): OwnOrder[] {
    const conids = conidsOf(order);
    return [...this.#views.values()]
      .filter(({ terms }) => terms.account === order.account)
      .flatMap(ownOrdersOf)
      .filter(({ conid }) => conids.includes(conid));
  }
}

/** What an order that is at the broker, may be there, or is about to be, may still do with each instrument; of any other nothing. */
export function ownOrdersOf(view: ProposalView): OwnOrder[] {
  return [...entryOf(view), ...exitsOf(view)];
}

/** One for each instrument that the order trades. */
function entryOf(view: ProposalView): OwnOrder[] {
  const { state, terms, order, modifies } = view;
  if (!reservesRoom(state)) return [];
  // A change is no order beside its order: the two count as one, with the larger remainder.
  const proposalId = modifies?.proposalId ?? view.proposalId;
  const units = subtract(worstQuantity(view), decimal(order?.filledQuantity ?? "0"));
  return legsOf(terms).map((leg) => {
    const side = legSide(terms.side, leg);
    const remaining = toText(multiply(units, decimal(String(leg.ratio))));
    return { proposalId, conid: leg.conid, state, side, remaining };
  });
}

/** Of the quantity in force and the one that an open change asks for, the larger. */
function worstQuantity({ terms, order }: ProposalView): Decimal {
  const inForce = decimal(order?.terms?.quantity ?? terms.quantity);
  return max(inForce, decimal(order?.modifyingTerms?.quantity ?? "0"));
}

/** The exits of a bracket count once: when one of them fills, the other ends. */
function exitsOf(view: ProposalView): OwnOrder[] {
  const { proposalId, terms, order } = view;
  const open = (order?.legs ?? []).filter(({ state }) => reservesRoom(state));
  const [first] = open;
  if (first === undefined || terms.conid === undefined) return [];
  const left = open.map(({ filledQuantity }) => subtract(worstQuantity(view), decimal(filledQuantity)));
  const side = otherSide(terms.side);
  return [{ proposalId, conid: terms.conid, state: first.state, side, remaining: toText(left.reduce(max)) }];
}
