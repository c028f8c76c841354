import type { Bus } from "@countersign/bus/bus";
import type { ControlView } from "@countersign/bus/control-view";
import { type Clock, utcText } from "@countersign/clock/clock";
import type { AuditEntry } from "@countersign/contracts/audit";
import {
  type CancelOrders,
  type KillLevel,
  type KillScope,
  type KillSetting,
  strictest,
  type TripLevel,
} from "@countersign/contracts/control";
import { Fault } from "@countersign/contracts/denial";
import { FACTS } from "@countersign/contracts/subjects";
import type { AuditOutbox } from "./audit-outbox.ts";

const TRIES_MAX = 5;
/** So long the republished copy may take before the stream's leader is asked. */
const SHOWN_WAIT_MS = 250;

export interface KillChange {
  readonly scope: KillScope;
  readonly level: KillLevel;
  readonly reason: string;
  readonly operator: string;
  readonly cancelOrders?: CancelOrders;
}

/** A loosening, as whoever must allow it sees it. */
export interface Loosening {
  readonly scope: KillScope;
  readonly from: KillLevel;
  readonly to: KillLevel;
  /** When the stricter level was set; null: nobody set it, or it cannot be read. */
  readonly since: string | null;
}

/** Throws when it may not be; returns the first of two persons where two are needed. */
export type MayLoosen = (change: Loosening) => string | undefined | Promise<string | undefined>;

interface Known {
  readonly level: KillLevel;
  readonly sequence: number;
  readonly since: string | null;
  /** What HALTED was to cancel, and the setting that first asked for it. */
  readonly cancels?: { readonly cancelOrders: CancelOrders; readonly cancelOf: number };
}

export interface KillLine {
  readonly scope: string;
  readonly level: KillLevel;
  readonly reason: string;
  readonly actor: KillSetting["actor"] | null;
  readonly at: string | null;
}

/** What a service stopped by itself and nobody has reset. */
export interface TripLine {
  readonly key: string;
  readonly level: TripLevel;
  readonly reason: string;
  readonly at: string | null;
}

/** Moves the kill switch. Tightening comes before its record, loosening after it. */
export class KillSwitch {
  readonly #given: { bus: Pick<Bus, "append" | "audit">; view: ControlView; clock: Clock; outbox: AuditOutbox };
  readonly #waiters = new Set<() => void>();

  constructor(given: { bus: Pick<Bus, "append" | "audit">; view: ControlView; clock: Clock; outbox: AuditOutbox }) {
    this.#given = given;
    given.view.onChange(() => {
      for (const wake of this.#waiters) wake();
    });
  }

  /** The strictest level that bears on everything, each setting, and whether the view is confirmed. */
  state(): { effective: KillLevel; reason: string; confirmed: boolean; settings: KillLine[]; trips: TripLine[] } {
    const { view } = this.#given;
    const { level: effective, reason } = view.level({});
    return {
      effective,
      reason,
      confirmed: view.fresh(),
      settings: view.settings().map(lineOf),
      trips: tripLines(view),
    };
  }

  /** Whether the change would let more through than now. Never set counts as HALTED for the whole and as ACTIVE for a part. */
  #loosens(scope: KillScope, level: KillLevel): boolean {
    return strictest(level, this.#known(scope).level) !== level;
  }

  /**
   * One conditional write; a setting that moved in between is read and judged again by `mayLoosen`, which throws when this
   * operator may not. Returns when this process itself sees the change. Throws a Fault when it could not be made.
   */
  async set(change: KillChange, mayLoosen: MayLoosen): Promise<void> {
    const { bus, view, outbox } = this.#given;
    for (let attempt = 0; attempt < TRIES_MAX; attempt += 1) {
      // What is loosened must be known; a tightening finds out by its write.
      if (change.level !== "HALTED" && !view.fresh()) await this.#refresh();
      const known = this.#known(change.scope);
      const loosens = this.#loosens(change.scope, change.level);
      const { scope, level: to } = change;
      const first = loosens ? await mayLoosen({ scope, from: known.level, to, since: known.since }) : undefined;
      const setting = this.#settingOf(change, first, known);
      const entry = entryOf(setting, change.scope, known.level);
      if (loosens) await bus.audit(entry);
      const sequence = await this.#append(change.scope, setting, known.sequence).catch((error: unknown) => {
        // It may hold all the same, and a tightening that nobody recorded must not be.
        if (!loosens && isUnknown(error)) outbox.put(withUnknownOutcome(entry));
        throw error;
      });
      if (sequence === undefined) {
        await this.#refresh();
        continue;
      }
      if (!loosens) outbox.put(entry);
      return this.#shown(change.scope, sequence);
    }
    throw new Fault("CONFLICT", "the kill switch moved at every try");
  }

  /** The sequence of the write; undefined: somebody else moved this scope. An unanswered write is looked up. */
  async #append(scope: KillScope, setting: KillSetting, expectedSequence: number): Promise<number | undefined> {
    try {
      const result = await this.#given.bus.append(FACTS.kill, { scope }, setting, { expectedSequence });
      return result.outcome === "appended" ? result.sequence : undefined;
    } catch (error) {
      if (!isUnknown(error)) throw error;
      // When the look-up fails as well, the write is what the caller has to hear of.
      await this.#refresh().catch(() => Promise.reject(error));
      const stored = this.#given.view.settings().find((one) => one.scope === scope);
      if (stored === undefined || JSON.stringify(stored.setting) !== JSON.stringify(setting)) throw error;
      return stored.sequence;
    }
  }

  async #shown(scope: KillScope, sequence: number): Promise<void> {
    const { view, clock } = this.#given;
    const shows = () => view.fresh() && view.settings().some((one) => one.scope === scope && one.sequence >= sequence);
    const givenUp = new AbortController();
    const deadline = clock.sleep(SHOWN_WAIT_MS, givenUp.signal).then(
      () => true,
      () => true,
    );
    let late = false;
    while (!shows() && !late) late = await Promise.race([this.#changed().then(() => false), deadline]);
    givenUp.abort();
    if (!shows()) await this.#refresh();
  }

  #changed(): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        this.#waiters.delete(wake);
        resolve();
      };
      this.#waiters.add(wake);
    });
  }

  #known(scope: string): Known {
    const found = this.#given.view.settings().find((one) => one.scope === scope);
    if (found === undefined) return { level: scope === "global" ? "HALTED" : "ACTIVE", sequence: 0, since: null };
    const { setting, sequence } = found;
    if (setting === "unreadable") return { level: "HALTED", sequence, since: null };
    const { level, at: since, cancelOrders, cancelOf = sequence } = setting;
    return { level, sequence, since, ...(cancelOrders !== undefined && { cancels: { cancelOrders, cancelOf } }) };
  }

  async #refresh(): Promise<void> {
    await this.#given.view.refresh().catch((cause: unknown) => {
      throw new Fault("BUS_UNAVAILABLE", "the control stream cannot be read", { cause });
    });
  }

  /** Who halts again and says nothing of orders leaves the cancels of the setting before as they are: done, or going on. */
  #settingOf(
    { level, reason, operator, cancelOrders }: KillChange,
    first: string | undefined,
    { cancels }: Known,
  ): KillSetting {
    const at = utcText(this.#given.clock.nowMs());
    const person = (id: string) => ({ kind: "operator" as const, id });
    return {
      type: "kill/1",
      level,
      actor: person(first ?? operator),
      reason,
      at,
      ...(cancelOrders === undefined ? level === "HALTED" && cancels : { cancelOrders }),
      ...(first !== undefined && { confirmedBy: person(operator) }),
    };
  }
}

function lineOf({ scope, setting }: ReturnType<ControlView["settings"]>[number]): KillLine {
  if (setting === "unreadable") return { scope, level: "HALTED", reason: "unreadable", actor: null, at: null };
  return { scope, level: setting.level, reason: setting.reason, actor: setting.actor, at: setting.at };
}

function tripLines(view: ControlView): TripLine[] {
  return view.trips().flatMap(({ key, level, trip }) => {
    if (level === "NONE") return [];
    const { reason, at } = trip === "unreadable" ? { reason: "unreadable", at: null } : trip;
    return [{ key, level, reason, at }];
  });
}

function isUnknown(error: unknown): boolean {
  return error instanceof Fault && error.effect === "unknown";
}

function withUnknownOutcome(entry: AuditEntry): AuditEntry {
  return { ...entry, body: { ...entry.body, outcome: "unknown" } };
}

function entryOf(
  { level, actor, reason, at, cancelOrders, confirmedBy }: KillSetting,
  scope: string,
  from: KillLevel,
): AuditEntry {
  return {
    kind: "kill.changed",
    at,
    correlationId: `kill:${scope}`.slice(0, 64),
    actor,
    body: {
      scope,
      from,
      to: level,
      reason,
      ...(cancelOrders && { cancelOrders }),
      ...(confirmedBy && { confirmedBy: confirmedBy.id }),
    },
  };
}
