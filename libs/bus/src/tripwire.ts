import { type Clock, type Timer, utcText } from "@countersign/clock/clock";
import type { AuditEntry } from "@countersign/contracts/audit";
import type { Fact } from "@countersign/contracts/contract-kinds";
import {
  type CancelOrders,
  type KillScope,
  killLevelOf,
  type Trip,
  type TripCause,
  type TripLevel,
  type TripService,
  type WithdrawableCause,
} from "@countersign/contracts/control";
import { TRIPS } from "@countersign/contracts/subjects";
import type { Bus } from "./bus.ts";
import type { BusLog } from "./connection.ts";
import { type OrderScopes, type Standing, scopeKeys, stricterTrip, strictestOf } from "./control-state.ts";
import type { ControlView } from "./control-view.ts";

const RETRY_EVERY_MS = 500;

export interface TripRequest<S extends TripService> {
  readonly cause: TripCause<S>;
  readonly scope: KillScope;
  readonly level: Exclude<TripLevel, "NONE">;
  readonly reason: string;
  readonly evidence: Readonly<Record<string, string | number>>;
  readonly cancelOrders?: CancelOrders;
  /** Also when one as strict stands there already, because this one is about something else. */
  readonly anew?: boolean;
}

interface Pending {
  readonly cause: string;
  readonly scope: string;
  readonly body: Trip;
  /** The audit was told that it was written. */
  recorded: boolean;
}

export interface TripwireDeps<S extends TripService> {
  readonly bus: Pick<Bus, "append">;
  readonly view: Pick<ControlView, "trips" | "refresh" | "onChange">;
  readonly clock: Clock;
  readonly log: BusLog;
  readonly service: S;
  /** Hands the record to the audit, now or later; the stop waits for no audit. */
  readonly record: (entry: AuditEntry) => void;
}

/**
 * A service's own stops. One that cannot be written yet counts in this process at once and is tried again until the
 * control stream has it. A trip never loosens one that holds; only a person's reset does.
 */
export class Tripwire<S extends TripService> {
  readonly #deps: TripwireDeps<S>;
  readonly #pending = new Map<string, Pending>();
  readonly #timer: Timer;
  #writing: Promise<void> | undefined;

  constructor(deps: TripwireDeps<S>) {
    this.#deps = deps;
    this.#timer = deps.clock.setInterval(() => this.#start(), RETRY_EVERY_MS);
  }

  /** Stops, if nothing as strict stands under this key already. */
  trip({ cause, scope, level, reason, evidence, cancelOrders, anew = false }: TripRequest<S>): void {
    if (!anew && stricterTrip(this.level(cause, scope), level) === this.level(cause, scope)) return;
    const at = utcText(this.#deps.clock.nowMs());
    const body: Trip = { type: "trip/1", level, reason: reason.slice(0, 500), evidence: listOf(evidence), at };
    this.#put(cause, scope, cancelOrders === undefined ? body : { ...body, cancelOrders });
  }

  /** What was missing is there again. Only for stops that say just that; others are a person's to reset. */
  withdraw(cause: TripCause<S> & WithdrawableCause, scope: KillScope, reason: string): void {
    if (this.level(cause, scope) === "NONE") return;
    const at = utcText(this.#deps.clock.nowMs());
    this.#put(cause, scope, { type: "trip/1", level: "NONE", reason, evidence: [], at });
  }

  /** What stands under one key, written or still to be written. */
  level(cause: TripCause<S>, scope: KillScope): TripLevel {
    const key = this.#key(cause, scope);
    const stored = this.#deps.view.trips().find((one) => one.key === key)?.level ?? "NONE";
    const pending = this.#pending.get(key)?.body.level;
    return pending === undefined ? stored : pending === "NONE" ? "NONE" : stricterTrip(stored, pending);
  }

  /** The strictest of what is not in the stream yet; undefined: nothing stops the order. */
  unwritten(scopes: OrderScopes): Standing | undefined {
    const bearing = scopeKeys(scopes);
    const found = [...this.#pending.values()].filter(({ scope }) => bearing.includes(scope));
    const level = strictestOf(found.map(({ body }) => killLevelOf(body.level)));
    const reason = found.find(({ body }) => killLevelOf(body.level) === level)?.body.reason ?? "";
    return level === "ACTIVE" ? undefined : { level, reason };
  }

  /** Resolves when nothing is being written any more. */
  async idle(): Promise<void> {
    await this.#writing;
  }

  close(): void {
    this.#timer.cancel();
  }

  #key(cause: string, scope: string): string {
    return `${this.#deps.service}.${cause}.${scope}`;
  }

  #put(cause: string, scope: string, body: Trip): void {
    this.#pending.set(this.#key(cause, scope), { cause, scope, body, recorded: false });
    this.#start();
  }

  #start(): void {
    if (this.#pending.size === 0) return;
    this.#writing ??= this.#writeAll().finally(() => {
      this.#writing = undefined;
    });
  }

  async #writeAll(): Promise<void> {
    for (const [key, pending] of [...this.#pending]) {
      try {
        await this.#write(key, pending);
      } catch (error) {
        this.#deps.log.error({ key, error: String(error) }, "a stop could not be written yet; it holds here");
      }
    }
  }

  async #write(key: string, pending: Pending): Promise<void> {
    const { bus, view, service, log } = this.#deps;
    const { cause, scope, body } = pending;
    const stored = () => view.trips().find((one) => one.key === key);
    // Perhaps an earlier try, whose answer was lost, stands there already.
    if (!sameTrip(stored()?.trip, body)) {
      const fact: Fact = TRIPS[service];
      const result = await bus.append(fact, { cause, scope }, body, { expectedSequence: stored()?.sequence ?? 0 });
      if (result.outcome === "appended") {
        log.error({ key, level: body.level, reason: body.reason }, "tripped");
        this.#tell(key, pending);
      }
      await view.refresh();
    }
    if (!sameTrip(stored()?.trip, body)) return;
    this.#tell(key, pending);
    if (this.#pending.get(key)?.body === body) this.#pending.delete(key);
  }

  /** To the audit, once, whichever try it was that wrote it. */
  #tell(key: string, pending: Pending): void {
    if (pending.recorded) return;
    pending.recorded = true;
    this.#deps.record(entryOf(this.#deps.service, key, pending.body));
  }
}

function listOf(evidence: Readonly<Record<string, string | number>>): Trip["evidence"] {
  return Object.entries(evidence).map(([name, value]) => ({ name, value: String(value).slice(0, 200) }));
}

function sameTrip(stored: Trip | "unreadable" | undefined, body: Trip): boolean {
  if (stored === undefined || stored === "unreadable") return false;
  return stored.at === body.at && stored.level === body.level && stored.reason === body.reason;
}

function entryOf(service: TripService, key: string, { level, reason, evidence, at }: Trip): AuditEntry {
  return {
    kind: "kill.tripped",
    at,
    correlationId: `trip:${key}`.slice(0, 64),
    actor: { kind: "service", id: service },
    body: { key, level, reason, evidence },
  };
}
