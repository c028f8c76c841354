import { type Clock, utcText } from "@countersign/clock/clock";
import { Fault } from "@countersign/contracts/denial";
import { PacingRefused } from "../pacing/refused.ts";
import type { BarSource } from "./bar-source.ts";
import type { BarsSettings } from "./bars-settings.ts";
import { otherCost } from "./costs.ts";
import { localTime } from "./local-time.ts";
import type { Pace } from "./pace.ts";
import type { Patience } from "./patience.ts";
import { joinSessions, NO_SESSIONS, type Sessions, sessionsOf } from "./sessions.ts";
import { SharedLoads } from "./shared-loads.ts";

/** Days of trading in one answer: some markets have two sessions a day. */
const DAYS = 180;
/** Two years of trading and more; further back no gap is explained. */
const ANSWERS_MAX = 3;

/** The past sessions of instruments, asked for once in each day of the exchange. */
export class Schedules {
  readonly #clock: Clock;
  readonly #source: BarSource;
  readonly #settings: BarsSettings;
  readonly #loads: SharedLoads<Sessions>;

  constructor(deps: { clock: Clock; source: BarSource; settings: BarsSettings; pace: Pace }) {
    this.#clock = deps.clock;
    this.#source = deps.source;
    this.#settings = deps.settings;
    this.#loads = new SharedLoads({ clock: deps.clock, pace: deps.pace, entriesMax: deps.settings.pagesKeptMax });
  }

  metrics() {
    return this.#loads.metrics();
  }

  /** As far back as `fromMs` where it can be had. What cannot be had is not known; it fails no answer about bars. */
  async back(
    asked: { readonly conid: number; readonly regularHoursOnly: boolean; readonly zone: string },
    fromMs: number,
    patience: Patience,
  ): Promise<Sessions> {
    const today = localTime(asked.zone, this.#clock.nowMs()).date;
    let known = NO_SESSIONS;
    for (let index = 0; index < ANSWERS_MAX; index += 1) {
      const untilMs = index === 0 ? null : known.known.fromMs;
      const key = JSON.stringify([asked.conid, asked.regularHoursOnly, today, index]);
      const earlier = await this.#answer(key, asked, untilMs, patience);
      if (earlier === undefined || earlier.list.length === 0) return known;
      known = index === 0 ? earlier : joinSessions(earlier, known);
      if (known.known.fromMs <= fromMs) return known;
    }
    return known;
  }

  async #answer(
    key: string,
    { conid, regularHoursOnly }: { readonly conid: number; readonly regularHoursOnly: boolean },
    untilMs: number | null,
    patience: Patience,
  ): Promise<Sessions | undefined> {
    const load = async (): Promise<Sessions> => {
      const until = untilMs === null ? {} : { until: utcText(untilMs) };
      const reply = await this.#source.schedule({ conid, days: DAYS, regularHoursOnly, ...until });
      return reply.outcome === "denied" ? NO_SESSIONS : sessionsOf(reply.value, untilMs ?? this.#clock.nowMs());
    };
    const { finishedTtlMs, openTtlMs, noDataTtlMs } = this.#settings;
    const ttlMs = untilMs === null ? openTtlMs : finishedTtlMs;
    const maxAgeMs = (sessions: Sessions) => (sessions.list.length === 0 ? noDataTtlMs : ttlMs);
    try {
      const told = await patience.waitFor(this.#loads.get(key, { maxAgeMs, cost: otherCost(conid), patience }, load));
      return told?.value.value;
    } catch (error) {
      if (error instanceof Fault || error instanceof PacingRefused) return undefined;
      throw error;
    }
  }
}
