import type { Bus } from "@countersign/bus/bus";
import type { Clock } from "@countersign/clock/clock";
import type { Part } from "@countersign/contracts/denial";
import type { DataType } from "@countersign/contracts/market-value";
import type { Rate } from "@countersign/contracts/messages/md-fx.v1";
import { RPCS } from "@countersign/contracts/subjects";
import type * as z from "zod";
import { ask, askPart, type OrStop, remember } from "./answers.ts";
import { type Facts, type InstrumentFacts, known, missing } from "./fact.ts";
import type { CurrencyLeg } from "./history/base-currency.ts";
import { Unchanged } from "./unchanged.ts";

export interface MarketAskerDeps {
  readonly bus: Bus;
  readonly clock: Clock;
  /** Oldest quote that is asked for, also of the pairs of a rate. */
  readonly quoteAgeMsMax: number;
  /** What a rate may be made of. */
  readonly rateDataTypes: () => readonly DataType[];
}

type MarketAnswer = Promise<z.output<typeof RPCS.marketFacts.reply>>;
type MarketFacts = Extract<Awaited<MarketAnswer>, { outcome: "ok" }>["value"];
export type Described = z.output<typeof RPCS.orderContract.reply>;

/** What an instrument is does not change with every order. */
const INSTRUMENT_AGE_MS_MAX = 60_000;

/** What can be borrowed changes within minutes. */
const SHORTABLE_AGE_MS_MAX = 30_000;

/** What market-data says about the instruments of an order, in one question. */
export class MarketAsker {
  readonly #deps: MarketAskerDeps;
  /** As the last summary of the account said. */
  readonly #baseCurrencies = new Map<string, string>();
  readonly #unchanged = new Unchanged();
  readonly #ways = new Map<string, readonly CurrencyLeg[]>();
  readonly #instruments = new Map<number, { reply: Described; atMs: number }>();

  constructor(deps: MarketAskerDeps) {
    this.#deps = deps;
  }

  /** What the instrument is. Known for a while from the answer before; rejects with a Fault when nobody can say. */
  async contract(conid: number): Promise<Described> {
    const nowMs = this.#deps.clock.monotonicMs();
    const stored = this.#instruments.get(conid);
    if (stored !== undefined && nowMs - stored.atMs <= INSTRUMENT_AGE_MS_MAX) return stored.reply;
    const reply = await this.#deps.bus.request(RPCS.orderContract, { conid });
    if (reply.outcome === "ok") remember(this.#instruments, conid, { reply, atMs: nowMs });
    return reply;
  }

  /** One question for everything about the market, also for the rate into the currency that the account had last time. */
  ask(conids: readonly number[], account: string): MarketAnswer {
    const { bus, quoteAgeMsMax } = this.#deps;
    const rateTo = this.#baseCurrencies.get(account) ?? null;
    const question = { conids: [...conids], maxAgeMs: quoteAgeMsMax, rateTo, dailyBars: 0 };
    const market = bus.request(RPCS.marketFacts, question);
    // Whoever reads a part of it sees the failure.
    market.catch(() => undefined);
    return market;
  }

  /** The facts of the instrument that stands at this place of the question. */
  instrumentFacts(
    market: MarketAnswer,
    conid: number,
    at: number,
  ): { [K in Exclude<keyof InstrumentFacts, "shortable">]: Promise<InstrumentFacts[K]> } {
    const partOf = (answer: MarketFacts) => {
      const part = answer.instruments[at];
      return part?.conid === conid ? part : undefined;
    };
    return {
      instrument: ask(this.contract(conid), (value) => known(value.instrument, value.source, value.asOf)),
      quote: askPart(
        market,
        (answer) => partOf(answer)?.quote ?? null,
        (value) => known(value, value.source, value.asOf),
      ),
      session: askPart(
        market,
        (answer) => partOf(answer)?.session ?? null,
        (value) => known(this.#unchanged.same(`session ${conid}`, value), "market-data", value.asOf),
      ),
    };
  }

  /** What can be borrowed of an instrument: asked only for what is sold where the policy wants to know. */
  shortable(conid: number, orStop: OrStop): Promise<InstrumentFacts["shortable"]> {
    const asking = orStop(this.#deps.bus.request(RPCS.shortable, { conid, maxAgeMs: SHORTABLE_AGE_MS_MAX }));
    return ask(asking, (value) =>
      value.conid === conid ? known(value, value.source, value.asOf) : missing("the answer is about something else"),
    );
  }

  /** Units of the base currency of the account for one of the currency that all its instruments have. */
  async rate(
    account: string,
    {
      instruments,
      summary,
      market,
      orStop,
    }: Pick<Facts, "summary"> & {
      instruments: readonly Facts["instrument"][];
      market: MarketAnswer;
      orStop: OrStop;
    },
  ): Promise<Facts["rate"]> {
    const currencies = new Set<string>();
    for (const instrument of instruments) {
      if (instrument.state === "missing") return missing(`currency of the instrument: ${instrument.reason}`);
      currencies.add(instrument.value.currency);
    }
    const [from, ...others] = currencies;
    if (from === undefined || others.length > 0) return missing(`several currencies: ${[...currencies].join(", ")}`);
    if (summary.state === "missing") return missing(`base currency of the account: ${summary.reason}`);
    const to = summary.value.baseCurrency;
    remember(this.#baseCurrencies, account, to);
    if (from === to) return known("1", "identity", summary.asOf);
    const allowed = this.#deps.rateDataTypes();
    return ask(orStop(this.#rateOf(from, to, market)), (value) =>
      allowed.includes(value.dataType)
        ? known(value.rate, value.source, value.asOf)
        : missing(`the rate is ${value.dataType}; allowed: ${allowed.join(", ")}`),
    );
  }

  /** Out of the one answer, when it is the rate that is needed now; else asked for by itself. */
  async #rateOf(from: string, to: string, market: MarketAnswer): Promise<Part<Rate>> {
    const part = await this.#asked(from, to, market);
    if (part.outcome === "ok") {
      const way = part.value.legs.map(({ conid, inverse }) => ({ conid, inverse }));
      remember(this.#ways, `${from} ${to}`, way);
    }
    return part;
  }

  /** The pairs by which the last rate of these two went; undefined: none was asked for. */
  way(from: string, to: string): readonly CurrencyLeg[] | undefined {
    return this.#ways.get(`${from} ${to}`);
  }

  async #asked(from: string, to: string, market: MarketAnswer): Promise<Part<Rate>> {
    const reply = await market;
    const rate = reply.outcome === "ok" ? reply.value.rate : null;
    if (rate?.outcome === "ok" && rate.value.from === from && rate.value.to === to) return rate;
    const request = { from, to, side: "mid" as const, maxAgeMs: this.#deps.quoteAgeMsMax };
    return this.#deps.bus.request(RPCS.orderRate, request);
  }
}
