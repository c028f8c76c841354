import type { Clock } from "@countersign/clock/clock";
import { Fault } from "@countersign/contracts/denial";
import type { DecisionFact } from "@countersign/contracts/facts/decision-facts.v1";
import type { ExecFact } from "@countersign/contracts/facts/exec-facts.v1";
import type { AssessedFact } from "@countersign/contracts/facts/policy-facts.v1";
import type { ProposalFact } from "@countersign/contracts/facts/proposal-facts.v1";
import { FACETS, type Facet } from "@countersign/contracts/life";
import { FACTS } from "@countersign/contracts/subjects";
import type * as z from "zod";
import type { Bus } from "./bus.ts";
import type { Standing } from "./control-state.ts";
import { parseJson } from "./facts.ts";
import type { Followed, LiveMessage } from "./live-stream.ts";
import { parseMessage } from "./parse-message.ts";
import { SharedResults } from "./shared-results.ts";

/** One fact of one order, with its place in the stream. */
export interface OrderFact {
  readonly sequence: number;
  readonly account: string;
  readonly proposalId: string;
  readonly facet: Facet;
  readonly body: ProposalFact | DecisionFact | ExecFact | AssessedFact;
}

type Source = Pick<Bus, "follow" | "streamState" | "log">;

const READS_IN_FLIGHT_MAX = 64;
const CHECK_EVERY_MS = 1_000;

/** All facts of the stream ORDERS in order, without gaps: what is stored first, then live; what the live copy missed is read. */
export class OrderFeed {
  readonly #bus: Source;
  readonly #facts: OrderFact[] = [];
  readonly #handlers = new Set<(fact: OrderFact) => void>();
  readonly #early = new Map<number, LiveMessage>();
  readonly #results = new SharedResults();
  #stream: Followed | undefined;
  #lastSequence = 0;
  /** The newest message that was taken in. */
  #last: LiveMessage | undefined;
  /** Whether the stream still has it has to be looked at: the server was away, or said something else before. */
  #doubted = false;
  #wentBack: string | undefined;
  #unreadable = 0;
  #catchingUp: Promise<void> | undefined;
  #stop: (() => void)[] = [];

  private constructor(bus: Source) {
    this.#bus = bus;
  }

  /** Loads everything that is stored; throws a Fault when the stream cannot be read. */
  static async open(bus: Source, clock: Clock): Promise<OrderFeed> {
    const feed = new OrderFeed(bus);
    const stream = bus.follow(FACTS.proposal, (message) => feed.#onLive(message));
    feed.#stream = stream;
    await feed.#catchUp();
    const onChange = (state: "down" | "up") => {
      if (state === "down") feed.#doubted = true;
      else feed.#catchUpQuietly();
    };
    stream.onChange(onChange);
    const timer = clock.setInterval(() => feed.#catchUpQuietly(), CHECK_EVERY_MS);
    feed.#stop = [stream.close, () => timer.cancel()];
    return feed;
  }

  /** Hands over what is there at once, then every further fact in sequence order. */
  subscribe(handler: (fact: OrderFact) => void): void {
    for (const fact of this.#facts) handler(fact);
    this.#handlers.add(handler);
  }

  lastSequence(): number {
    return this.#lastSequence;
  }

  /** Messages in the stream that are no facts; they are skipped, and somebody should ask how they came there. */
  unreadable(): number {
    return this.#unreadable;
  }

  /**
   * HALTED while the stream has lost what this feed has handed over, as after a restored backup: what is appended then takes
   * the places of what was there, and would never be seen. Undefined: nothing says so.
   */
  stands(): Standing | undefined {
    return this.#wentBack === undefined ? undefined : { level: "HALTED", reason: this.#wentBack };
  }

  close(): void {
    for (const stop of this.#stop) stop();
  }

  #onLive(message: LiveMessage): void {
    if (message.sequence <= this.#lastSequence) return;
    this.#early.set(message.sequence, message);
    // Of a stream that may be another one nothing is taken before that is looked at.
    if (!this.#doubted) this.#drainEarly();
    if (this.#early.size > 0) this.#catchUpQuietly();
  }

  #drainEarly(): void {
    while (true) {
      const next = this.#early.get(this.#lastSequence + 1);
      if (next === undefined) return;
      this.#early.delete(next.sequence);
      this.#take(next);
    }
  }

  #catchUpQuietly(): void {
    this.#catchUp().catch((error: unknown) => this.#bus.log.warn({ error: String(error) }, "order feed behind"));
  }

  #catchUp(): Promise<void> {
    this.#catchingUp ??= this.#readMissing().finally(() => {
      this.#catchingUp = undefined;
    });
    return this.#catchingUp;
  }

  async #readMissing(): Promise<void> {
    const seen = this.#last;
    const { lastSequence } = await this.#bus.streamState(FACTS.proposal);
    if (seen !== undefined) await this.#requireSame(seen, lastSequence);
    while (this.#lastSequence < lastSequence) {
      const from = this.#lastSequence + 1;
      const count = Math.min(READS_IN_FLIGHT_MAX, lastSequence - this.#lastSequence);
      const batch = await Promise.all(Array.from({ length: count }, (_, index) => this.#read(from + index)));
      for (const message of batch) if (message.sequence === this.#lastSequence + 1) this.#take(message);
      this.#drainEarly();
    }
    for (const sequence of this.#early.keys()) if (sequence <= this.#lastSequence) this.#early.delete(sequence);
  }

  /** What was seen of the stream before it was asked must still be there. */
  async #requireSame(seen: LiveMessage, lastSequence: number): Promise<void> {
    const { sequence } = seen;
    if (lastSequence < sequence) this.#lost(`the stream of orders went back from ${sequence} to ${lastSequence}`);
    if (!this.#doubted) return;
    const stored = await this.#stream?.at(sequence);
    if (stored?.subject !== seen.subject || stored.text !== seen.text)
      this.#lost(`message ${sequence} of the stream of orders is not the one that was there`);
    this.#doubted = false;
    this.#wentBack = undefined;
  }

  #lost(reason: string): never {
    this.#doubted = true;
    this.#wentBack = reason;
    this.#early.clear();
    throw new Fault("STORE_REFUSED", reason);
  }

  async #read(sequence: number): Promise<LiveMessage> {
    const stream = this.#stream;
    if (stream === undefined) throw new TypeError("feed not open");
    const message = await stream.at(sequence);
    // Nothing is ever deleted from this stream: a hole means that the store lost something.
    if (message === undefined) throw new Fault("STORE_REFUSED", `the stream of orders has a hole at ${sequence}`);
    return message;
  }

  #take(message: LiveMessage): void {
    this.#lastSequence = message.sequence;
    this.#last = message;
    const fact = parseOrderFact(message);
    if (fact === undefined) {
      this.#unreadable += 1;
      this.#bus.log.error({ subject: message.subject, sequence: message.sequence }, "message in ORDERS is no fact");
      return;
    }
    if ("verdict" in fact.body) this.#results.share(fact.body.verdict);
    this.#facts.push(fact);
    for (const handler of this.#handlers) handler(fact);
  }
}

function parseOrderFact(message: LiveMessage): OrderFact | undefined {
  const [, , account, proposalId, name] = message.subject.split(".");
  const facet = FACETS.find((one) => one === name);
  if (facet === undefined || account === undefined || proposalId === undefined) return undefined;
  const parsed = parseMessage<z.ZodType<OrderFact["body"]>>(FACTS[facet].body, parseJson(message.text));
  if (!parsed.success || parsed.data.proposalId !== proposalId) return undefined;
  // The id of the body, not of the subject: that one is a piece of the message's headers, and would keep them all in memory.
  return { sequence: message.sequence, account, proposalId: parsed.data.proposalId, facet, body: parsed.data };
}
