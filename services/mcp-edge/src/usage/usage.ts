import type { Clock } from "@countersign/clock/clock";
import { Fault } from "@countersign/contracts/denial";
import type { AgentUsage, EdgeUsage } from "@countersign/contracts/messages/edge-usage.v1";
import { endOf, type Now, type Refusal, reopened, reserveOfAgent, reserveOfAll } from "./reserve.ts";
import type { UsageConfig } from "./usage-config.ts";

const TRIES_MAX = 8;
const MINUTE_MS = 60_000;

/** One kept document: read, and written only over what was read. */
export interface Kept<T> {
  /** The same for the same document. */
  readonly name: string;
  read(): Promise<{ readonly sequence: number; readonly usage: T | undefined }>;
  write(
    usage: T,
    expectedSequence: number,
  ): Promise<{ outcome: "appended"; sequence: number } | { outcome: "conflict" }>;
}

export interface UsageStore {
  agent(id: string): Kept<AgentUsage>;
  readonly all: Kept<EdgeUsage>;
}

/** Calls that are written down already and not used yet; they end with their minute. */
interface Block {
  calls: number;
  readonly minute: number;
}

/**
 * Counts the calls of agents beyond the life of this process and of every connection. Whatever is called was written down
 * before; with several edges each writes down its own, over one another's. Only time gives calls back.
 */
export class Usage {
  readonly #clock: Clock;
  readonly #config: UsageConfig;
  readonly #store: UsageStore;
  readonly #blocks = new Map<string, Block>();
  /** One writer in this process for each kept document: its calls would else write over one another's. */
  readonly #turns = new Map<string, Promise<unknown>>();
  readonly #dates: Intl.DateTimeFormat;

  constructor(given: { clock: Clock; config: UsageConfig; store: UsageStore }) {
    this.#clock = given.clock;
    this.#config = given.config;
    this.#store = given.store;
    const timeZone = given.config.sessionZone;
    this.#dates = new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" });
  }

  /** One call; undefined: it may be made. Throws a Fault when it cannot be written down: then nothing may. */
  async take(agent: string, tool: string): Promise<Refusal | undefined> {
    const own = await this.#takeFrom(`${agent} ${tool}`, this.#store.agent(agent), (usage, now) =>
      reserveOfAgent(usage, tool, this.#config, now),
    );
    if (own !== undefined) return own;
    return this.#takeFrom("all", this.#store.all, (usage, now) => reserveOfAll(usage, this.#config, now));
  }

  /**
   * Lets the agent go on whose session has ended, for as long as a session lasts, when `record` has it; it is asked once.
   * Undefined: it has not ended. Throws what `record` throws, and a Fault when it cannot be written down.
   */
  reopen(agent: string, record: () => Promise<unknown>): Promise<{ date: string; endsAtMs: number } | undefined> {
    const kept = this.#store.agent(agent);
    return this.#inTurn(kept.name, () => this.#reopen(kept, record));
  }

  async #reopen(
    kept: Kept<AgentUsage>,
    record: () => Promise<unknown>,
  ): Promise<{ date: string; endsAtMs: number } | undefined> {
    let isRecorded = false;
    for (let count = 0; count < TRIES_MAX; count += 1) {
      const { sequence, usage } = await kept.read();
      const again = reopened(usage, this.#config, this.#now());
      if (again === undefined) return undefined;
      // Another edge may write meanwhile: the person has still said it once.
      if (!isRecorded) await record();
      isRecorded = true;
      if ((await kept.write(again, sequence)).outcome === "conflict") continue;
      return { date: again.session.date, endsAtMs: endOf(again.session, this.#config) };
    }
    throw new Fault("BUSY", "the session moved at every try");
  }

  async #takeFrom<T>(key: string, kept: Kept<T>, reserve: Reserve<T>): Promise<Refusal | undefined> {
    if (this.#use(key)) return undefined;
    return this.#inTurn(kept.name, async () => (this.#use(key) ? undefined : this.#reserve(key, kept, reserve)));
  }

  async #inTurn<R>(name: string, write: () => Promise<R>): Promise<R> {
    const turn = (this.#turns.get(name) ?? Promise.resolve()).then(write);
    const settled = turn.catch(() => undefined);
    this.#turns.set(name, settled);
    try {
      return await turn;
    } finally {
      if (this.#turns.get(name) === settled) this.#turns.delete(name);
    }
  }

  #use(key: string): boolean {
    const block = this.#blocks.get(key);
    if (block === undefined || block.calls === 0 || block.minute !== this.#minute()) return false;
    block.calls -= 1;
    return true;
  }

  async #reserve<T>(key: string, kept: Kept<T>, reserve: Reserve<T>): Promise<Refusal | undefined> {
    for (let count = 0; count < TRIES_MAX; count += 1) {
      const { sequence, usage } = await kept.read();
      const minute = this.#minute();
      const found = reserve(usage, this.#now());
      if ("refused" in found) return found;
      const written = await kept.write(found.usage, sequence);
      if (written.outcome === "conflict") continue;
      this.#blocks.set(key, { calls: found.calls - 1, minute });
      return undefined;
    }
    throw new Fault("BUSY", "the count of calls moved at every try");
  }

  #now(): Now {
    const nowMs = this.#clock.nowMs();
    return { nowMs, date: this.#dates.format(nowMs) };
  }

  #minute(): number {
    return Math.floor(this.#clock.nowMs() / MINUTE_MS);
  }
}

type Reserve<T> = (usage: T | undefined, now: Now) => { readonly usage: T; readonly calls: number } | Refusal;
