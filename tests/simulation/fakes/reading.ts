import type { BrokerEvent } from "../gateway-types.ts";

const LISTS = ["openOrders", "completedOrders", "executions"] as const;
type List = (typeof LISTS)[number];

const ENDS: Partial<Record<BrokerEvent["kind"], List>> = {
  openOrdersEnd: "openOrders",
  completedOrdersEnd: "completedOrders",
  executionsEnd: "executions",
};

/** What a client has read, whole, since something may have happened that it was not told. */
export class Reading {
  readonly missing = new Set<string>();
  readonly #asked = new Set<string>();

  /** A new connection, or TWS is back from where it saw nothing. */
  restart(): void {
    this.missing.clear();
    this.#asked.clear();
    for (const list of LISTS) this.missing.add(list);
  }

  asked(list: string): void {
    this.#asked.add(list);
  }

  take(event: BrokerEvent): void {
    if (event.kind === "notice" && event.code === 1100) this.missing.add("TWS is cut off");
    if (event.kind === "notice" && (event.code === 1101 || event.code === 1102)) this.restart();
    const list = ENDS[event.kind];
    if (list !== undefined && this.#asked.has(list)) this.missing.delete(list);
  }
}
