import { childrenOf, siblingsOf } from "../fakes/tws-groups.ts";
import { isOpen } from "../fakes/tws-orders.ts";
import type { Host } from "./host.ts";

const REJECTS = [
  [201, "Order rejected - reason:Margin"],
  [110, "The price does not conform to the minimum price variation"],
  [203, "The security is not available or allowed for this account"],
  [321, "Error validating request"],
] as const;

/** What becomes of an order once its bytes have arrived: each in its own time, and told or not. */
export class BrokerLife {
  readonly #host: Host;
  /** TWS has lost its servers: what is done there is told to nobody. */
  frozen = false;
  /** No more faults: everything is accepted, and told. */
  calm = false;

  constructor(host: Host) {
    this.#host = host;
    const arrived = (key: number) => this.#arrived(key);
    const changing = (orderRef: string) => this.#changing(orderRef);
    Object.assign(host, { onArrived: arrived, onChanging: changing });
  }

  #arrived(key: number): void {
    const { random, swarm, net, tws } = this.#host;
    const { dropped, rejected, late } = swarm.broker;
    const order = tws.orders[key];
    if (order === undefined) return;
    const exits = childrenOf(tws.orders, order).map((one) => one.key);
    if (!this.calm && random.chance(dropped)) for (const one of [key, ...exits]) net.apply({ do: "drop", key: one });
    else if (random.chance(rejected))
      this.#later(random.between(1, 30), () => {
        for (const one of [key, ...exits]) this.#reject(one);
      });
    else {
      const acceptMs = random.chance(late) ? random.between(500, 4_000) : random.between(1, 20);
      this.#later(acceptMs, () => this.#accept(key));
      // The broker may take the entry and not one of its exits.
      for (const exit of exits) {
        const isRefused = rejected > 0 && random.chance(0.3);
        this.#later(acceptMs, () => (isRefused ? this.#reject(exit) : this.#take(exit)));
      }
    }
  }

  /** A change is on its way: the market may be there first, and what came of it may be told to nobody. */
  #changing(orderRef: string): void {
    const { random, tws, net, swarm } = this.#host;
    const isCut = !this.calm && random.chance(swarm.counts.twsCut > 0 ? 0.5 : 0.15);
    if (isCut) this.#later(random.between(1, 6), () => [...net.lines.values()].at(-1)?.cut(true));
    const order = tws.orders.findLast(({ sent }) => sent.orderRef === orderRef);
    if (order !== undefined && random.chance(isCut ? 0.8 : 0.4))
      this.#later(random.between(0, 30), () => this.#fill(order.key));
  }

  #later(delayMs: number, run: () => void): void {
    this.#host.scheduler.after(delayMs, undefined, run);
  }

  #reject(key: number): void {
    const { random, net } = this.#host;
    if (this.frozen) this.#later(200, () => this.#reject(key));
    else {
      const [code, text] = random.pick(REJECTS);
      net.apply({ do: "reject", key, code, text, silent: false });
    }
  }

  /** True: the broker has it; frozen it takes it later. */
  #take(key: number): boolean {
    const { random, net, swarm } = this.#host;
    if (this.frozen) {
      this.#later(200, () => this.#take(key));
      return false;
    }
    net.apply({ do: "accept", key });
    if (!random.chance(swarm.broker.untold)) net.apply({ do: "tell", key });
    return true;
  }

  #accept(key: number): void {
    const { random, net, tws, swarm } = this.#host;
    if (this.frozen) {
      this.#later(200, () => this.#accept(key));
      return;
    }
    this.#take(key);
    const order = tws.orders[key];
    if (order === undefined) return;
    const rests = order.sent.orderType === "LMT" && random.chance(swarm.counts.modify > 0 ? 0.85 : 0.5);
    if (!rests) this.#later(random.between(0, 60), () => this.#fill(key));
    else if (swarm.counts.brokerCancels > 0)
      this.#later(random.below(1_500), () => net.apply({ do: "cancelNow", key }));
  }

  #fill(key: number): void {
    const { random, net, tws, swarm } = this.#host;
    const order = tws.orders[key];
    if (order === undefined) return;
    const total = Number(order.sent.quantity);
    const partial = random.chance(swarm.broker.partial);
    const quantity = partial ? random.between(1, total) : total;
    const tell = !this.frozen && (this.calm || !random.chance(swarm.broker.untold));
    net.apply({ do: "fill", key, quantity, tell });
    if (random.chance(0.7)) this.#later(random.between(1, 40), () => net.apply({ do: "charge", key }));
    if (random.chance(0.3)) net.apply({ do: "tell", key });
    if (order.filled < total) {
      // What one exit has not closed the other one may.
      const [other] = siblingsOf(tws.orders, order).filter(isOpen);
      const next = other !== undefined && random.chance(0.4) ? other.key : key;
      this.#later(random.between(1, 700), () => this.#fill(next));
    }
    // Of an entry that was filled, or ended with a part of it filled.
    const exits = isOpen(order) ? [] : childrenOf(tws.orders, order).filter((one) => isOpen(one) && !one.waits);
    if (order.filled > 0 && exits.length > 0 && random.chance(0.6)) {
      const { key: exit } = random.pick(exits);
      this.#later(random.between(5, 400), () => this.#fill(exit));
    }
  }
}
