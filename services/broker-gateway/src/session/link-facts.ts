import type { Clock } from "@countersign/clock/clock";
import type { LinkBehaviour } from "@countersign/contracts/ib-codes";
import { Farms } from "./link-codes.ts";
import type { BrokerEvent } from "./wire.ts";

/** So long after its last mention another session still counts as holding the live data. */
const COMPETING_FOR_MS = 120_000;

/** What TWS has said about itself on this connection, beside whether it is there. */
export class LinkFacts {
  readonly farms = new Farms();
  readonly #clock: Clock;
  #readOnly: string | undefined;
  #competing: { readonly text: string; readonly atMs: number } | undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The words with which TWS refused an order because its API is read-only; undefined: it has not, or it took one since. */
  get readOnly(): string | undefined {
    return this.#readOnly;
  }

  /** The words with which TWS said that another session of the user holds the live data. */
  get competing(): string | undefined {
    const { atMs, text } = this.#competing ?? { atMs: Number.NEGATIVE_INFINITY, text: "" };
    return this.#clock.monotonicMs() - atMs < COMPETING_FOR_MS ? text : undefined;
  }

  take(behaviour: LinkBehaviour, text: string): void {
    if (behaviour === "readOnly") this.#readOnly = text;
    if (behaviour === "competing") this.#competing = { text, atMs: this.#clock.monotonicMs() };
  }

  /** An order or a what-if that is answered like one proves that the API takes orders. */
  see(event: BrokerEvent): void {
    if (event.kind === "openOrder" && event.order.whatIf) this.#readOnly = undefined;
  }

  clear(): void {
    this.farms.clear();
    this.#readOnly = undefined;
    this.#competing = undefined;
  }
}
