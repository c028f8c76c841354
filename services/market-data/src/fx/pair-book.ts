import type { Clock } from "@countersign/clock/clock";
import { Fault } from "@countersign/contracts/denial";
import type { RPCS } from "@countersign/contracts/subjects";
import type * as z from "zod";
import type { Pair } from "./pairs.ts";

type Details = (query: z.input<typeof RPCS.details.request>) => Promise<z.output<typeof RPCS.details.reply>>;

const ANY = {
  ...{ conid: null, primaryExchange: null, lastTradeDate: null, strike: null, right: null, multiplier: null },
  ...{ localSymbol: null, tradingClass: null, includeExpired: false, securityId: null, offset: 0, limit: 2 },
} as const;

/** Which pairs the broker has, and under which conId. A conId never changes; that there is none is asked again in time. */
export class PairBook {
  readonly #clock: Clock;
  readonly #details: Details;
  readonly #absentTtlMs: number;
  readonly #conids = new Map<string, Promise<number>>();
  readonly #absentSinceMs = new Map<string, number>();

  constructor(deps: { clock: Clock; details: Details; absentTtlMs: number }) {
    this.#clock = deps.clock;
    this.#details = deps.details;
    this.#absentTtlMs = deps.absentTtlMs;
  }

  /** Null: the broker says that it has no such pair. Throws a Fault when it says nothing, or several. */
  async conidOf(pair: Pair): Promise<number | null> {
    const absentSince = this.#absentSinceMs.get(pair.name);
    if (absentSince !== undefined && this.#clock.monotonicMs() - absentSince < this.#absentTtlMs) return null;
    const known = this.#conids.get(pair.name) ?? this.#ask(pair);
    this.#conids.set(pair.name, known);
    try {
      return await known;
    } catch (error) {
      this.#conids.delete(pair.name);
      if (!(error instanceof NoSuchPair)) throw error;
      this.#absentSinceMs.set(pair.name, this.#clock.monotonicMs());
      return null;
    }
  }

  async #ask({ name, base, quoted }: Pair): Promise<number> {
    const query = { ...ANY, symbol: base, secType: "CASH" as const, currency: quoted, exchange: "IDEALPRO" };
    const reply = await this.#details(query);
    if (reply.outcome === "denied") {
      if (reply.denial.code === "UNKNOWN_INSTRUMENT") throw new NoSuchPair();
      throw new Fault("MARKET_DATA_UNAVAILABLE", `${name}: ${reply.denial.message}`);
    }
    const fits = reply.value.instruments.filter((one) => one.symbol === base && one.currency === quoted);
    const [only, second] = fits;
    if (only === undefined || second !== undefined)
      throw new Fault("MARKET_DATA_UNAVAILABLE", `${name}: the broker has ${fits.length} instruments of this name`);
    return only.conid;
  }
}

class NoSuchPair extends Error {
  override readonly name = "NoSuchPair";
}
