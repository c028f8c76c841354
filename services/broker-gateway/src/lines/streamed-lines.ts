import type { OrderBus } from "@countersign/bus/bus";
import type { Clock } from "@countersign/clock/clock";
import { BROKER_READS } from "@countersign/contracts/broker-reads";
import { ok } from "@countersign/contracts/denial";
import { MARKET_FEEDS } from "@countersign/contracts/market-feeds";
import { type BrokerLinesRequest, WHY_CHARS_MAX } from "@countersign/contracts/messages/md-streams.v1";
import { newNonce } from "@countersign/ids/ids";
import type * as z from "zod";
import type { Link } from "../session/link.ts";
import { toldOf } from "./line.ts";
import { LineFeed } from "./line-feed.ts";
import type { Lines } from "./lines.ts";
import { WantedLines } from "./wanted-lines.ts";

export interface StreamedLinesDeps {
  readonly bus: OrderBus;
  readonly clock: Clock;
  readonly link: Link;
  readonly lines: Lines;
  readonly settings: { readonly flushMs: number; readonly wholeEveryMs: number };
}

/** Keeps open what market-data wants, and tells it what changes. */
export class StreamedLines {
  readonly #deps: StreamedLinesDeps;
  readonly #wanted: WantedLines;
  readonly #feed: LineFeed;
  readonly #name = newNonce();
  readonly #stop: () => void;

  constructor(deps: StreamedLinesDeps) {
    const { bus, clock, lines, settings } = deps;
    this.#deps = deps;
    this.#wanted = new WantedLines(clock);
    this.#feed = new LineFeed({
      ...{ clock, feed: this.#name, wholeEveryMs: settings.wholeEveryMs },
      held: () => lines.held(),
      down: () => this.#down(),
      publish: (message) => bus.broadcast(MARKET_FEEDS.lines, message),
    });
    const timer = clock.setInterval(() => this.#turn(), settings.flushMs);
    this.#stop = () => timer.cancel();
  }

  serve(bus: OrderBus): void {
    bus.serve(BROKER_READS.lines, async (request) => ok(this.#renew(request)));
  }

  /** At once: what holds of the lines has changed for all of them. */
  tellNow(): void {
    this.#feed.flush();
  }

  stop(): void {
    this.#stop();
  }

  #turn(): void {
    if (this.#wanted.expire()) this.#deps.lines.hold(this.#wanted.list());
    else this.#deps.lines.supervise();
    this.#feed.flush();
  }

  #renew({ holder, resend, reopen, ...lease }: z.output<typeof BrokerLinesRequest>) {
    const { lines, clock } = this.#deps;
    const epoch = this.#wanted.renew(holder, lease);
    lines.hold(this.#wanted.list());
    for (const conid of reopen) lines.reopen(conid);
    this.#feed.resend(resend);
    const nowMs = clock.monotonicMs();
    const down = this.#down();
    const wanted = new Set(lease.want);
    const told = [...lines.held()]
      .filter(({ conid }) => wanted.has(conid))
      .map((entry) => ({ conid: entry.conid, ...toldOf(entry, nowMs, down) }))
      .filter(({ state }) => state !== "running");
    return { feed: this.#name, epoch, linesMax: lines.heldMax, lines: told };
  }

  #down(): string | undefined {
    const { state, detail } = this.#deps.link;
    return state === "up" ? undefined : `the link to TWS is ${state} (${detail})`.slice(0, WHY_CHARS_MAX);
  }
}
