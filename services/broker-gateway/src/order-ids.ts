import type { OrderIdFloor } from "./order-id-floor.ts";

/** Ids are reserved on disk in blocks, so that most orders need no write. */
const BLOCK = 100;
/**
 * Request ids begin above every order id: an error of TWS names one or the other, and must not be ambiguous. Programs that
 * make ids of the time in seconds stay below it.
 */
export const ORDER_ID_MAX = 1_999_999_999;
/** With fewer nothing is begun: a bracket needs three. */
const LEFT_MIN = 10;

/**
 * Order ids that this client has never used before, also after a crash and when TWS counts from a lower number.
 * The floor is the end of the block that was reserved last; ids of an unfinished block are skipped at the next start.
 */
export class OrderIds {
  readonly #floor: OrderIdFloor;
  #next: number;
  #reservedUpTo: number;

  /** `highestUsed`: of this client's intents in the log; 0 when there is none. Throws when the floor is unreadable. */
  constructor(options: { readonly floor: OrderIdFloor; readonly highestUsed: number }) {
    this.#floor = options.floor;
    this.#reservedUpTo = options.floor.read();
    this.#next = Math.max(this.#reservedUpTo, options.highestUsed) + 1;
  }

  /** False: TWS counts so high that ids would run into those of requests, or already have. */
  get left(): boolean {
    return this.#next <= ORDER_ID_MAX - LEFT_MIN;
  }

  /** What TWS said is the next id; only ever raises ours. Returns true when TWS counts below us. */
  atLeast(orderId: number): boolean {
    const below = orderId < this.#next;
    if (!below) this.#next = orderId;
    return below;
  }

  take(): number {
    const orderId = this.#next;
    if (orderId > ORDER_ID_MAX) throw new RangeError("order ids are used up");
    if (orderId > this.#reservedUpTo) this.#reserve(orderId + BLOCK);
    this.#next = orderId + 1;
    return orderId;
  }

  #reserve(upTo: number): void {
    this.#floor.reserve(upTo);
    this.#reservedUpTo = upTo;
  }
}
