import type { Bus } from "@countersign/bus/bus";
import type { ControlView } from "@countersign/bus/control-view";
import type { Tripwire } from "@countersign/bus/tripwire";
import { type Clock, parseUtcText, type Timer, utcText } from "@countersign/clock/clock";
import { BROKER_READS } from "@countersign/contracts/broker-reads";
import type { AccountMarks } from "@countersign/contracts/control";
import { FACTS, RPCS } from "@countersign/contracts/subjects";
import { decimal, subtract, toText } from "@countersign/money/decimal";
import { type Judged, judgeMarks, nextMarks } from "./marks.ts";
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
    const dayStart =
      stored.marks?.session === session ? stored.marks.dayStart : await this.#dayStart(account, netLiquidation.amount);
    const now = { session, dayStart, value: netLiquidation, rebaseAfter: this.#resetDrawdown(account) };
    const marks = nextMarks(stored.marks, now, utcText(clock.nowMs()));
    if (marks !== stored.marks) await this.#store(account, stored.sequence, marks);
    return judgeMarks(marks, netLiquidation.amount, config);
  }

  /** By the broker's own reckoning, so that a start in the middle of the day hides no loss. */
  async #dayStart(account: string, value: string): Promise<string> {
    const reply = await this.#deps.bus.request(BROKER_READS.pnl, { account, modelCode: null });
    if (reply.outcome === "denied") throw new Error(reply.denial.message);
    if (reply.value.daily === null) throw new Error("the broker gave no profit and loss of the day");
    return toText(subtract(decimal(value), decimal(reply.value.daily)));
  }

  async #stored(account: string): Promise<Stored> {
    const last = await this.#deps.bus.readLast(FACTS.accountMarks, { account });
    return { sequence: last?.sequence ?? 0, marks: last?.body };
  }

  async #store(account: string, expectedSequence: number, marks: AccountMarks): Promise<void> {
    const result = await this.#deps.bus.append(FACTS.accountMarks, { account }, marks, { expectedSequence });
    if (result.outcome === "conflict") throw new Error("another gate keeps the marks of this account");
  }

  /** Sequence of the newest drawdown that a person reset; 0: none. */
  #resetDrawdown(account: string): number {
    const key = `risk-gate.drawdown.account.${account}`;
    const found = this.#deps.view.trips().find((one) => one.key === key);
    return found?.level === "NONE" ? found.sequence : 0;
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

/** Calendar date in the zone of the session. */
export function sessionOf(timeZone: string, nowMs: number): string {
  return new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" }).format(
    nowMs,
  );
}
