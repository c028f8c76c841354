import type { Bus } from "@countersign/bus/bus";
import { type Clock, parseUtcText } from "@countersign/clock/clock";
import type { Position } from "@countersign/contracts/account";
import type { KillLevel } from "@countersign/contracts/control";
import type { Reply } from "@countersign/contracts/denial";
import type { OrderTerms } from "@countersign/contracts/order";
import { RPCS } from "@countersign/contracts/subjects";
import type { BrokerWhatIf } from "@countersign/contracts/verdict";
import type * as z from "zod";
import { all, askPart, type OrStop, ofAccount, remember } from "./answers.ts";
import { type Fact, type Facts, known, missing } from "./fact.ts";
import { Unchanged } from "./unchanged.ts";

interface Held {
  readonly version: string;
  readonly positions: readonly Position[];
}

type Answer = Extract<z.output<typeof RPCS.brokerFacts.reply>, { outcome: "ok" }>["value"];
type ToldPositions = Extract<Answer["positions"], { outcome: "ok" }>["value"];

export interface BrokerAskerDeps {
  readonly bus: Bus;
  readonly clock: Clock;
  readonly whatIfReuseMsMax: number;
}

/** What the broker says about the account and the order, in one question. */
export class BrokerAsker {
  readonly #deps: BrokerAskerDeps;
  readonly #unchanged = new Unchanged();
  /** By account, the positions as they were last told, with the name of that list. */
  readonly #held = new Map<string, Held>();
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
    wish: { whatIf: "fresh" | "recent"; level: KillLevel; exposure: boolean; orStop: OrStop },
  ) {
    const { account } = terms;
    const recent = wish.whatIf === "recent" ? this.#recentWhatIf(terms) : undefined;
    const held = this.#held.get(account);
    const openOrders = wish.exposure || wish.level !== "ACTIVE";
    const wanted = { whatIf: recent === undefined, openOrders, positionsHeld: held?.version ?? null };
    const asking = wish.orStop(this.#deps.bus.request(RPCS.brokerFacts, { terms, ask: wanted }));
    const parts = await all({
      ...this.#always(asking, account, held),
      // Moved away from ACTIVE meanwhile: denied as missing.
      openOrders: openOrders
        ? this.#openOrders(asking, account)
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

  #always(asking: Promise<Reply<Answer>>, account: string, held: Held | undefined) {
    const unchanged = this.#unchanged;
    return {
      accounts: askPart(
        asking,
        (answer) => answer.accounts,
        (value) => known(unchanged.same("accounts", value.accounts), "broker", value.asOf),
      ),
      summary: askPart(
        asking,
        (answer) => answer.summary,
        (value) =>
          ofAccount(value, account, () => known(unchanged.same(`summary ${account}`, value), value.source, value.asOf)),
      ),
      positions: askPart(
        asking,
        (answer) => answer.positions,
        (value) => ofAccount(value, account, () => this.#positions(value, held)),
      ),
    };
  }

  #openOrders(asking: Promise<Reply<Answer>>, account: string) {
    return askPart(
      asking,
      (answer) => answer.openOrders,
      (value) =>
        ofAccount(value, account, () =>
          known(this.#unchanged.same(`orders ${account}`, value.orders), "broker", value.asOf),
        ),
    );
  }

  /** `held`: what the question named. Rows of a version that is not held are asked for anew by the next question. */
  #positions({ account, version, positions, source, asOf }: ToldPositions, held: Held | undefined): Facts["positions"] {
    if (positions !== null) {
      const rows = this.#unchanged.same(`positions ${account}`, positions);
      remember(this.#held, account, { version, positions: rows });
      return known(rows, source, asOf);
    }
    if (held !== undefined && held.version === version) return known(held.positions, source, asOf);
    this.#held.delete(account);
    return missing("the broker's positions are told as unchanged, and are not those that are held here");
  }

  #recentWhatIf(terms: OrderTerms): Fact<BrokerWhatIf> | undefined {
    const stored = this.#whatIfs.get(JSON.stringify(terms));
    if (stored?.state !== "known") return undefined;
    const ageMs = this.#deps.clock.nowMs() - parseUtcText(stored.asOf);
    return ageMs <= this.#deps.whatIfReuseMsMax ? stored : undefined;
  }
}
