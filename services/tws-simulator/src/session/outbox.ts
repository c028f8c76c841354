import type { Clock } from "@countersign/clock/clock";
import type { Reply } from "../codec/literals.ts";
import { type FaultRules, REPLY_ACTIONS } from "../faults/fault-rules.ts";
import { encodeFrame } from "../wire/frame-writer.ts";

export interface OutboxDeps {
  readonly clock: Clock;
  readonly faults: FaultRules;
  readonly write: (bytes: Buffer) => void;
  /** Closes the connection at once. */
  readonly cut: () => void;
  readonly clientId: () => number | undefined;
}

/**
 * The one way out of a session. All frames of one turn leave in one write; a fault can hold, drop or cut between any
 * two of them, and their order never changes.
 */
export class Outbox {
  readonly #deps: OutboxDeps;
  #pending: Buffer[] = [];
  #flushing = false;
  #closed = false;
  /** Frames behind a delayed one wait here, with the delay that each adds. */
  #held: { readonly bytes: Buffer; readonly delayMs: number }[] = [];
  #holding = false;

  constructor(deps: OutboxDeps) {
    this.#deps = deps;
  }

  send(reply: Reply): void {
    if (this.#closed) return;
    const { faults, clientId } = this.#deps;
    const fault = faults.match({ message: reply.name, clientId: clientId() }, REPLY_ACTIONS);
    if (fault?.action === "dropReply") return;
    if (fault?.action === "cutBeforeReply") {
      this.#flush();
      this.close();
      this.#deps.cut();
      return;
    }
    const bytes = encodeFrame(reply.tokens);
    if (fault?.action === "delayReply" || this.#holding) {
      this.#hold(bytes, fault?.delayMs ?? 0);
      return;
    }
    this.#queue(bytes);
  }

  /** Nothing leaves any more, not even what is queued. */
  close(): void {
    this.#closed = true;
    this.#pending = [];
    this.#held = [];
  }

  flush(): void {
    this.#flush();
  }

  #queue(bytes: Buffer): void {
    this.#pending.push(bytes);
    if (this.#flushing) return;
    this.#flushing = true;
    queueMicrotask(() => this.#flush());
  }

  #flush(): void {
    this.#flushing = false;
    if (this.#closed || this.#pending.length === 0) return;
    const frames = this.#pending;
    this.#pending = [];
    const [only] = frames;
    this.#deps.write(frames.length === 1 && only !== undefined ? only : Buffer.concat(frames));
  }

  #hold(bytes: Buffer, delayMs: number): void {
    this.#held.push({ bytes, delayMs });
    if (this.#holding) return;
    this.#holding = true;
    this.#releaseNext();
  }

  #releaseNext(): void {
    const next = this.#held.shift();
    if (next === undefined) {
      this.#holding = false;
      return;
    }
    const release = () => {
      if (this.#closed) return;
      this.#queue(next.bytes);
      this.#releaseNext();
    };
    if (next.delayMs === 0) release();
    else this.#deps.clock.setTimeout(release, next.delayMs);
  }
}
