import type { Clock } from "@countersign/clock/clock";
import type { Logger } from "@countersign/log/logger";
import type { LinkEnd, LinkState } from "./link-types.ts";

const DETAIL_MAX = 300;

/** Where the link stands, since when, and how it came there. */
export class LinkRecord {
  readonly #clock: Clock;
  readonly #log: Logger;
  #state: LinkState = "down";
  #detail = "not started";
  #sinceMs: number;
  #lastUpMs: number;
  #epoch = 0;
  /** Tries in a row that did not lead to a reconciled link. */
  failures = 0;
  /** How the connection before this one ended; null: there was none. */
  lastEnd: LinkEnd | null = null;
  /** TWS said that it lost its servers and not yet that it has them again. */
  frozen = false;

  constructor(clock: Clock, log: Logger) {
    this.#clock = clock;
    this.#log = log;
    this.#sinceMs = clock.nowMs();
    this.#lastUpMs = this.#sinceMs;
  }

  get state(): LinkState {
    return this.#state;
  }
  get detail(): string {
    return this.#detail;
  }
  /** Moves with every change that could have swallowed a message. */
  get epoch(): number {
    return this.#epoch;
  }
  /** Wall ms since when the state holds. */
  get sinceMs(): number {
    return this.#sinceMs;
  }
  /** Wall ms when it was last up; when it was made, before the first time. */
  get lastUpMs(): number {
    return this.#state === "up" ? this.#clock.nowMs() : this.#lastUpMs;
  }

  set(state: LinkState, detail: string): void {
    if (this.#state === "up") this.#lastUpMs = this.#clock.nowMs();
    if (state !== "up") this.#epoch += 1;
    this.#state = state;
    this.#detail = detail.slice(0, DETAIL_MAX);
    this.#sinceMs = this.#clock.nowMs();
    this.#log.info({ state, detail: this.#detail, epoch: this.#epoch }, "link to TWS");
  }
}
