import type { Bus } from "@countersign/bus/bus";
import { type Clock, parseUtcText } from "@countersign/clock/clock";
import type { KillLevel } from "@countersign/contracts/control";
import type { OrderTerms } from "@countersign/contracts/order";
import { RPCS } from "@countersign/contracts/subjects";
import type { BrokerWhatIf } from "@countersign/contracts/verdict";
import { all, askPart, type OrStop, ofAccount, remember } from "./answers.ts";
import { type Fact, known, missing } from "./fact.ts";
import { Unchanged } from "./unchanged.ts";

export interface BrokerAskerDeps {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly whatIfReuseMsMax: number;
}

/** What the broker says about the account and the order, in one question. */
export class BrokerAsker {
  readonly #deps: BrokerAskerDeps;
  readonly #unchanged = new Unchanged();
  readonly #whatIfs = new Map<string, Fact<BrokerWhatIf>>();

  constructor(deps: BrokerAskerDeps) {
    this.#deps = deps;
  }

  /**
   * What-if and open orders cost TWS a message of the pacing budget each. The what-if of the same order is used again
   * while it is young: a verdict before the send needs no second one. Open orders are for REDUCE_ONLY and for who asks.
   */
  async ask(
    terms: OrderTerms,
    {
      whatIf,
      level,
      exposure,
      orStop,
    }: { whatIf: "fresh" | "recent"; level: KillLevel; exposure: boolean; orStop: OrStop },
  ) {
    const { account } = terms;
    const recent = whatIf === "recent" ? this.#recentWhatIf(terms) : undefined;
    const wanted = { whatIf: recent === undefined, openOrders: exposure || level !== "ACTIVE" };
    const asking = orStop(this.#deps.bus.request(RPCS.brokerFacts, { terms, ask: wanted }));
    const parts = await all({
      accounts: askPart(
        asking,
        (answer) => answer.accounts,
        (value) => known(this.#unchanged.same("accounts", value.accounts), "broker", value.asOf),
      ),
      summary: askPart(
        asking,
        (answer) => answer.summary,
        (value) => ofAccount(value, account, () => known(value, value.source, value.asOf)),
      ),
      positions: askPart(
        asking,
        (answer) => answer.positions,
        (value) =>
          ofAccount(value, account, () =>
            known(this.#unchanged.same(`positions ${account}`, value.positions), value.source, value.asOf),
          ),
      ),
      // Moved away from ACTIVE meanwhile: denied as missing.
      openOrders: wanted.openOrders
        ? askPart(
            asking,
            (answer) => answer.openOrders,
            (value) =>
              ofAccount(value, account, () =>
                known(this.#unchanged.same(`orders ${account}`, value.orders), "broker", value.asOf),
              ),
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
    return ageMs <= this.#deps.whatIfReuseMsMax ? stored : undefined;
  }
}
