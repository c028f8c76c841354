import type { Clock, Timer } from "@countersign/clock/clock";
import { utcText } from "@countersign/clock/clock";
import type { Logger } from "@countersign/log/logger";
import { IbConnection } from "./ib-connection.ts";
import { linkMeaningOf } from "./link-codes.ts";
import type { RateLimiter } from "./rate-limiter.ts";
import { Watchdog } from "./watchdog.ts";
import type { BrokerEvent } from "./wire.ts";

export type LinkState = "down" | "connecting" | "reconciling" | "up";

export interface LinkSettings {
  readonly host: string;
  readonly port: number;
  readonly clientId: number;
  /** From the first byte until TWS has named the next order id. */
  readonly connectDeadlineMs: number;
  /** Silence after which the connection is thrown away. */
  readonly silenceMaxMs: number;
  /** Waits between two tries, the last one for ever after. */
  readonly backOffMs: readonly number[];
  /** Wait after TWS said that our client id is taken. */
  readonly clientIdTakenMs: number;
  /** False: a TWS that manages such an account is left at once. */
  readonly acceptsAccount: (account: string) => boolean;
}

export interface LinkListeners {
  onEvent(event: BrokerEvent): void;
  /** TWS can be asked again; whoever listens reconciles and then calls `markUp` with this epoch. */
  onReconcile(epoch: number): void;
  /** What was on its way may be lost. */
  onLost(reason: string): void;
}

/**
 * Keeps one connection to TWS alive: a new one after every drop, from a timer, with growing waits. The epoch moves with
 * every change that could have swallowed a message; whoever sends an order compares it.
 */
export class Link {
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #settings: LinkSettings;
  readonly #limiter: RateLimiter;
  readonly #watchdog: Watchdog;
  #listeners: LinkListeners | undefined;
  #connection: IbConnection | undefined;
  #timer: Timer | undefined;
  #stopped = false;
  #state: LinkState = "down";
  #since: string;
  #detail = "not started";
  #epoch = 0;
  #failures = 0;
  #clientIdTaken = false;
  /** TWS said that it lost its servers and not yet that it has them again. */
  #frozen = false;
  #accounts: readonly string[] = [];

  constructor(deps: { clock: Clock; log: Logger; limiter: RateLimiter }, settings: LinkSettings) {
    this.#clock = deps.clock;
    this.#log = deps.log;
    this.#limiter = deps.limiter;
    this.#settings = settings;
    this.#since = utcText(deps.clock.nowMs());
    this.#watchdog = new Watchdog(deps.clock, {
      silenceMaxMs: settings.silenceMaxMs,
      probe: () => void this.#limiter.take("order").then(() => this.connection()?.requestCurrentTime()),
      onSilence: () => this.#connection?.end(`TWS was silent for ${settings.silenceMaxMs} ms`),
    });
  }

  get state(): LinkState {
    return this.#state;
  }
  get since(): string {
    return this.#since;
  }
  get detail(): string {
    return this.#detail;
  }
  get epoch(): number {
    return this.#epoch;
  }
  get clientId(): number {
    return this.#settings.clientId;
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
  connection(): IbConnection | undefined {
    return this.#connection?.ready ? this.#connection : undefined;
  }

  /** Everything that happened while we could not look has been read. Ignored when the epoch has moved on. */
  markUp(epoch: number): void {
    if (epoch !== this.#epoch || this.#state !== "reconciling") return;
    this.#failures = 0;
    this.#set("up", "reconciled");
  }

  /** Throws the connection away; the next one is made from a timer. */
  drop(reason: string): void {
    this.#connection?.end(reason);
  }

  #connect(): void {
    if (this.#stopped) return;
    this.#accounts = [];
    this.#clientIdTaken = false;
    this.#frozen = false;
    this.#set("connecting", "");
    const { host, port, clientId, connectDeadlineMs } = this.#settings;
    const connection: IbConnection = new IbConnection(
      { host, port },
      { onEvent: (event) => this.#take(event), onEnd: (reason) => this.#ended(connection, reason) },
    );
    this.#connection = connection;
    this.#timer = this.#clock.setTimeout(() => {
      if (!connection.ready) connection.end(`TWS did not answer within ${connectDeadlineMs} ms`);
    }, connectDeadlineMs);
    connection.open(clientId);
  }

  #ended(connection: IbConnection, reason: string): void {
    if (this.#connection !== connection) return;
    this.#connection = undefined;
    this.#timer?.cancel();
    this.#watchdog.stop();
    this.#set("down", this.#clientIdTaken ? "the client id is in use at TWS" : reason);
    this.#listeners?.onLost(reason);
    if (this.#stopped) return;
    const { backOffMs, clientIdTakenMs } = this.#settings;
    const delayMs = backOffMs[Math.min(this.#failures, backOffMs.length - 1)] ?? 1_000;
    this.#failures += 1;
    // Never from inside the library's own handler: that would leave two sockets on one object.
    this.#timer = this.#clock.setTimeout(
      () => this.#connect(),
      this.#clientIdTaken ? Math.max(delayMs, clientIdTakenMs) : delayMs,
    );
  }

  #take(event: BrokerEvent): void {
    this.#watchdog.heard();
    if (event.kind === "accounts") this.#takeAccounts(event.accounts);
    if (event.kind === "notice") this.#takeNotice(event.code, event.text);
    this.#listeners?.onEvent(event);
    if (event.kind === "nextOrderId" && this.#state === "connecting") {
      this.#timer?.cancel();
      this.#watchdog.start();
      if (this.#frozen) this.#set("reconciling", "TWS has no servers");
      else this.#reconcile("connected");
    }
  }

  #takeAccounts(accounts: readonly string[]): void {
    const refused = accounts.some((account) => !this.#settings.acceptsAccount(account));
    if (refused) this.#connection?.end("TWS manages an account that this mode does not accept");
    else this.#accounts = accounts;
  }

  #takeNotice(code: number, text: string): void {
    const meaning = linkMeaningOf(code);
    if (meaning !== "information") this.#log.warn({ code, untrusted: text, meaning }, "notice of TWS");
    if (meaning === "clientIdTaken") this.#clientIdTaken = true;
    if (meaning === "ended") this.#connection?.end(`TWS ${code}`);
    const opened = this.#state === "reconciling" || this.#state === "up";
    if (meaning === "frozen") {
      this.#frozen = true;
      if (opened) this.#freeze(`TWS lost its servers (${code})`);
    }
    if (meaning === "restored") this.#frozen = false;
    const asks = meaning === "restored" || (meaning === "unreadable" && !this.#frozen);
    if (asks && opened) this.#reconcile(`TWS ${code}`);
  }

  #freeze(why: string): void {
    this.#set("reconciling", why);
    this.#listeners?.onLost(why);
  }

  #reconcile(why: string): void {
    this.#set("reconciling", why);
    this.#listeners?.onReconcile(this.#epoch);
  }

  #set(state: LinkState, detail: string): void {
    if (state !== "up") this.#epoch += 1;
    this.#state = state;
    this.#detail = detail;
    this.#since = utcText(this.#clock.nowMs());
    this.#log.info({ state, detail, epoch: this.#epoch }, "link to TWS");
  }
}
