import type { Clock } from "@countersign/clock/clock";
import { isJSONRPCRequest } from "@modelcontextprotocol/server";

/** The requests of one connection that have no answer yet: its input may end before they do. */
export class OpenRequests {
  readonly #clock: Clock;
  readonly #open = new Set<unknown>();
  #wake: () => void = () => undefined;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  came(message: unknown): void {
    if (isJSONRPCRequest(message)) this.#open.add(message.id);
    // What is cancelled is not answered.
    const { method, params } = message as { method?: unknown; params?: { requestId?: unknown } };
    if (method === "notifications/cancelled") this.#end(params?.requestId);
  }

  left(message: object): void {
    if ("id" in message && ("result" in message || "error" in message)) this.#end(message.id);
  }

  /** When all are answered, or after the given time. */
  async answered(waitMs: number): Promise<void> {
    if (this.#open.size === 0) return;
    const none = new Promise<void>((resolve) => {
      this.#wake = resolve;
    });
    const given = new AbortController();
    await Promise.race([none, this.#clock.sleep(waitMs, given.signal).catch(() => undefined)]);
    given.abort();
  }

  #end(id: unknown): void {
    this.#open.delete(id);
    if (this.#open.size === 0) this.#wake();
  }
}
