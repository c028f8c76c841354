import { PATIENCE_MS } from "@countersign/testing/patience";
import { type Contract, EventName, IBApi, type Order } from "@stoqey/ib";

export interface SeenEvent {
  readonly name: string;
  readonly args: readonly unknown[];
}

/** The unmodified client library, with every event it emits in order. */
export class LibraryClient {
  readonly api: IBApi;
  readonly events: SeenEvent[] = [];
  nextId = 0;

  constructor(port: number, clientId: number) {
    this.api = new IBApi({ host: "127.0.0.1", port, clientId, maxReqPerSec: 10_000 });
    this.api.on(EventName.all, (name: string, args: unknown[]) => {
      if (name !== EventName.received && name !== EventName.sent) this.events.push({ name, args });
    });
  }

  async connect(clientId: number): Promise<this> {
    this.api.connect(clientId);
    await this.waitFor(EventName.nextValidId);
    this.nextId = Number(this.of(EventName.nextValidId)[0]?.args[0]);
    return this;
  }

  of(name: string): SeenEvent[] {
    return this.events.filter((event) => event.name === name);
  }

  /** Events that show a protocol error of either side: the library's 505, or the simulator's 320. */
  protocolErrors(): SeenEvent[] {
    return this.events.filter(
      ({ name, args }) => (name === "error" || name === "info") && (args[1] === 505 || args[1] === 320),
    );
  }

  /** Waits until `count` events of this name that pass `where` have arrived; returns them. */
  async waitFor(
    name: string,
    where: (args: readonly unknown[]) => boolean = () => true,
    count = 1,
  ): Promise<SeenEvent[]> {
    const deadline = performance.now() + PATIENCE_MS;
    for (;;) {
      const found = this.of(name).filter((event) => where(event.args));
      if (found.length >= count) return found;
      if (performance.now() > deadline) {
        throw new Error(
          `no ${name}; have ${this.events.slice(-6).map((event) => `${event.name} ${event.args[0]} ${event.args[1]}`)}`,
        );
      }
      await new Promise((resolve) => setTimeout(resolve, 2));
    }
  }

  /** Places an order under the next id; returns the id. */
  place(contract: Contract, order: Partial<Order>, id = this.nextId++): number {
    const plain = {
      action: "BUY",
      orderType: "LMT",
      totalQuantity: 10,
      tif: "DAY",
      account: "DU1234567",
      transmit: true,
    };
    this.api.placeOrder(id, contract, { ...plain, ...order } as Order);
    return id;
  }

  /** Statuses of one order, repeats removed. */
  statuses(orderId: number): string[] {
    const all = this.of(EventName.orderStatus).filter(({ args }) => args[0] === orderId);
    return all.map(({ args }) => String(args[1])).filter((status, index, list) => status !== list[index - 1]);
  }

  disconnect(): void {
    this.api.disconnect();
  }
}
