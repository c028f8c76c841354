import { type Clock, utcText } from "@countersign/clock/clock";
import { type Denial, denied, Fault, ok, type Reply } from "@countersign/contracts/denial";
import type { Quote } from "@countersign/contracts/instrument";
import type { Rate, RateSide } from "@countersign/contracts/messages/md-fx.v1";
import { decimal } from "@countersign/money/decimal";
import { legOf, type Passed, rateOf, sidesOf } from "./legs.ts";
import type { Pair } from "./pairs.ts";
import { pathsBetween, type Step } from "./paths.ts";

export interface RatesDeps {
  readonly clock: Clock;
  /** The conId of a pair at the broker; null: the broker quotes no such pair. Throws a Fault when it cannot be known now. */
  readonly conidOf: (pair: Pair) => Promise<number | null>;
  readonly quote: (conid: number, maxAgeMs: number) => Promise<Reply<Quote>>;
  /** A pair whose sides are further apart has no usable mid. */
  readonly spreadMaxPercent: string;
}

export interface RateQuestion {
  readonly from: string;
  readonly to: string;
  readonly side: RateSide;
  readonly maxAgeMs: number;
}

type Denied = { readonly outcome: "denied"; readonly denial: Denial };
interface Found {
  readonly step: Step;
  readonly conid: number;
}

/**
 * Exchange rates over the pairs that the broker quotes: direct, inverse, or crossed. The way is chosen by which pairs
 * exist, never by which of them have a price: when a leg of the best way has none, that is the answer.
 */
export class Rates {
  readonly #deps: RatesDeps;

  constructor(deps: RatesDeps) {
    this.#deps = deps;
  }

  async get({ from, to, side, maxAgeMs }: RateQuestion): Promise<Reply<Rate>> {
    if (from === to) return ok(identity({ from, to, side }, this.#deps.clock));
    const way = await this.#way(from, to);
    if (way === undefined) return denied("NO_RATE", `no pairs that the broker quotes lead from ${from} to ${to}`);
    const asked = way.map(async (found) => ({ found, reply: await this.#deps.quote(found.conid, maxAgeMs) }));
    const legs: Passed[] = [];
    for (const { found, reply } of await Promise.all(asked)) {
      if (reply.outcome === "denied") return this.#refused(found, reply);
      legs.push(this.#leg(found, reply.value, side));
    }
    const [first, ...others] = legs;
    if (first === undefined) throw new TypeError("a way without legs");
    return ok(rateOf(from, to, side, [first, ...others]));
  }

  /** The first way of the table whose every pair exists. */
  async #way(from: string, to: string): Promise<Found[] | undefined> {
    for (const path of pathsBetween(from, to)) {
      const found = await this.#existing(path);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  async #existing(path: readonly Step[]): Promise<Found[] | undefined> {
    const found: Found[] = [];
    for (const step of path) {
      const conid = await this.#deps.conidOf(step.pair);
      if (conid === null) return undefined;
      found.push({ step, conid });
    }
    return found;
  }

  #leg({ step }: Found, quote: Quote, side: RateSide): Passed {
    const sides = sidesOf(quote, decimal(this.#deps.spreadMaxPercent));
    if ("unusable" in sides) throw new Fault("MARKET_DATA_UNAVAILABLE", `${step.pair.name}: ${sides.unusable}`);
    return legOf(step, quote, sides, side);
  }

  /** A refusal that waiting heals is handed on as it is; any other means that a leg is missing. */
  #refused({ step }: Found, reply: Denied): Denied {
    if (reply.denial.code === "RATE_LIMITED" || reply.denial.code.startsWith("PACING_")) return reply;
    throw new Fault("MARKET_DATA_UNAVAILABLE", `${step.pair.name}: ${reply.denial.message}`);
  }
}

/** A currency is always worth itself. */
function identity(pair: Pick<Rate, "from" | "to" | "side">, clock: Clock): Rate {
  const asOf = utcText(clock.nowMs());
  return { ...pair, rate: "1", method: "same", legs: [], dataType: "live", source: "identity", asOf, ageMs: 0 };
}
