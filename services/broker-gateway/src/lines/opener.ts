import { Fault } from "@countersign/contracts/denial";
import type { Instrument } from "@countersign/contracts/instrument";
import { WHY_CHARS_MAX } from "@countersign/contracts/messages/md-streams.v1";
import type { Contracts } from "../reads/contracts.ts";
import { Refusal } from "../reads/refusal.ts";
import { Competing } from "./competing.ts";
import type { Entry, Line } from "./line.ts";
import { type OpenDeps, openLine } from "./open-line.ts";

export interface OpenerDeps extends OpenDeps {
  readonly contracts: Contracts;
  /** How often one line asks whether the session of another has ended. */
  readonly probeEveryMs: number;
}

/** What the opener asks of whoever owns the lines. */
export interface OpenerHooks {
  makeRoom(entry: Entry): void;
  /** TWS has no room for one more. False: none can be made. */
  noRoom(): boolean;
  /** The line left for TWS. */
  sent(entry: Entry, line: Line): void;
  drop(entry: Entry): void;
}

const TRIES_MAX = 3;
const AGAIN_AFTER_MS = [250, 1_000] as const;
const RETRY_AFTER_MS = [1_000, 5_000, 30_000, 60_000] as const;
/** So long an instrument without a subscription is asked for delayed; then live is tried once more. */
const DELAYED_FOR_MS = 300_000;
/** Another session of the same user holds the live data. */
const COMPETING = 10197;

/** Opens lines, and does what the codes of TWS call for when one is refused. */
export class Opener {
  readonly competing: Competing;
  readonly #deps: OpenerDeps;
  readonly #hooks: OpenerHooks;
  /** Lines that wait for their turn to be asked for. */
  #queued = 0;

  constructor(deps: OpenerDeps, hooks: OpenerHooks) {
    this.#deps = deps;
    this.#hooks = hooks;
    this.competing = new Competing(deps.clock, deps.probeEveryMs);
  }

  get queued(): number {
    return this.#queued;
  }

  /** Resolves when the line has spoken. Throws what it was refused with in the end; the entry then says when to try again. */
  async open(entry: Entry): Promise<void> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        await this.#once(entry);
        entry.failure = null;
        entry.tries = 0;
        return;
      } catch (error) {
        this.#hooks.drop(entry);
        if (attempt < TRIES_MAX - 1 && (await this.#remedied(entry, error, attempt))) continue;
        this.#failed(entry, error);
        throw error;
      }
    }
  }

  /** TWS ended a line that was open. */
  ended(entry: Entry, failure: Refusal): void {
    if (failure.behaviour === "delayed" && entry.line?.delayed === false) this.#delay(entry, failure);
    else if (entry.rank !== undefined) this.#failed(entry, failure);
    this.#hooks.drop(entry);
  }

  /** Live data is worth asking for, as far as is known. */
  mayBeLive({ delay }: Entry): boolean {
    if (delay === undefined) return true;
    if (delay.kind === "subscription") return delay.untilMs <= this.#deps.clock.monotonicMs();
    return !this.competing.holds || this.competing.probeIsDue;
  }

  async #once(entry: Entry): Promise<void> {
    this.#queued += 1;
    let waits = true;
    const leave = () => {
      if (waits) this.#queued -= 1;
      waits = false;
    };
    try {
      const instrument = entry.instrument ?? (await this.#describe(entry));
      this.#hooks.makeRoom(entry);
      const delayed = this.#deps.marketData === "live" && !this.#takesLive(entry);
      entry.askedDelayed = delayed;
      await openLine(this.#deps, { instrument, delayed }, (line) => {
        leave();
        this.#hooks.sent(entry, line);
      });
    } finally {
      leave();
    }
    if (entry.line === undefined) throw new Fault("BROKER_UNAVAILABLE", "the line was lost while it was opened");
    entry.ticks = entry.line.ticks;
    if (entry.askedDelayed || entry.delay === undefined) return;
    if (entry.delay.kind === "competing") this.competing.over();
    entry.delay = undefined;
  }

  async #describe(entry: Entry): Promise<Instrument> {
    const contract = await this.#deps.contracts.byConid(entry.conid);
    if (contract.outcome === "denied") throw new Fault("MARKET_DATA_UNAVAILABLE", contract.denial.code);
    entry.instrument = contract.value.instrument;
    return contract.value.instrument;
  }

  /** Does what the code calls for. True: asking once more makes sense. */
  async #remedied(entry: Entry, error: unknown, attempt: number): Promise<boolean> {
    if (!(error instanceof Refusal)) return false;
    if (error.behaviour === "makeRoom") return this.#hooks.noRoom();
    if (error.behaviour === "delayed") {
      const first = this.#deps.marketData === "live" && !entry.askedDelayed;
      this.#delay(entry, error);
      return first;
    }
    if (error.behaviour !== "resubscribe") return false;
    await this.#deps.clock.sleep(AGAIN_AFTER_MS[attempt] ?? 1_000);
    return true;
  }

  #delay(entry: Entry, { code, message }: Refusal): void {
    const competing = code === COMPETING;
    if (competing) this.competing.seen();
    const why = competing ? `TWS or a mobile app is open with the same user; ${message}` : message;
    const untilMs = this.#deps.clock.monotonicMs() + DELAYED_FOR_MS;
    entry.delay = { kind: competing ? "competing" : "subscription", code, why: why.slice(0, WHY_CHARS_MAX), untilMs };
  }

  /** Whether the line that asks now asks for live data: of a competing session one at a time finds out. */
  #takesLive(entry: Entry): boolean {
    const may = this.mayBeLive(entry);
    if (may && entry.delay?.kind === "competing") this.competing.probing();
    return may;
  }

  #failed(entry: Entry, error: unknown): void {
    // Not the line's fault: it is opened as soon as the link is up.
    if (error instanceof Fault && error.code === "BROKER_UNAVAILABLE") return;
    const why = (error instanceof Error ? error.message : String(error)).slice(0, WHY_CHARS_MAX);
    entry.failure = { code: error instanceof Refusal ? error.code : null, why };
    entry.retryAtMs = this.#deps.clock.monotonicMs() + (RETRY_AFTER_MS[entry.tries] ?? 60_000);
    entry.tries += 1;
  }
}
