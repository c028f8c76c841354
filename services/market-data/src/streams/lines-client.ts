import type { Clock } from "@countersign/clock/clock";
import type { BrokerLinesRequest } from "@countersign/contracts/messages/md-streams.v1";
import type { RPCS } from "@countersign/contracts/subjects";
import { newNonce } from "@countersign/ids/ids";
import type * as z from "zod";

type Request = z.input<typeof BrokerLinesRequest>;
type Answer = Extract<z.output<typeof RPCS.lines.reply>, { outcome: "ok" }>["value"];

export interface LinesClientDeps {
  readonly clock: Clock;
  readonly leaseMs: number;
  /** Throws a Fault when the gateway cannot be asked. */
  readonly ask: (request: Request) => Promise<Answer>;
  /** In order of importance. */
  readonly want: () => number[];
  readonly onAnswer: (answer: Answer) => void;
}

const RETRY_MS = 500;
/** So many renewals are due in one lease. */
const RENEWALS_PER_LEASE = 3;

/** Tells the gateway which lines are wanted: at once when that changes, and again before the lease ends. */
export class LinesClient {
  readonly #deps: LinesClientDeps;
  readonly #holder = newNonce();
  readonly #resend = new Set<number>();
  readonly #reopen = new Set<number>();
  #epoch = 0;
  #dueAtMs = Number.NEGATIVE_INFINITY;
  #running = false;

  constructor(deps: LinesClientDeps) {
    this.#deps = deps;
  }

  /** What is wanted has changed. */
  changed(): void {
    this.#dueAtMs = Number.NEGATIVE_INFINITY;
  }

  resend(conid: number): void {
    this.#resend.add(conid);
    this.changed();
  }

  reopen(conid: number): void {
    this.#reopen.add(conid);
    this.changed();
  }

  /** Renews when it is due; one request at a time. */
  turn(): void {
    const { clock, leaseMs } = this.#deps;
    if (this.#running || clock.monotonicMs() < this.#dueAtMs) return;
    this.#running = true;
    this.#dueAtMs = clock.monotonicMs() + leaseMs / RENEWALS_PER_LEASE;
    void this.#renew().finally(() => {
      this.#running = false;
    });
  }

  async #renew(): Promise<void> {
    const { ask, want, leaseMs, onAnswer, clock } = this.#deps;
    this.#epoch += 1;
    const [resend, reopen] = [[...this.#resend], [...this.#reopen]];
    this.#resend.clear();
    this.#reopen.clear();
    try {
      onAnswer(await ask({ holder: this.#holder, epoch: this.#epoch, leaseMs, want: want(), resend, reopen }));
    } catch {
      // Whoever watches sees it: a gateway that cannot be asked is not heard either.
      for (const conid of resend) this.#resend.add(conid);
      for (const conid of reopen) this.#reopen.add(conid);
      this.#dueAtMs = clock.monotonicMs() + RETRY_MS;
    }
  }
}
