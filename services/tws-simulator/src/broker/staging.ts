import type { Placement } from "./placement.ts";

/** Orders sent with transmit=0, in the order in which they came: nobody hears of them until they are sent. */
export class Staging {
  readonly #staged = new Map<string, Placement>();

  has(clientId: number, orderId: number): boolean {
    return this.#staged.has(`${clientId}:${orderId}`);
  }

  put(placement: Placement): void {
    this.#staged.set(`${placement.clientId}:${placement.orderId}`, placement);
  }

  take(clientId: number, orderId: number): Placement | undefined {
    const key = `${clientId}:${orderId}`;
    const found = this.#staged.get(key);
    this.#staged.delete(key);
    return found;
  }

  /** Takes an order's staged parents and their staged children: what goes out with it, parents first. */
  takeFamily(placement: Placement): Placement[] {
    const { clientId, terms } = placement;
    const parent = terms.parentId === 0 ? undefined : this.take(clientId, terms.parentId);
    if (parent === undefined) return [];
    return [...this.takeFamily(parent), parent, ...this.takeChildren(clientId, parent.orderId)];
  }

  takeChildren(clientId: number, parentId: number): Placement[] {
    const children = [...this.#staged.values()].filter(
      (each) => each.clientId === clientId && each.terms.parentId === parentId,
    );
    for (const child of children) this.take(clientId, child.orderId);
    return children;
  }
}
