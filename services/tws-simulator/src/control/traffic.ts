import type { Clock } from "@countersign/clock/clock";
import type { Request } from "../codec/requests.ts";

/** One order or cancel as it arrived at a socket. */
export interface JournalEntry {
  readonly sequence: number;
  readonly name: string;
  readonly clientId: number | undefined;
  readonly orderId: number;
  readonly orderRef: string;
  readonly whatIf: boolean;
  readonly wallMs: number;
  readonly monotonicMs: number;
}

const JOURNAL_ENTRIES_MAX = 100_000;

/** Counts every frame as it arrives, before any fault or check, and keeps the arrival times of orders and cancels. */
export class Traffic {
  readonly #clock: Clock;
  readonly #frames = new Map<string, number>();
  readonly #errors = new Map<string, number>();
  #journal: JournalEntry[] = [];
  #sequence = 0;
  connectionsOpened = 0;
  connectionsOpen = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  count(name: string): void {
    this.#frames.set(name, (this.#frames.get(name) ?? 0) + 1);
  }

  /** Counts an error or notice on its way to a client. */
  countError(code: string): void {
    this.#errors.set(code, (this.#errors.get(code) ?? 0) + 1);
  }

  /** Counts a readable request; a what-if has its own name so that it is never taken for an order. */
  arrived(request: Request, clientId: number | undefined): void {
    const whatIf = request.kind === "placeOrder" && request.whatIf;
    this.count(whatIf ? "placeOrder.whatIf" : request.kind);
    if (request.kind !== "placeOrder" && request.kind !== "cancelOrder") return;
    this.#sequence += 1;
    this.#journal.push({
      sequence: this.#sequence,
      name: request.kind,
      clientId,
      orderId: request.orderId,
      orderRef: request.kind === "placeOrder" ? request.orderRef : "",
      whatIf,
      wallMs: this.#clock.nowMs(),
      monotonicMs: this.#clock.monotonicMs(),
    });
    if (this.#journal.length > JOURNAL_ENTRIES_MAX * 2) this.#journal = this.#journal.slice(-JOURNAL_ENTRIES_MAX);
  }

  frames(): Record<string, number> {
    return Object.fromEntries([...this.#frames].sort(([left], [right]) => (left < right ? -1 : 1)));
  }

  /** Errors and notices by code. */
  errors(): Record<string, number> {
    return Object.fromEntries(this.#errors);
  }

  journal(afterSequence: number): JournalEntry[] {
    return this.#journal.filter((entry) => entry.sequence > afterSequence);
  }
}
