import * as z from "zod";
import type { Hold, LinkEnd } from "./link-types.ts";

const ClientId = z.int().min(1).max(2_147_483_647);

/** Our ids at TWS by what they are for. Orders belong to the id they were sent under, so none of them ever changes by itself. */
export const ClientIds = z
  .strictObject({
    orders: ClientId.describe("Sends and cancels, and reads everything besides; always the same"),
    fallback: ClientId.describe("Reads, and nothing else, while another connection holds the id for orders"),
  })
  .refine(({ orders, fallback }) => orders !== fallback, "two roles have the same client id");
export type ClientIds = z.infer<typeof ClientIds>;

type Role = keyof ClientIds;

/**
 * Whose turn it is at TWS. The id for orders has it until TWS says that another connection holds that id; then the
 * fallback reads for a while, and the id for orders is tried again. There is never more than one connection.
 */
export class ClientIdTurns {
  readonly #ids: ClientIds;
  readonly #taken: Record<Role, boolean> = { orders: false, fallback: false };
  #role: Role = "orders";

  constructor(ids: ClientIds) {
    this.#ids = ids;
  }

  /** For the connection that there is or that is made next. */
  get clientId(): number {
    return this.#ids[this.#role];
  }

  /** Why that connection takes neither orders nor cancels; undefined: it takes them. */
  get readOnly(): string | undefined {
    return this.#role === "fallback" ? this.#why : undefined;
  }

  /** From when TWS refused the id for orders until it takes that id again, or does not answer at all. */
  get stuck(): Hold | undefined {
    if (!this.#taken.orders) return undefined;
    return { code: this.#taken.fallback ? "BROKER_UNAVAILABLE" : "BROKER_READ_ONLY", reason: this.#why };
  }

  /** TWS has begun a session under the id whose turn it is. */
  accepted(): void {
    this.#taken[this.#role] = false;
    if (this.#role === "orders") this.#taken.fallback = false;
  }

  /** The connection is over. True: the id for orders should rest before it is tried again. */
  ended(end: LinkEnd): boolean {
    const tried = this.#role;
    if (end === "clientIdTaken") this.#taken[tried] = true;
    else if (tried === "orders") this.#taken.orders = false;
    this.#role = tried === "orders" && this.#taken.orders ? "fallback" : "orders";
    return tried === "fallback" && end === "clientIdTaken";
  }

  get #why(): string {
    const { orders, fallback } = this.#ids;
    const inUse = `client id ${orders} is in use at TWS (326)`;
    if (this.#taken.fallback)
      return `${inUse}, and so is the fallback ${fallback}: TWS can be neither written nor read`;
    return `${inUse}: until it is free TWS is only read, under client id ${fallback}`;
  }
}
