import type { Bus } from "@countersign/bus/bus";
import type { ControlView } from "@countersign/bus/control-view";
import { type Clock, parseUtcText, utcText } from "@countersign/clock/clock";
import { conidsOf } from "@countersign/contracts/combo";
import type { KillLevel } from "@countersign/contracts/control";
import { denied, Fault, ok, type Part, type Reply } from "@countersign/contracts/denial";
import type { Instrument } from "@countersign/contracts/instrument";
import type { Mode } from "@countersign/contracts/mode";
import type { OrderTerms } from "@countersign/contracts/order";
import { RPCS } from "@countersign/contracts/subjects";
import type { BrokerWhatIf } from "@countersign/contracts/verdict";
import type * as z from "zod";
import type { RiskGateConfig } from "../config.ts";
import type { LiveOrders } from "../live-orders.ts";
import type { RiskPolicy } from "../policy.ts";
import { type Fact, type Facts, type InstrumentFacts, known, missing } from "./fact.ts";

export interface GatherDeps {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly control: ControlView;
  readonly mode: Mode;
  readonly config: RiskGateConfig;
  readonly live: LiveOrders;
  readonly policy: Pick<RiskPolicy, "rateDataTypes">;
}

type Described = z.output<typeof RPCS.orderContract.reply>;

const REMEMBERED_MAX = 500;
/** What an instrument is does not change with every order. */
const INSTRUMENT_AGE_MS_MAX = 60_000;

/** Gathers every fact about one order, all at once. A question that fails is a missing fact, never a default. */
export class FactGatherer {
  readonly #deps: GatherDeps;
  readonly #whatIfs = new Map<string, Fact<BrokerWhatIf>>();
  readonly #instruments = new Map<number, { reply: Described; atMs: number }>();

  constructor(deps: GatherDeps) {
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

  /** The instruments that the order names, in its order; denied when the broker does not know one of them. */
  async instruments(terms: OrderTerms): Promise<Reply<Instrument[]>> {
    const described = await Promise.all(conidsOf(terms).map((conid) => this.contract(conid)));
    const instruments: Instrument[] = [];
    for (const [index, one] of described.entries()) {
      if (one.outcome === "ok") instruments.push(one.value.instrument);
      else if (terms.legs === undefined) return one;
      else return denied(one.denial.code, `leg ${index + 1}: ${one.denial.message}`, { leg: index + 1 });
    }
    return ok(instruments);
  }

  /** Asks for all facts at once. `whatIf` "fresh" asks the broker again; "recent" takes an answer for the same terms that is young enough. */
  async gather(terms: OrderTerms, agent: string, { whatIf }: { whatIf: "fresh" | "recent" }): Promise<Facts> {
    const { clock, control, mode, live } = this.#deps;
    const conids = conidsOf(terms);
    const scopes = { account: terms.account, agent, conids };
    // Before the broker is asked: an order that fills in between counts as working, whatever its position shows.
    const ownOrders = known(live.exposed(terms), "orders", utcText(clock.nowMs()));
    const broker = this.#askBroker(terms, { whatIf, level: control.level(scopes).level });
    const asked = conids.map((conid) => this.#askMarket(conid));
    const instruments = Promise.all(asked.map(({ instrument }) => instrument));
    const summary = broker.then((parts) => parts.summary);
    const { rate, parts } = await all({
      rate: Promise.all([instruments, summary]).then(([found, money]) => this.#rate(found, money)),
      parts: Promise.all(asked.map((one) => all<InstrumentFacts>(one))),
    });
    const at = utcText(clock.nowMs());
    const kill = known(control.level(scopes), "control", at);
    return { mode, at, ...byOrder(terms, parts), rate, ...(await broker), ownOrders, kill };
  }

  #askMarket(conid: number): { [K in keyof InstrumentFacts]: Promise<InstrumentFacts[K]> } {
    const { bus, config } = this.#deps;
    const market = bus.request(RPCS.marketFacts, { conid, maxAgeMs: config.quoteAskAgeMsMax });
    return {
      instrument: ask(this.contract(conid), (value) => known(value.instrument, value.source, value.asOf)),
      quote: askPart(
        market,
        (answer) => answer.quote,
        (value) => known(value, value.source, value.asOf),
      ),
      session: askPart(
        market,
        (answer) => answer.session,
        (value) => known(value, "market-data", value.asOf),
      ),
    };
  }

  async #rate(instruments: readonly Facts["instrument"][], summary: Facts["summary"]): Promise<Facts["rate"]> {
    const currencies = new Set<string>();
    for (const instrument of instruments) {
      if (instrument.state === "missing") return missing(`currency of the instrument: ${instrument.reason}`);
      currencies.add(instrument.value.currency);
    }
    const [from, ...others] = currencies;
    if (from === undefined || others.length > 0) return missing(`several currencies: ${[...currencies].join(", ")}`);
    if (summary.state === "missing") return missing(`base currency of the account: ${summary.reason}`);
    const to = summary.value.baseCurrency;
    if (from === to) return known("1", "identity", summary.asOf);
    const request = { from, to, side: "mid" as const, maxAgeMs: this.#deps.config.quoteAskAgeMsMax };
    const allowed = this.#deps.policy.rateDataTypes;
    return ask(this.#deps.bus.request(RPCS.orderRate, request), (value) =>
      allowed.includes(value.dataType)
        ? known(value.rate, value.source, value.asOf)
        : missing(`the rate is ${value.dataType}; allowed: ${allowed.join(", ")}`),
    );
  }

  /**
   * What-if and open orders cost TWS a message of the pacing budget each. The what-if of the same order is used again
   * while it is young: a verdict before the send needs no second one. Only REDUCE_ONLY looks at the open orders.
   */
  async #askBroker(terms: OrderTerms, { whatIf, level }: { whatIf: "fresh" | "recent"; level: KillLevel }) {
    const { account } = terms;
    const recent = whatIf === "recent" ? this.#recentWhatIf(terms) : undefined;
    const wanted = { whatIf: recent === undefined, openOrders: level !== "ACTIVE" };
    const asking = this.#deps.bus.request(RPCS.brokerFacts, { terms, ask: wanted });
    const parts = await all({
      accounts: askPart(
        asking,
        (answer) => answer.accounts,
        (value) => known(value.accounts, "broker", value.asOf),
      ),
      summary: askPart(
        asking,
        (answer) => answer.summary,
        (value) => ofAccount(value, account, () => known(value, value.source, value.asOf)),
      ),
      positions: askPart(
        asking,
        (answer) => answer.positions,
        (value) => ofAccount(value, account, () => known(value.positions, value.source, value.asOf)),
      ),
      // Moved away from ACTIVE meanwhile: denied as missing.
      openOrders: wanted.openOrders
        ? askPart(
            asking,
            (answer) => answer.openOrders,
            (value) => ofAccount(value, account, () => known(value.orders, "broker", value.asOf)),
          )
        : missing("not asked: no rule needs it while the kill level is ACTIVE"),
      whatIf:
        recent ??
        askPart(
          asking,
          (answer) => answer.whatIf,
          (value) => known(value, value.source, value.asOf),
        ),
    });
    if (recent === undefined) remember(this.#whatIfs, JSON.stringify(terms), parts.whatIf);
    return parts;
  }

  #recentWhatIf(terms: OrderTerms): Fact<BrokerWhatIf> | undefined {
    const stored = this.#whatIfs.get(JSON.stringify(terms));
    if (stored?.state !== "known") return undefined;
    const ageMs = this.#deps.clock.nowMs() - parseUtcText(stored.asOf);
    return ageMs <= this.#deps.config.whatIfReuseMsMax ? stored : undefined;
  }
}

/** An order by itself has the facts of its one instrument, a combination those of its legs. */
function byOrder(terms: OrderTerms, parts: readonly InstrumentFacts[]): InstrumentFacts & Pick<Facts, "legs"> {
  const none = missing("the order is a combination: its legs have the facts");
  const [only = { instrument: none, quote: none, session: none }] = terms.legs === undefined ? parts : [];
  return terms.legs === undefined ? only : { ...only, legs: parts };
}

/** Keeps the newest; beyond the bound the oldest goes first. */
function remember<K, V>(map: Map<K, V>, key: K, value: V): void {
  map.delete(key);
  map.set(key, value);
  for (const oldest of map.keys()) {
    if (map.size <= REMEMBERED_MAX) return;
    map.delete(oldest);
  }
}

/** Waits for all at once, by name. */
async function all<T extends object>(promises: { [K in keyof T]: Promise<T[K]> | T[K] }): Promise<T> {
  const names = Object.keys(promises) as (keyof T)[];
  const values = await Promise.all(names.map((name) => promises[name]));
  return Object.fromEntries(names.map((name, index) => [name, values[index]])) as T;
}

function ofAccount<T>(value: { account: string }, account: string, read: () => Fact<T>): Fact<T> {
  return value.account === account ? read() : missing(`the answer is about ${value.account}`);
}

async function ask<V, T>(asking: Promise<Part<V>>, read: (value: V) => Fact<T>): Promise<Fact<T>> {
  try {
    const part = await asking;
    if (part.outcome === "ok") return read(part.value);
    const { code, message } = part.outcome === "denied" ? part.denial : part.fault;
    return missing(`${code}: ${message}`);
  } catch (error) {
    // Only a failed operation is a missing fact; anything else is a bug and must not pass for one.
    if (error instanceof Fault) return missing(`${error.code}: ${error.message}`);
    throw error;
  }
}

/** One part of an answer that has several. When there is no answer, every part is missing for that reason. */
function askPart<A, V, T>(
  asking: Promise<Reply<A>>,
  pick: (answer: A) => Part<V> | null,
  read: (value: V) => Fact<T>,
): Promise<Fact<T>> {
  const part = asking.then((reply): Part<V> => {
    if (reply.outcome === "denied") return reply;
    const found = pick(reply.value);
    if (found === null) throw new Fault("INTERNAL", "a part that was asked for is not in the answer");
    return found;
  });
  return ask(part, read);
}
