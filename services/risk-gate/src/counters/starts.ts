import type { InstrumentFacts } from "../facts/fact.ts";
import { dayStart, sessionStart } from "./session-start.ts";

const HOUR_MS = 3_600_000;
/** Every local day has more hours than that. */
const SURE_HOURS = 22;
const KNOWN_MAX = 5_000;

/** When sessions began, each computed once. */
export class Starts {
  readonly #zone: string;
  readonly #known = new Map<string, number | undefined>();
  #day: number | undefined;

  constructor(zone: string) {
    this.#zone = zone;
  }

  day(nowMs: number): number {
    const day = this.#day;
    if (day !== undefined && nowMs >= day && nowMs < day + SURE_HOURS * HOUR_MS) return day;
    this.#day = dayStart(this.#zone, nowMs);
    return this.#day;
  }

  /** undefined: one of the facts is missing, or the contract's hours do not say. */
  instrument({ instrument, session }: InstrumentFacts): number | undefined {
    if (instrument.state === "missing" || session.state === "missing") return undefined;
    const { tradingHours } = instrument.value;
    const { tradeDate, source, timeZoneId } = session.value;
    // Without a date nothing says when it changes.
    if (tradeDate === null) return sessionStart(instrument.value, session.value);
    const key = `${tradeDate} ${source} ${timeZoneId} ${tradingHours}`;
    if (!this.#known.has(key)) {
      if (this.#known.size >= KNOWN_MAX) this.#known.clear();
      this.#known.set(key, sessionStart(instrument.value, session.value));
    }
    return this.#known.get(key);
  }
}
