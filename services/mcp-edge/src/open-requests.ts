import type { Clock } from "@countersign/clock/clock";
import { InFlight } from "@countersign/clock/in-flight";
import { isJSONRPCRequest } from "@modelcontextprotocol/server";

/** The requests of one connection that have no answer yet: its input may end before they do. */
export class OpenRequests {
  readonly #open: InFlight;

  constructor(clock: Clock) {
    this.#open = new InFlight(clock);
  }

  came(message: object): void {
    const { method, params } = message as { method?: unknown; params?: { requestId?: unknown } };
    // A stream of changes has its answer when it ends, and it ends with the connection.
    if (isJSONRPCRequest(message) && method !== "subscriptions/listen") this.#open.began(message.id);
    // What is cancelled is not answered.
    if (method === "notifications/cancelled") this.#open.ended(params?.requestId);
  }

  left(message: object): void {
    if ("id" in message && ("result" in message || "error" in message)) this.#open.ended(message.id);
  }

  /** When all are answered, or after the given time. */
  answered(waitMsMax: number): Promise<void> {
    return this.#open.landed(waitMsMax);
  }
}
