import {
  KILL_LEVELS,
  type KillLevel,
  KillScope,
  KillSetting,
  killLevelOf,
  strictest,
  TRIP_LEVELS,
  Trip,
  type TripLevel,
  TripReset,
  WITHDRAWABLE_CAUSES,
  WriterEpoch,
} from "@countersign/contracts/control";
import { FACTS } from "@countersign/contracts/subjects";
import type * as z from "zod";
import { parseJson } from "./facts.ts";
import type { LiveMessage } from "./live-stream.ts";
import { parseMessage } from "./parse-message.ts";

const PREFIX = { kill: "$KV.CONTROL.kill.", trip: "$KV.CONTROL.trip.", reset: "$KV.CONTROL.reset." } as const;

/** The scopes that bear on one order. */
export interface OrderScopes {
  readonly account?: string;
  readonly agent?: string;
  /** Every instrument that the order trades. */
  readonly conids?: readonly number[];
}

export interface Standing {
  readonly level: KillLevel;
  readonly reason: string;
}

/** A stop that a service made, as its newest message has it. */
export interface TripEntry {
  /** `<service>.<cause>.<scope>`: the tail of its key. */
  readonly key: string;
  readonly service: string;
  readonly cause: string;
  readonly scope: string;
  readonly sequence: number;
  readonly trip: Trip | "unreadable";
  /** What it means now; NONE when a person reset it, or its service took it back. */
  readonly level: TripLevel;
}

interface Stored<T> {
  readonly sequence: number;
  readonly text: string;
  readonly value: T | "unreadable";
}

/** What the messages of the control stream say, newest of each key. Pure: it reads no clock and asks nobody. */
export class ControlState {
  readonly #settings = new Map<string, Stored<KillSetting>>();
  readonly #trips = new Map<string, Stored<Trip>>();
  readonly #resets = new Map<string, Stored<TripReset>>();
  #writer: { readonly sequence: number; readonly text: string; readonly value: WriterEpoch } | undefined;

  take(message: LiveMessage): void {
    const { subject } = message;
    if (subject === FACTS.writer.subject) this.#takeWriter(message);
    else if (subject.startsWith(PREFIX.kill)) put(this.#settings, message, PREFIX.kill, KillSetting);
    else if (subject.startsWith(PREFIX.trip)) put(this.#trips, message, PREFIX.trip, Trip);
    else if (subject.startsWith(PREFIX.reset)) put(this.#resets, message, PREFIX.reset, TripReset);
  }

  /** The strictest level of all scopes that bear on the order, by settings and trips, and why. */
  level(scopes: OrderScopes): Standing {
    const bearing = scopeKeys(scopes);
    const found = bearing.map((scope) => this.#levelOf(scope));
    for (const one of this.trips()) {
      // Whatever scope an unreadable key meant, it may be this one.
      if (!bearing.includes(one.scope) && KillScope.safeParse(one.scope).success) continue;
      found.push({ level: killLevelOf(one.level), reason: tripReason(one) });
    }
    return found.reduce((worst, one) => (strictest(one.level, worst.level) === worst.level ? worst : one));
  }

  /** Why nothing may be approved by policy, whatever a person may still do; undefined: no service has said so. */
  autoOff(scopes: OrderScopes): string | undefined {
    const bearing = scopeKeys(scopes);
    const found = this.trips().find(
      ({ level, scope }) => level !== "NONE" && (bearing.includes(scope) || !KillScope.safeParse(scope).success),
    );
    return found === undefined ? undefined : tripReason(found);
  }

  settings(): { scope: string; setting: KillSetting | "unreadable"; sequence: number }[] {
    return [...this.#settings].map(([scope, { value, sequence }]) => ({ scope, setting: value, sequence }));
  }

  trips(): TripEntry[] {
    return [...this.#trips].map(([key, { sequence, value }]) => {
      const [service = "", cause = "", ...rest] = key.split(".");
      const level = this.#isReset(key, sequence) ? "NONE" : statedLevel(cause, value);
      return { key, service, cause, scope: rest.join("."), sequence, trip: value, level };
    });
  }

  writerEpoch(): WriterEpoch | undefined {
    return this.#writer?.value;
  }

  /**
   * Sequence of the newest message that can have taken a global HALTED back: a setting of another level, or the reset of a
   * trip to HALTED; 0: there is none. Trips to lower levels and what services withdraw, never HALTED, take nothing back.
   */
  newestLoosening(): number {
    const settings = this.settings()
      .filter(({ scope, setting }) => bearsOnAll(scope) && setting !== "unreadable" && setting.level !== "HALTED")
      .map(({ sequence }) => sequence);
    const resets = this.trips()
      .filter(({ scope, level, cause, trip }) => {
        return bearsOnAll(scope) && level === "NONE" && statedLevel(cause, trip) === "HALTED";
      })
      .map(({ key }) => this.#resets.get(key)?.sequence ?? 0);
    return Math.max(0, ...settings, ...resets);
  }

  #levelOf(scope: string): Standing {
    const entry = this.#settings.get(scope);
    if (entry === undefined) {
      if (scope === "global") return { level: "HALTED", reason: "the global kill switch was never set" };
      return { level: "ACTIVE", reason: `no setting for ${scope}` };
    }
    if (entry.value === "unreadable") return { level: "HALTED", reason: `the setting of ${scope} is unreadable` };
    return { level: entry.value.level, reason: `${scope}: ${entry.value.reason}` };
  }

  /** A reset that cannot be read resets nothing. */
  #isReset(key: string, tripSequence: number): boolean {
    const reset = this.#resets.get(key)?.value;
    return reset !== undefined && reset !== "unreadable" && reset.tripSequence >= tripSequence;
  }

  #takeWriter(message: LiveMessage): void {
    if (isSame(this.#writer, message)) return;
    const parsed = parseMessage(WriterEpoch, parseJson(message.text));
    if (parsed.success && (this.#writer?.sequence ?? 0) <= message.sequence) {
      this.#writer = { sequence: message.sequence, text: message.text, value: parsed.data };
    }
  }
}

/** Whatever scope an unreadable one meant, it may be this. */
function bearsOnAll(scope: string): boolean {
  return scope === "global" || !KillScope.safeParse(scope).success;
}

/** The stricter of two levels of a trip. */
export function stricterTrip(a: TripLevel, b: TripLevel): TripLevel {
  return TRIP_LEVELS.indexOf(a) >= TRIP_LEVELS.indexOf(b) ? a : b;
}

export function scopeKeys({ account, agent, conids }: OrderScopes): string[] {
  const keys = ["global"];
  if (account !== undefined) keys.push(`account.${account}`);
  if (agent !== undefined) keys.push(`agent.${agent}`);
  return [...keys, ...(conids ?? []).map((conid) => `instrument.${conid}`)];
}

/** The strictest of several levels; of none: ACTIVE. */
export function strictestOf(levels: readonly KillLevel[]): KillLevel {
  return levels.reduce((worst, one) => strictest(one, worst), KILL_LEVELS[0]);
}

/** A service cannot take back what only a person may reset. */
function statedLevel(cause: string, trip: Trip | "unreadable"): TripLevel {
  if (trip === "unreadable") return "HALTED";
  const takenBack = trip.level === "NONE" && !WITHDRAWABLE_CAUSES.some((one) => one === cause);
  return takenBack ? "HALTED" : trip.level;
}

function tripReason({ key, trip }: TripEntry): string {
  return `${key}: ${trip === "unreadable" ? "unreadable" : trip.reason}`;
}

function put<T>(into: Map<string, Stored<T>>, message: LiveMessage, prefix: string, schema: z.ZodType<T>): void {
  const key = message.subject.slice(prefix.length);
  const known = into.get(key);
  if ((known?.sequence ?? 0) > message.sequence || isSame(known, message)) return;
  const parsed = parseMessage(schema, parseJson(message.text));
  into.set(key, { sequence: message.sequence, text: message.text, value: parsed.success ? parsed.data : "unreadable" });
}

/** Read again, as it is at every refresh of the view. */
function isSame(known: Pick<Stored<unknown>, "sequence" | "text"> | undefined, message: LiveMessage): boolean {
  return known?.sequence === message.sequence && known.text === message.text;
}
