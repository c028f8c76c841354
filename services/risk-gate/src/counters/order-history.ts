import { type Clock, utcText } from "@countersign/clock/clock";
import type { OpenOrder } from "@countersign/contracts/account";
import type { BrokerWhatIf } from "@countersign/contracts/verdict";
import type { OrderProjection } from "@countersign/orders/projection";
import { type Fact, type InstrumentFacts, known } from "../facts/fact.ts";
import { type Asked, type Counted, Counters } from "./counters.ts";
import type { OrderCounts } from "./counts.ts";
import { ReservedMargins } from "./reserved-margins.ts";
import { SiblingOrders, type Siblings, type Twin } from "./siblings.ts";

/** What the log of orders says beside an order: how much was done, and what the others are. */
export class OrderHistory {
  readonly #clock: Clock;
  readonly #counters: Counters;
  readonly #siblings: SiblingOrders;
  readonly #margins = new ReservedMargins();

  /** To be made before the projection is attached to its feed: it must see every fact. `loaded` comes right after that. */
  constructor(orders: Pick<OrderProjection, "onFact">, options: { clock: Clock; sessionZone: string }) {
    this.#clock = options.clock;
    this.#counters = new Counters(options);
    this.#siblings = new SiblingOrders(options.clock);
    this.#counters.attach(orders);
    this.#siblings.attach(orders);
    this.#margins.attach(orders);
  }

  loaded(): void {
    this.#counters.loaded();
    this.#siblings.loaded();
  }

  /** See `Counters`. */
  begin(order: Counted): () => void {
    return this.#counters.begin(order);
  }

  /** What the order would be like if it had other terms, as of now. */
  twinsOf({ terms, proposalId, modifies }: Omit<Asked, "agent">): readonly Twin[] {
    return this.#siblings.twinsOf(terms, [proposalId, modifies]);
  }

  /** `parts`: of the order's instruments, in the order of its legs. `whatIf`: the one that is judged. `foreign`: orders of others for our accounts. */
  facts(
    order: Asked,
    parts: readonly InstrumentFacts[],
    whatIf: Fact<BrokerWhatIf>,
    foreign: readonly OpenOrder[],
  ): { readonly counters: Fact<OrderCounts>; readonly siblings: Fact<Siblings> } {
    const asOf = utcText(this.#clock.nowMs());
    const own = [order.proposalId, order.modifies];
    const counts = this.#counters.of(order, parts);
    const counters =
      whatIf.state === "missing"
        ? counts
        : { ...counts, reservedMargin: this.#margins.since(order.terms.account, whatIf.asOf, own) };
    return {
      counters: known(counters, "orders", asOf),
      siblings: known(this.#siblings.of({ ...order, foreign }), "orders and broker", asOf),
    };
  }
}
