import type { Clock } from "@countersign/clock/clock";
import { utcText } from "@countersign/clock/clock";
import type { Logger } from "@countersign/log/logger";
import type { Link } from "../session/link.ts";
import type { Requests } from "../session/requests.ts";

/** What every question to TWS needs. */
export interface ReadDeps {
  readonly clock: Clock;
  readonly log: Logger;
  readonly link: Link;
  readonly requests: Requests;
}

/** The source that answers carry. */
export const SOURCE = "tws";

/** Wall time, as text, of a moment given as monotonic ms. */
export function utcAt(clock: Clock, atMs: number): string {
  return utcText(clock.nowMs() - Math.max(0, Math.round(clock.monotonicMs() - atMs)));
}

/** One question at a time; whoever asks while it runs gets the same answer. */
export function shared<T>(ask: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | undefined;
  return () => {
    running ??= ask().finally(() => {
      running = undefined;
    });
    return running;
  };
}
