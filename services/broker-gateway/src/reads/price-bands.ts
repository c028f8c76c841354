import type { PriceBand } from "@countersign/contracts/instrument";
import { compare, decimal } from "@countersign/money/decimal";
import type { WireDetails } from "../session/wire.ts";

/** The rules of TWS by id: from which price on which step holds. */
export type ReadRule = (ruleId: number) => Promise<{ steps: readonly { from: string; step: string }[] }>;

/** Market rules are few and hold for many instruments, so each is asked for once in a while only. */
export class PriceBands {
  readonly #read: ReadRule;
  readonly #rules = new Map<number, Promise<PriceBand[]>>();

  constructor(read: ReadRule) {
    this.#read = read;
  }

  /**
   * The steps of the prices of an order, lowest band first; undefined when the contract names no rule for the exchange
   * that orders go to, and its smallest tick holds everywhere. Throws a Fault when TWS does not give the rule that it names.
   */
  async of(details: WireDetails): Promise<PriceBand[] | undefined> {
    const ruleId = ruleIdOf(details);
    if (ruleId === undefined) return undefined;
    const known = this.#rules.get(ruleId) ?? this.#ask(ruleId);
    this.#rules.set(ruleId, known);
    const bands = await known;
    const [only, ...more] = bands;
    const isMinTick = more.length === 0 && only !== undefined && only.step === details.minTick;
    return isMinTick ? undefined : bands;
  }

  #ask(ruleId: number): Promise<PriceBand[]> {
    const asked = this.#read(ruleId).then(({ steps }) =>
      [...steps].sort((a, b) => compare(decimal(a.from), decimal(b.from))),
    );
    asked.catch(() => this.#rules.delete(ruleId));
    return asked;
  }
}

function ruleIdOf({ contract, validExchanges, marketRuleIds }: WireDetails): number | undefined {
  const exchanges = validExchanges.split(",").map((one) => one.trim());
  const ids = marketRuleIds.split(",").map((one) => one.trim());
  const text = ids[exchanges.indexOf(contract.exchange || "SMART")];
  const id = Number(text);
  return text === undefined || text === "" || !Number.isInteger(id) || exchanges.length !== ids.length ? undefined : id;
}
