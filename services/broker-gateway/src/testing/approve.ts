import type { Demand } from "@countersign/contracts/demand";

/** What an order and its approval have that differs from the usual. */
export interface Approve {
  readonly terms?: object;
  readonly statement?: object;
  /** What the ticket itself asks for. */
  readonly demand?: Partial<Demand>;
  /** A second person who signs too. */
  readonly cosigner?: string;
  readonly privateKeyPem?: string;
}
