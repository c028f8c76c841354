import type { OrderTerms } from "./model.ts";
import type { Tradable } from "./tradables.ts";

/** A checked order message of one client. */
export interface Placement {
  readonly clientId: number;
  readonly orderId: number;
  readonly terms: OrderTerms;
  readonly tradable: Tradable;
}
