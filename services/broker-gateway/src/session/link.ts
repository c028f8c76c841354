import type { Clock, Timer } from "@countersign/clock/clock";
import { ibCode, linkBehaviourOf } from "@countersign/contracts/ib-codes";
import type { Logger } from "@countersign/log/logger";
import { ClientIdTurns } from "./client-ids.ts";
import type { Connection } from "./connection.ts";
import { FaultLog } from "./fault-log.ts";
import { holdOf } from "./hold.ts";
import { LinkFacts } from "./link-facts.ts";
import { LinkRecord } from "./link-record.ts";
import {
  type Hold,
  type LinkDeps,
  type LinkEnd,
  type LinkListeners,
  type LinkSettings,
  type LinkState,
  linkEndOf,
  UNREADABLE,
  waitMs,
} from "./link-types.ts";
import type { RateLimiter } from "./rate-limiter.ts";
import { Watchdog } from "./watchdog.ts";
import type { BrokerEvent } from "./wire.ts";

const UNREADABLE_MAX = 20;
const SLOW_DOWN_MS = 1_000;

/**
 * Keeps one connection to TWS alive: a new one after every drop, from a timer, with growing waits. The epoch moves with
 * every change that could have swallowed a message; whoever sends an order compares it.
 */
export class Link {
  readonly facts: LinkFacts;
  readonly faults: FaultLog;
  readonly record: LinkRecord;
  readonly turns: ClientIdTurns;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #settings: LinkSettings;
  readonly #limiter: RateLimiter;
  readonly #deps: LinkDeps;
  readonly #watchdog: Watchdog;
  #listeners: LinkListeners | undefined;
  #connection: Connection | undefined;
  #timer: Timer | undefined;
  #stopped = false;
  #unreadable = 0;
  /** Why the connection is about to be ended; undefined: nobody has said so. */
  #ending: LinkEnd | undefined;
  #reconciledAtMs: number | undefined;
  #accounts: readonly string[] = [];

  constructor(deps: LinkDeps, settings: LinkSettings) {
    this.#clock = deps.clock;
    this.#log = deps.log;
    this.#limiter = deps.limiter;
    this.#deps = deps;
    this.#settings = settings;
    this.turns = new ClientIdTurns(settings.clientIds);
    this.facts = new LinkFacts(deps.clock);
    this.faults = new FaultLog(deps.clock);
    this.record = new LinkRecord(deps.clock, deps.log);
    this.#watchdog = new Watchdog(deps.clock, {
      silenceMaxMs: settings.silenceMaxMs,
      probe: () => void this.#limiter.take("order").then(() => this.connection()?.requestCurrentTime()),
      onSilence: () => this.#endBecause("silent", `TWS did not answer for ${settings.silenceMaxMs} ms`),
    });
  }

  get state(): LinkState {
    return this.record.state;
  }
  get detail(): string {
    return this.record.detail;
  }
  get epoch(): number {
    return this.record.epoch;
  }
  /** Under which orders are sent, on this connection or on another. */
  get clientId(): number {
    return this.#settings.clientIds.orders;
  }
  /** Under which this connection reads; null: there is none. */
  get connectedAs(): number | null {
    return this.connection() === undefined ? null : this.turns.clientId;
  }
  /** What TWS says goes for orders too: this connection has the id they are sent under. */
  get ownsOrders(): boolean {
    return this.connectedAs === this.clientId;
  }
  get serverVersion(): number | null {
    return this.#connection?.serverVersion ?? null;
  }
  /** Accounts that TWS manages; empty until it has said so on this connection. */
  get accounts(): readonly string[] {
    return this.#accounts;
  }
  /** Monotonic ms of the last word of TWS; minus infinity before the first. */
  get heardAtMs(): number {
    return this.#watchdog.heardAtMs;
  }

  start(listeners: LinkListeners): void {
    this.#listeners = listeners;
    this.#connect();
  }

  stop(): void {
    this.#stopped = true;
    this.#timer?.cancel();
    this.#connection?.end("the gateway stops");
  }

  /** The connection, if commands may be given on it now. */
  connection(): Connection | undefined {
    return this.#connection?.ready ? this.#connection : undefined;
  }

  /** What stands against submitting now; undefined: nothing. */
  hold(): Hold | undefined {
    return holdOf({
      ...{
        state: this.state,
        detail: this.detail,
        stuck: this.turns.stuck,
        connected: this.connection() !== undefined,
      },
      ...{ nowMs: this.#clock.nowMs(), writer: this.#deps.writer, windows: this.#settings.windows },
      times: { upSinceMs: this.record.sinceMs, reconciledAtMs: this.#reconciledAtMs },
      apiReadOnly: this.facts.readOnly,
    });
  }

  /** Everything that happened while we could not look has been read. Ignored when the epoch has moved on. */
  markUp(epoch: number): void {
    if (epoch !== this.record.epoch || this.record.state !== "reconciling") return;
    this.record.failures = 0;
    this.markReconciled();
    this.record.set("up", this.turns.readOnly ?? "reconciled");
    if (this.turns.readOnly === undefined) return;
    this.#timer?.cancel();
    const over = () => this.#endBecause("fallbackOver", "the client id for orders is tried again");
    this.#timer = this.#clock.setTimeout(over, this.#settings.clientIdTakenMs);
  }

  /** A complete reading while the link was up. */
  markReconciled(): void {
    this.#reconciledAtMs = this.#clock.nowMs();
  }

  /** Throws the connection away; the next one is made from a timer. */
  drop(reason: string): void {
    this.#connection?.end(reason);
  }

  #connect(): void {
    if (this.#stopped) return;
    this.#accounts = [];
    this.#ending = undefined;
    this.record.frozen = false;
    this.#unreadable = 0;
    this.facts.clear();
    this.#limiter.restart();
    this.record.set(
      "connecting",
      this.record.failures === 0 ? "" : `try ${this.record.failures + 1}, after: ${this.record.detail}`,
    );
    const { connectDeadlineMs } = this.#settings;
    const connection: Connection = this.#deps.connect(
      this.turns.readOnly,
      {
        onEvent: (event) => this.#take(event),
        onFault: (what) => this.#unread(UNREADABLE, what),
        onEnd: (reason) => this.#ended(connection, reason),
      },
      this.#settings.recording?.tap(),
    );
    this.#connection = connection;
    this.#timer = this.#clock.setTimeout(() => {
      if (!connection.ready) connection.end(`TWS did not answer within ${connectDeadlineMs} ms`);
    }, connectDeadlineMs);
    connection.open(this.turns.clientId);
  }

  #ended(connection: Connection, reason: string): void {
    if (this.#connection !== connection) return;
    this.#connection = undefined;
    this.#timer?.cancel();
    this.#watchdog.stop();
    this.record.lastEnd = this.#ending ?? linkEndOf(connection.wasReady, reason);
    const rests = this.turns.ended(this.record.lastEnd);
    this.record.set("down", this.turns.stuck?.reason ?? reason);
    this.#listeners?.onLost(reason);
    if (this.#stopped) return;
    const { backOffMs, clientIdTakenMs } = this.#settings;
    const delayMs = waitMs(backOffMs, this.record.failures, this.#deps.random);
    if (this.record.lastEnd !== "fallbackOver") this.record.failures += 1;
    // Never from inside the library's own handler: that would leave two sockets on one object.
    this.#timer = this.#clock.setTimeout(() => this.#connect(), rests ? Math.max(delayMs, clientIdTakenMs) : delayMs);
  }

  #endBecause(why: LinkEnd, reason: string): void {
    this.#ending = why;
    this.#connection?.end(reason);
  }

  #take(event: BrokerEvent): void {
    this.#watchdog.heard();
    if (event.kind === "currentTime") this.#watchdog.answered();
    if (event.kind === "nextOrderId") this.turns.accepted();
    if (event.kind === "accounts") this.#takeAccounts(event.accounts);
    if (event.kind === "notice" || event.kind === "error") this.#takeCode(event);
    this.facts.see(event);
    this.#listeners?.onEvent(event);
    if (event.kind === "nextOrderId" && this.record.state === "connecting") {
      this.#timer?.cancel();
      this.#watchdog.start();
      if (this.record.frozen) this.record.set("reconciling", "TWS has no servers");
      else this.#reconcile("connected");
    }
  }

  #takeAccounts(accounts: readonly string[]): void {
    const refused = accounts.some((account) => !this.#settings.acceptsAccount(account));
    if (refused) this.#endBecause("refused", "TWS manages an account that this mode does not accept");
    else this.#accounts = accounts;
  }

  #takeCode({ kind, code, text }: Extract<BrokerEvent, { kind: "notice" | "error" }>): void {
    const behaviour = linkBehaviourOf(code, text);
    if (behaviour !== "noted") this.#log.warn({ code, untrusted: text, behaviour }, "TWS about the link");
    this.facts.take(behaviour, text);
    const change = this.facts.farms.take(code, behaviour, text);
    if (change !== undefined) this.#listeners?.onFarm(change.farm, change.before);
    if (ibCode(code) === undefined && kind === "notice") this.#fault(code, text);
    switch (behaviour) {
      case "clientIdTaken":
        // TWS says it in place of a session; later it would be about somebody else.
        if (!this.#opened) this.#ending = "clientIdTaken";
        return;
      case "ended":
        this.#connection?.end(`TWS ${code}: ${text}`);
        return;
      case "frozen":
        this.#freeze(`TWS lost its servers (${code})`);
        return;
      case "restoredDataLost":
      case "restoredDataKept":
        this.record.frozen = false;
        if (this.#opened) this.#reconcile(`TWS ${code}`);
        return;
      case "unreadable":
        this.#unread(code, text);
        return;
      case "slowDown":
        this.#fault(code, text);
        this.#limiter.pauseReads(SLOW_DOWN_MS);
        return;
      default:
        return;
    }
  }

  #fault(code: number | null, text: string): void {
    const first = this.faults.add(code, text);
    this.#log.error({ code, untrusted: text }, "fault on the link to TWS");
    this.#listeners?.onFault({ code, text, first });
  }

  /** A message was lost. What it said can be read again, unless everything is lost like this. */
  #unread(code: number | null, text: string): void {
    this.#fault(code, text);
    this.#unreadable += 1;
    if (this.#unreadable > UNREADABLE_MAX) this.#connection?.end(`${this.#unreadable} messages could not be read`);
    else if (this.#opened) {
      // Whoever waits may have waited for just this message, and a list without it would pass for complete.
      this.#listeners?.onLost(`a message could not be read: ${text}`.slice(0, 300));
      if (!this.record.frozen) this.#reconcile("a message could not be read");
    }
  }

  #freeze(why: string): void {
    this.record.frozen = true;
    if (!this.#opened) return;
    this.record.set("reconciling", why);
    this.#listeners?.onLost(why);
  }

  get #opened(): boolean {
    return this.record.state === "reconciling" || this.record.state === "up";
  }

  #reconcile(why: string): void {
    this.record.set("reconciling", why);
    this.#listeners?.onReconcile(this.record.epoch);
  }
}
