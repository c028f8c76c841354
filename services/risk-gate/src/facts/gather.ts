import type { Bus } from "@countersign/bus/bus";
import type { ControlView } from "@countersign/bus/control-view";
import { type Clock, parseUtcText, utcText } from "@countersign/clock/clock";
import type { KillLevel } from "@countersign/contracts/control";
import { Fault, type Reply } from "@countersign/contracts/denial";
import type { Mode } from "@countersign/contracts/mode";
import type { OrderTerms } from "@countersign/contracts/order";
import { RPCS } from "@countersign/contracts/subjects";
import type { BrokerWhatIf } from "@countersign/contracts/verdict";
import type * as z from "zod";
import type { RiskGateConfig } from "../config.ts";
import type { LiveOrders } from "../live-orders.ts";
import { type Fact, type Facts, known, missing } from "./fact.ts";

export interface GatherDeps {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly control: ControlView;
  readonly mode: Mode;
  readonly config: RiskGateConfig;
  readonly live: LiveOrders;
}

type Described = z.output<typeof RPCS.contract.reply>;

const REMEMBERED_MAX = 500;
/** Which accounts the broker manages, and what an instrument is, does not change with every order. */
const ACCOUNTS_AGE_MS_MAX = 5_000;
const INSTRUMENT_AGE_MS_MAX = 60_000;

/** Gathers every fact about one order, all at once. A question that fails is a missing fact, never a default. */
export class FactGatherer {
  readonly #deps: GatherDeps;
  readonly #whatIfs = new Map<string, Fact<BrokerWhatIf>>();
  readonly #instruments = new Map<number, { reply: Described; atMs: number }>();
  #accounts: { fact: Facts["accounts"]; atMs: number } | undefined;

  constructor(deps: GatherDeps) {
    this.#deps = deps;
  }

  /** What the instrument is. Known for a while from the answer before; rejects with a Fault when nobody can say. */
  async contract(conid: number): Promise<Described> {
    const nowMs = this.#deps.clock.monotonicMs();
    const stored = this.#instruments.get(conid);
    if (stored !== undefined && nowMs - stored.atMs <= INSTRUMENT_AGE_MS_MAX) return stored.reply;
    const reply = await this.#deps.bus.request(RPCS.contract, { conid });
    if (reply.outcome === "ok") remember(this.#instruments, conid, { reply, atMs: nowMs });
    return reply;
  }

  /** Asks for all facts at once. `whatIf` "fresh" asks the broker again; "recent" takes an answer for the same terms that is young enough. */
  async gather(terms: OrderTerms, agent: string, { whatIf }: { whatIf: "fresh" | "recent" }): Promise<Facts> {
    const { bus, clock, control, mode, config, live } = this.#deps;
    const { account, conid } = terms;
    // Before the broker is asked: an order that fills in between counts as working, whatever its position shows.
    const ownOrders = known(live.exposed(terms), "orders", utcText(clock.nowMs()));
    const askedWhatIf = this.#whatIf(terms, whatIf);
    const instrument = ask(this.contract(conid), (value) => known(value.instrument, value.source, value.asOf));
    const summary = ask(bus.request(RPCS.summary, { account }), (value) =>
      ofAccount(value, account, () => known(value, value.source, value.asOf)),
    );
    const gathered = await all({
      instrument,
      summary,
      rate: Promise.all([instrument, summary]).then(([found, money]) => this.#rate(found, money)),
      accounts: this.#managedAccounts(),
      quote: ask(bus.request(RPCS.quote, { conid, maxAgeMs: config.quoteAskAgeMsMax }), (value) =>
        known(value, value.source, value.asOf),
      ),
      session: ask(bus.request(RPCS.session, { conid }), (value) => known(value, "market-data", value.asOf)),
      positions: ask(bus.request(RPCS.positions, { account }), (value) =>
        ofAccount(value, account, () => known(value.positions, value.source, value.asOf)),
      ),
      openOrders: this.#openOrders(account, control.level({ account, agent, conid }).level),
      whatIf: askedWhatIf,
    });
    const at = utcText(clock.nowMs());
    const kill = known(control.level({ account, agent, conid }), "control", at);
    return { mode, at, ...gathered, ownOrders, kill };
  }

  async #rate(instrument: Facts["instrument"], summary: Facts["summary"]): Promise<Facts["rate"]> {
    if (instrument.state === "missing") return missing(`currency of the instrument: ${instrument.reason}`);
    if (summary.state === "missing") return missing(`base currency of the account: ${summary.reason}`);
    const [from, to] = [instrument.value.currency, summary.value.baseCurrency];
    if (from === to) return known("1", "identity", summary.asOf);
    const request = { from, to, maxAgeMs: this.#deps.config.quoteAskAgeMsMax };
    return ask(this.#deps.bus.request(RPCS.rate, request), (value) => known(value.rate, value.source, value.asOf));
  }

  /** Each answer costs TWS a message of the pacing budget, and only REDUCE_ONLY looks at it. Moved to that meanwhile: denied as missing. */
  async #openOrders(account: string, level: KillLevel): Promise<Facts["openOrders"]> {
    if (level === "ACTIVE") return missing("not asked: no rule needs it while the kill level is ACTIVE");
    return ask(this.#deps.bus.request(RPCS.openOrders, { account }), (value) =>
      ofAccount(value, account, () => known(value.orders, "broker", value.asOf)),
    );
  }

  async #managedAccounts(): Promise<Facts["accounts"]> {
    const nowMs = this.#deps.clock.monotonicMs();
    if (this.#accounts !== undefined && nowMs - this.#accounts.atMs <= ACCOUNTS_AGE_MS_MAX) return this.#accounts.fact;
    const fact = await ask(this.#deps.bus.request(RPCS.accounts, {}), (value) =>
      known(value.accounts, "broker", value.asOf),
    );
    this.#accounts = fact.state === "known" ? { fact, atMs: nowMs } : undefined;
    return fact;
  }

  /** The broker's what-if of the same order is used again while it is young: a verdict before the send needs no second one. */
  async #whatIf(terms: OrderTerms, wanted: "fresh" | "recent"): Promise<Fact<BrokerWhatIf>> {
    const { bus, clock, config } = this.#deps;
    const key = JSON.stringify(terms);
    const stored = this.#whatIfs.get(key);
    if (
      wanted === "recent" &&
      stored?.state === "known" &&
      clock.nowMs() - parseUtcText(stored.asOf) <= config.whatIfReuseMsMax
    )
      return stored;
    const fact = await ask(bus.request(RPCS.whatIf, { terms }), (value) => known(value, value.source, value.asOf));
    if (fact.state === "known") remember(this.#whatIfs, key, fact);
    else this.#whatIfs.delete(key);
    return fact;
  }
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
async function all<T extends object>(promises: { [K in keyof T]: Promise<T[K]> }): Promise<T> {
  const names = Object.keys(promises) as (keyof T)[];
  const values = await Promise.all(names.map((name) => promises[name]));
  return Object.fromEntries(names.map((name, index) => [name, values[index]])) as T;
}

function ofAccount<T>(value: { account: string }, account: string, read: () => Fact<T>): Fact<T> {
  return value.account === account ? read() : missing(`the answer is about ${value.account}`);
}

async function ask<V, T>(asking: Promise<Reply<V>>, read: (value: V) => Fact<T>): Promise<Fact<T>> {
  try {
    const reply = await asking;
    return reply.outcome === "ok" ? read(reply.value) : missing(`${reply.denial.code}: ${reply.denial.message}`);
  } catch (error) {
    // Only a failed operation is a missing fact; anything else is a bug and must not pass for one.
    if (error instanceof Fault) return missing(`${error.code}: ${error.message}`);
    throw error;
  }
}
