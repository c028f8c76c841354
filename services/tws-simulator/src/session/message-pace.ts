const WINDOW_MS = 1_000;

export interface MessageLimit {
  readonly perSecond: number;
  /** The violation that ends the connection; 0 = none does. */
  readonly strikesMax: number;
  /** True when the message too many is not processed. */
  readonly discard: boolean;
}

export type PaceVerdict =
  | { readonly kind: "fine" }
  | { readonly kind: "wait"; readonly delayMs: number }
  | { readonly kind: "strike"; readonly text: string; readonly last: boolean };

/** Counts the messages of one connection over the last second. */
export class MessagePace {
  #times: number[] = [];
  #strikes = 0;

  /** `paces` = the client asked to be slowed down instead of told off. */
  arrived(nowMs: number, limit: MessageLimit, paces: boolean): PaceVerdict {
    while (this.#times.length > 0 && nowMs - (this.#times[0] ?? 0) >= WINDOW_MS) this.#times.shift();
    const [oldest = nowMs] = this.#times;
    if (this.#times.length < limit.perSecond) {
      this.#times.push(nowMs);
      return { kind: "fine" };
    }
    if (paces) return { kind: "wait", delayMs: WINDOW_MS - (nowMs - oldest) };
    const received = this.#times.length + 1;
    this.#times = [];
    this.#strikes += 1;
    const text = `Max rate of messages per second has been exceeded:max=${limit.perSecond} rec=${received} (${this.#strikes})`;
    return { kind: "strike", text, last: limit.strikesMax > 0 && this.#strikes >= limit.strikesMax };
  }
}
