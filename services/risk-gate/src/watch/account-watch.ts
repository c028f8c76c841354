import type { Bus } from "@countersign/bus/bus";
import type { ControlView } from "@countersign/bus/control-view";
import type { Tripwire } from "@countersign/bus/tripwire";
import { type Clock, parseUtcText, type Timer, utcText } from "@countersign/clock/clock";
import { BROKER_READS } from "@countersign/contracts/broker-reads";
import type { AccountMarks } from "@countersign/contracts/control";
import { FACTS, RPCS } from "@countersign/contracts/subjects";
import { toText, ZERO } from "@countersign/money/decimal";
import { type Fact, known, missing } from "../facts/fact.ts";
import type { Flow } from "./cash-flow.ts";
import { Looks } from "./looks.ts";
import { type Judged, judgeMarks, nextMarks } from "./marks.ts";
import { sessionOf } from "./session.ts";
import type { WatchConfig } from "./watch-config.ts";

export interface AccountWatchDeps {
  readonly bus: Pick<Bus, "request" | "append" | "readLast">;
  readonly view: Pick<ControlView, "trips">;
  readonly wire: Pick<Tripwire<"risk-gate">, "trip" | "withdraw">;
  readonly clock: Clock;
  /** By the policy in force. */
  readonly accounts: () => readonly string[];
  readonly config: WatchConfig;
  readonly onMissing: (account: string, error: unknown) => void;
}

interface Stored {
  readonly sequence: number;
  readonly marks: AccountMarks | undefined;
}

/**
 * Holds each account's value against its value at the start of the day and against its highest ever. Values that cannot
 * be had stop approvals by policy, and after a bound everything that does not reduce.
 */
export class AccountWatch {
  readonly #deps: AccountWatchDeps;
  /** Monotonic ms of the last good look at each account. */
  readonly #goodAtMs = new Map<string, number>();
  readonly #marks = new Map<string, { readonly marks: AccountMarks; readonly at: string; readonly pending: string }>();
  readonly #looks = new Map<string, Looks>();
  readonly #failures = new Map<string, string>();
  readonly #openedAtMs: number;
  readonly #timer: Timer;
  #looking: Promise<void> | undefined;

  constructor(deps: AccountWatchDeps) {
    this.#deps = deps;
    this.#openedAtMs = deps.clock.monotonicMs();
    this.#timer = deps.clock.setInterval(() => void this.look(), deps.config.everyMs);
    void this.look();
  }

  /** One look at every account; concurrent calls share it. */
  look(): Promise<void> {
    const { accounts } = this.#deps;
    this.#looking ??= Promise.all(accounts().map((account) => this.#lookAt(account)))
      .then(() => undefined)
      .finally(() => {
        this.#looking = undefined;
      });
    return this.#looking;
  }

  /** What the losses of the account are held against; looked for now when the last good look is too long ago. */
  async facts(account: string): Promise<Fact<AccountMarks>> {
    if (!this.#isFresh(account)) await this.look();
    const found = this.#marks.get(account);
    if (found === undefined || !this.#isFresh(account))
      return missing(`no values of the account: ${this.#failures.get(account) ?? "it is not watched"}`);
    if (found.pending !== "0")
      return missing(`the account is worth ${found.pending} more, and it is not certain yet whether that was earned`);
    return known(found.marks, "control", found.at);
  }

  #isFresh(account: string): boolean {
    const { clock, config } = this.#deps;
    return clock.monotonicMs() - (this.#goodAtMs.get(account) ?? Number.NEGATIVE_INFINITY) < config.staleAfterMs;
  }

  stop(): void {
    this.#timer.cancel();
  }

  async #lookAt(account: string): Promise<void> {
    const { wire, clock, onMissing } = this.#deps;
    const scope = `account.${account}` as const;
    try {
      const judged = await this.#judge(account);
      this.#goodAtMs.set(account, clock.monotonicMs());
      wire.withdraw("account-values", scope, "the values of the account are there again");
      for (const one of judged) wire.trip({ ...one, scope });
    } catch (error) {
      this.#failures.set(account, String(error));
      onMissing(account, error);
      this.#missing(account, error);
    }
  }

  async #judge(account: string): Promise<Judged[]> {
    const { bus, clock, config } = this.#deps;
    const reply = await bus.request(RPCS.summary, { account });
    if (reply.outcome === "denied") throw new Error(reply.denial.message);
    const { netLiquidation, asOf } = reply.value;
    const ageMs = clock.nowMs() - parseUtcText(asOf);
    if (ageMs > config.staleAfterMs) throw new Error(`the values of the account are ${Math.round(ageMs)} ms old`);
    const stored = await this.#stored(account);
    const session = sessionOf(config.sessionZone, clock.nowMs());
    const pnl = await this.#pnl(account);
    const { daily } = pnl;
    const { amount } = netLiquidation;
    const isSameDay = stored.marks?.session === session;
    if (daily === null && !isSameDay) throw new Error("the broker gave no profit and loss of the day");
    const at = utcText(clock.nowMs());
    const looks = this.#looksAt(account);
    const since = { marks: stored.marks, session, isAway: !this.#isFresh(account) };
    const look = { value: amount, ...pnl, daily: daily ?? "0", at };
    // By the broker's own reckoning, so that a start in the middle of the day hides no loss.
    const dayStart = isSameDay ? stored.marks.dayStart : toText(looks.dayStart(look, since));
    const moved = daily === null ? { flow: NO_FLOW, whileAway: ZERO } : looks.moved(look, since);
    const resets = { rebaseAfter: this.#reset(account, ["drawdown"]), resetAfter: this.#reset(account, LOSSES) };
    const now = { session, monday: mondayOf(session), dayStart, value: netLiquidation, ...moved, ...resets };
    const marks = looks.withSeen(nextMarks(stored.marks, now, at), stored.marks);
    if (marks !== stored.marks) await this.#store(account, stored.sequence, marks);
    this.#marks.set(account, { marks, at, pending: toText(looks.uncertain(now.flow)) });
    return judgeMarks(marks, amount, config);
  }

  #looksAt(account: string): Looks {
    const found = this.#looks.get(account) ?? new Looks(this.#deps.config);
    this.#looks.set(account, found);
    return found;
  }

  /** null: the broker gives none now. */
  async #pnl(account: string) {
    const reply = await this.#deps.bus.request(BROKER_READS.pnl, { account, modelCode: null });
    if (reply.outcome === "denied") throw new Error(reply.denial.message);
    const { daily, unrealized, realized } = reply.value;
    return { daily, unrealized, realized };
  }

  async #stored(account: string): Promise<Stored> {
    const last = await this.#deps.bus.readLast(FACTS.accountMarks, { account });
    return { sequence: last?.sequence ?? 0, marks: last?.body };
  }

  async #store(account: string, expectedSequence: number, marks: AccountMarks): Promise<void> {
    const result = await this.#deps.bus.append(FACTS.accountMarks, { account }, marks, { expectedSequence });
    if (result.outcome === "conflict") throw new Error("another gate keeps the marks of this account");
  }

  /** Sequence of the newest stop of these causes that a person reset; 0: none. */
  #reset(account: string, causes: readonly string[]): number {
    const keys = causes.map((cause) => `risk-gate.${cause}.account.${account}`);
    const found = this.#deps.view.trips().filter(({ key, level }) => keys.includes(key) && level === "NONE");
    return Math.max(0, ...found.map(({ sequence }) => sequence));
  }

  #missing(account: string, error: unknown): void {
    const { wire, clock, config } = this.#deps;
    const missingMs = Math.round(clock.monotonicMs() - (this.#goodAtMs.get(account) ?? this.#openedAtMs));
    if (missingMs < config.staleAfterMs) return;
    const level = missingMs >= config.reduceOnlyAfterMs ? "REDUCE_ONLY" : "AUTO_OFF";
    const reason = `no values of the account for ${missingMs} ms`;
    const evidence = { missingMs, error: String(error).slice(0, 200) };
    wire.trip({ cause: "account-values", scope: `account.${account}`, level, reason, evidence });
  }
}

const NO_FLOW: Flow = { confirmed: ZERO, pending: ZERO };
const LOSSES = ["daily-loss", "drawdown"];
const DAY_MS = 86_400_000;

/** Monday of the week of a calendar date. */
export function mondayOf(date: string): string {
  const startMs = parseUtcText(`${date}T00:00:00.000Z`);
  // 1970-01-01 was a Thursday.
  const sinceMonday = (Math.floor(startMs / DAY_MS) + 3) % 7;
  return utcText(startMs - sinceMonday * DAY_MS).slice(0, 10);
}
