import type { Bus } from "@countersign/bus/bus";
import type { ControlView } from "@countersign/bus/control-view";
import { type Clock, utcText } from "@countersign/clock/clock";
import { conidsOf, legSide, legsOf } from "@countersign/contracts/combo";
import { denied, ok, type Reply } from "@countersign/contracts/denial";
import type { Instrument } from "@countersign/contracts/instrument";
import type { Mode } from "@countersign/contracts/mode";
import type { Modifies, OrderTerms } from "@countersign/contracts/order";
import type { RiskGateConfig } from "../config.ts";
import type { OrderHistory } from "../counters/order-history.ts";
import { StopWaiters, scopesOf } from "../halted.ts";
import type { LiveOrders } from "../live-orders.ts";
import type { OpenStops } from "../open-stops.ts";
import type { PolicyInForce } from "../policy.ts";
import { looksForShares } from "../rules/short-sale.ts";
import type { AccountWatch } from "../watch/account-watch.ts";
import type { AgentUses } from "./agent-use.ts";
import { all, type OrStop } from "./answers.ts";
import { BrokerAsker } from "./ask-broker.ts";
import { type Described, MarketAsker } from "./ask-market.ts";
import { type BookKeeper, neither } from "./book/book-keeper.ts";
import { optionTermsOf } from "./book/option.ts";
import { allCarried } from "./carried.ts";
import { type Fact, type Facts, type InstrumentFacts, known, missing } from "./fact.ts";
import type { HistoryKeeper } from "./history/history-keeper.ts";
import { Unchanged } from "./unchanged.ts";

export interface GatherDeps {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly control: ControlView;
  readonly mode: Mode;
  readonly config: RiskGateConfig;
  readonly live: LiveOrders;
  readonly history: OrderHistory;
  readonly books: Pick<BookKeeper, "ownNow" | "facts" | "foreignOrders" | "way">;
  readonly watch: Pick<AccountWatch, "facts">;
  readonly past: Pick<HistoryKeeper, "loadOwn" | "facts">;
  readonly stops: Pick<OpenStops, "of">;
  readonly agentUses: Pick<AgentUses, "of">;
  readonly inForce: PolicyInForce;
}

export interface Wanted {
  /** "fresh" asks the broker again; "recent" takes an answer for the same terms that is young enough. */
  readonly whatIf: "fresh" | "recent";
  /** Open orders are needed at any kill level. */
  readonly exposure?: boolean;
  /** Absent when nothing is recorded of the order. */
  readonly proposalId?: string;
  readonly modifies?: Modifies | undefined;
  readonly claim?: Exclude<Facts["claim"], undefined>;
}

/** Gathers every fact about one order, all at once. A question that fails is a missing fact, never a default. */
export class FactGatherer {
  readonly #deps: GatherDeps;
  readonly #broker: BrokerAsker;
  readonly #market: MarketAsker;
  readonly #stops: StopWaiters;
  readonly #unchanged = new Unchanged();

  constructor(deps: GatherDeps) {
    const { bus, clock, config, inForce } = deps;
    this.#deps = deps;
    this.#broker = new BrokerAsker({ bus, clock, whatIfReuseMsMax: config.whatIfReuseMsMax });
    const rateDataTypes = () => inForce.policy.rateDataTypes;
    this.#market = new MarketAsker({ bus, clock, quoteAgeMsMax: config.quoteAskAgeMsMax, rateDataTypes });
    this.#stops = new StopWaiters(deps.control);
  }

  /** What the instrument is. Known for a while from the answer before; rejects with a Fault when nobody can say. */
  contract(conid: number): Promise<Described> {
    return this.#market.contract(conid);
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

  /**
   * Asks for all facts at once; once the order is HALTED, what has not come yet is missing. What is simulated, explained and
   * recorded is what is judged by.
   */
  async gather(terms: OrderTerms, agent: string, wanted: Wanted): Promise<Facts> {
    const { clock, mode, stops } = this.#deps;
    const { proposalId, modifies, claim } = wanted;
    const asked = this.#ask(terms, agent, wanted);
    const [{ rate, parts }, answer, marks] = await Promise.all([asked.market, asked.held, asked.losses]);
    const { book, working } = "outcome" in answer ? neither(answer.denial.message) : answer;
    const broker = await asked.broker;
    const history = await this.#past(terms, asked, parts, { book, working, summary: broker.summary });
    const at = utcText(clock.nowMs());
    return allCarried({
      ...{ mode, agent, at, rate, ...broker, book, working, history },
      ...(proposalId !== undefined && { proposalId }),
      ...(asked.replaces && { replaces: asked.replaces }),
      ...(claim && { claim }),
      ...byOrder(terms, parts),
      ...this.#ofOrders(terms, agent, { wanted, parts, whatIf: broker.whatIf, ownOrders: asked.ownOrders, at }),
      loss: "outcome" in marks ? missing(marks.denial.message) : marks,
      openStops: known(stops.of(terms.account, [proposalId, modifies?.proposalId]), "orders", at),
      kill: known(this.#deps.control.level(scopesOf({ terms, agent })), "control", at),
    });
  }

  /** Every question at once, none of them waited for. */
  #ask(terms: OrderTerms, agent: string, { whatIf, exposure = false, modifies }: Wanted) {
    const { clock, control, live, books, watch, past, inForce } = this.#deps;
    const order = { terms, agent };
    const conids = conidsOf(terms);
    const orStop: OrStop = (asking) => this.#stops.answerOrStop(order, asking);
    // Before the broker is asked: an order that fills in between counts as working, whatever its position shows.
    const ownOrders = known(live.exposed(terms), "orders", utcText(clock.nowMs()));
    const own = books.ownNow(terms.account);
    const replaces = modifies && replacedOf(modifies, live);
    const { level } = control.level(scopesOf(order));
    const broker = this.#broker.ask(terms, { whatIf, exposure, level, orStop });
    const market = orStop(this.#market.ask(conids, terms.account));
    const borrows = looksForShares(inForce.policy);
    const legs = legsOf(terms).map((leg, at) => ({
      ...this.#market.instrumentFacts(market, leg.conid, at),
      ...(borrows && legSide(terms.side, leg) === "SELL" && { shortable: this.#market.shortable(leg.conid, orStop) }),
    }));
    const instruments = Promise.all(legs.map(({ instrument }) => instrument));
    const rate = Promise.all([instruments, broker]).then(([found, { summary }]) =>
      this.#market.rate(terms.account, { instruments: found, summary, market, orStop }),
    );
    return {
      ...{ orStop, ownOrders, replaces, broker },
      market: all({ rate, parts: Promise.all(legs.map((one) => all<InstrumentFacts>(one))) }),
      held: orStop(broker.then((parts) => books.facts(terms.account, own, parts))),
      losses: orStop(watch.facts(terms.account)),
      loaded: orStop(past.loadOwn(conids)),
    };
  }

  /** What came before, of the order's instruments and of the currencies that lead from theirs to the account's. */
  async #past(
    terms: OrderTerms,
    { orStop, loaded }: { orStop: OrStop; loaded: Promise<unknown> },
    parts: readonly InstrumentFacts[],
    { summary, ...held }: Pick<Facts, "book" | "working" | "summary">,
  ): Promise<Facts["history"]> {
    const { past } = this.#deps;
    await loaded;
    const currencies = this.#currencies(terms, parts, summary);
    await orStop(past.loadOwn(parts.flatMap((part) => currencies.alsoOf(part))));
    const told = await orStop(past.facts(terms.account, conidsOf(terms), held, currencies));
    return "outcome" in told ? missing(told.denial.message) : told;
  }

  /** What our own log of orders says about the account, the instruments and the agent. */
  #ofOrders(
    terms: OrderTerms,
    agent: string,
    given: Pick<Facts, "whatIf" | "ownOrders" | "at"> & { wanted: Wanted; parts: readonly InstrumentFacts[] },
  ) {
    const { history, agentUses, books } = this.#deps;
    const { proposalId, modifies } = given.wanted;
    const counted = { terms, agent, proposalId, modifies: modifies?.proposalId };
    const { counters, siblings } = history.facts(counted, given.parts, given.whatIf, books.foreignOrders());
    const key = `${terms.account} ${agent} ${conidsOf(terms).join()}`;
    return {
      ownOrders: this.#settled(`own ${key}`, given.ownOrders),
      counters: this.#settled(`counters ${key}`, counters),
      siblings: this.#settled(`siblings ${key}`, siblings),
      agentUse: this.#settled(`use ${agent}`, known(agentUses.of(agent, modifies?.proposalId), "orders", given.at)),
    };
  }

  /** As the object of last time where it says the same: that is hashed already. */
  #settled<T>(key: string, fact: Fact<T>): Fact<T> {
    return fact.state === "known" ? { ...fact, value: this.#unchanged.same(key, fact.value) } : fact;
  }

  /** What the past of the order's instruments needs besides: the way from each currency to the account's, by the rates of the order and of what is held. */
  #currencies({ account }: OrderTerms, parts: readonly InstrumentFacts[], summary: Facts["summary"]) {
    const base = summary.state === "known" ? summary.value.baseCurrency : undefined;
    const wayOf = (currency: string) =>
      currency === base || base === undefined
        ? []
        : (this.#deps.books.way(account, currency) ?? this.#market.way(currency, base));
    const known = parts.flatMap(({ instrument }) => (instrument.state === "known" ? [instrument.value] : []));
    const currencyOf = (conid: number) => known.find((one) => one.conid === conid)?.currency;
    const optionOf = (conid: number) => {
      const found = known.find((one) => one.conid === conid);
      const terms = found && optionTermsOf(found);
      return typeof terms === "object" ? terms : undefined;
    };
    const alsoOf = ({ instrument }: InstrumentFacts) => {
      if (instrument.state === "missing") return [];
      const { currency, underlyingConid } = instrument.value;
      const pairs = (wayOf(currency) ?? []).map(({ conid }) => conid);
      return underlyingConid === undefined ? pairs : [...pairs, underlyingConid];
    };
    return { currencyOf, wayOf, optionOf, alsoOf };
  }
}

/** An order by itself has the facts of its one instrument, a combination those of its legs. */
function byOrder(terms: OrderTerms, parts: readonly InstrumentFacts[]): InstrumentFacts & Pick<Facts, "legs"> {
  const none = missing("the order is a combination: its legs have the facts");
  const [only = { instrument: none, quote: none, session: none }] = terms.legs === undefined ? parts : [];
  return terms.legs === undefined ? only : { ...only, legs: parts };
}

function replacedOf({ proposalId, before, atBroker }: Modifies, live: LiveOrders): NonNullable<Facts["replaces"]> {
  const { quantity } = before;
  return { proposalId, quantity, filledQuantity: live.filledOf(proposalId) ?? atBroker.filledQuantity };
}
