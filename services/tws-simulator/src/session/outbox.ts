import type { Clock } from "@countersign/clock/clock";
import type { Reply } from "../codec/literals.ts";
import { encodeFrame } from "../wire/frame-writer.ts";
import { type CloseHow, type Delivery, type ReplyDecision, replyNames } from "./hooks.ts";
import type { Segments } from "./segments.ts";

export interface OutboxDeps {
  readonly clock: Clock;
  readonly segments: Segments;
  readonly decide: (reply: Reply) => ReplyDecision;
  /** Ends the connection behind all that was written. */
  readonly end: (how: CloseHow) => void;
}

interface HeldFrame {
  readonly until: string;
  readonly release: () => void;
}

/**
 * The one way out of a session. All frames of one turn leave in one write; a decision can hold, drop, repeat or cut
 * between any two of them.
 */
export class Outbox {
  readonly #deps: OutboxDeps;
  #pending: Buffer[] = [];
  #flushing = false;
  #closed = false;
  /** While a frame blocks the line, all behind it wait here. */
  #line: (() => void)[] = [];
  #blocked = false;
  #held: HeldFrame[] = [];

  constructor(deps: OutboxDeps) {
    this.#deps = deps;
  }

  send(reply: Reply): void {
    if (this.#closed) return;
    const { rewritten = reply, delivery } = this.#deps.decide(reply);
    if (this.#blocked) this.#line.push(() => this.#deliver(rewritten, delivery));
    else this.#deliver(rewritten, delivery);
  }

  /** Nothing leaves any more, not even what is queued. */
  close(): void {
    this.#closed = true;
    this.#pending = [];
    this.#line = [];
    this.#held = [];
    this.#deps.segments.drop();
  }

  /** What is queued leaves; `then` is called behind it, and nothing follows. */
  finish(then: () => void): void {
    this.flush();
    this.#closed = true;
    this.#deps.segments.finish(then);
  }

  flush(): void {
    this.#flushing = false;
    if (this.#closed || this.#pending.length === 0) return;
    this.#deps.segments.push(this.#pending.splice(0));
  }

  #deliver(reply: Reply, delivery: Delivery | undefined): void {
    if (this.#closed) return;
    if (delivery === undefined) {
      this.#frame(reply);
      return;
    }
    switch (delivery.kind) {
      case "drop":
        return;
      case "cutBefore":
        this.#deps.end(delivery.how);
        return;
      case "cutAfter":
        this.#frame(reply);
        this.#deps.end(delivery.how);
        return;
      case "cutInside":
        this.#queue(encodeFrame(reply.tokens).subarray(0, delivery.bytes));
        this.#deps.end(delivery.how);
        return;
      case "stall":
        this.#stall(reply, delivery);
        return;
      case "delay":
        this.#delay(reply, delivery);
        return;
      case "hold":
        this.#hold(reply, delivery);
        return;
      case "repeat":
        for (let copy = 0; copy <= delivery.copies; copy += 1) this.#frame(reply);
        return;
      case "follow":
        this.#frame(reply);
        this.#later(delivery.delayMs, () => {
          for (const follower of delivery.replies) this.#frame(follower);
        });
        return;
      case "bytes":
        this.#queue(delivery.bytes);
    }
  }

  /** Queues a frame, and behind it those that waited for one of its names. */
  #frame(reply: Reply): void {
    if (this.#closed) return;
    this.#queue(encodeFrame(reply.tokens));
    if (this.#held.length === 0) return;
    const names = replyNames(reply);
    const ready = this.#held.filter(({ until }) => names.includes(until));
    for (const { release } of ready) release();
  }

  #stall(reply: Reply, { bytes, delayMs }: { readonly bytes: number; readonly delayMs: number }): void {
    const frame = encodeFrame(reply.tokens);
    this.#queue(frame.subarray(0, bytes));
    this.flush();
    this.#blocked = true;
    if (delayMs > 0) this.#unblockAfter(delayMs, () => this.#queue(frame.subarray(bytes)));
  }

  #delay(reply: Reply, { delayMs, keepOrder }: { readonly delayMs: number; readonly keepOrder: boolean }): void {
    if (!keepOrder) {
      this.#later(delayMs, () => this.#frame(reply));
      return;
    }
    this.#blocked = true;
    this.#unblockAfter(delayMs, () => this.#frame(reply));
  }

  #unblockAfter(delayMs: number, first: () => void): void {
    this.#deps.clock.setTimeout(() => {
      if (this.#closed) return;
      this.#blocked = false;
      first();
      while (!this.#blocked) {
        const next = this.#line.shift();
        if (next === undefined) return;
        next();
      }
    }, delayMs);
  }

  #hold(reply: Reply, { until, delayMsMax }: { readonly until: string; readonly delayMsMax: number }): void {
    const frame: HeldFrame = {
      until,
      release: () => {
        this.#held = this.#held.filter((other) => other !== frame);
        timer.cancel();
        this.#frame(reply);
      },
    };
    const timer = this.#deps.clock.setTimeout(frame.release, delayMsMax);
    this.#held.push(frame);
  }

  #later(delayMs: number, task: () => void): void {
    if (delayMs === 0) task();
    else this.#deps.clock.setTimeout(task, delayMs);
  }

  #queue(bytes: Buffer): void {
    if (this.#closed) return;
    this.#pending.push(bytes);
    if (this.#flushing) return;
    this.#flushing = true;
    queueMicrotask(() => this.flush());
  }
}
