import { parseUtcText } from "@countersign/clock/clock";
import type { ProposalView } from "@countersign/contracts/proposal-view";
import { add, type Decimal, decimal, isZero, max, toText, ZERO } from "@countersign/money/decimal";
import type { OrderProjection } from "@countersign/orders/projection";

/** What other orders of the account take of its margin that a what-if cannot have seen. */
export interface ReservedMargin {
  readonly orders: number;
  readonly initial: string;
  readonly maintenance: string;
}

interface Reserved {
  readonly proposalId: string;
  readonly atMs: number;
  readonly initial: Decimal;
  readonly maintenance: Decimal;
}

/** Older than any what-if that is used again. */
const KEPT_MS = 120_000;
/** A what-if may be answered so long after it was asked, and has seen nothing of what came in between. */
const ASKED_BEFORE_MS = 3_500;

/** The margins of orders since their intents, from the log: a what-if from before says nothing of them. */
export class ReservedMargins {
  readonly #byAccount = new Map<string, Reserved[]>();

  attach(orders: Pick<OrderProjection, "onFact">): void {
    orders.onFact(({ view }, { body }) => {
      if (body.type === "intent/1") this.#reserve(view, parseUtcText(body.at));
      const unfilled = isZero(decimal(view.order?.filledQuantity ?? "0"));
      if (body.type === "killedNotSent/1" || (body.type === "brokerRejected/1" && unfilled)) this.#release(view);
    });
  }

  /** Of other orders than these, with intents after a what-if with this time was asked for. */
  since(account: string, whatIfAsOf: string, own: readonly (string | undefined)[]): ReservedMargin {
    const fromMs = parseUtcText(whatIfAsOf) - ASKED_BEFORE_MS;
    const reserved = this.#byAccount.get(account) ?? [];
    let [orders, initial, maintenance] = [0, ZERO, ZERO];
    for (let at = reserved.length - 1; at >= 0; at -= 1) {
      const one = reserved[at];
      if (one === undefined || one.atMs < fromMs) break;
      if (own.includes(one.proposalId)) continue;
      orders += 1;
      initial = add(initial, one.initial);
      maintenance = add(maintenance, one.maintenance);
    }
    return { orders, initial: toText(initial), maintenance: toText(maintenance) };
  }

  #reserve({ account, proposalId, simulation }: ProposalView, atMs: number): void {
    const whatIf = simulation?.whatIf;
    // An order without a what-if was not admitted; a change of margin that frees some reserves none.
    if (whatIf === undefined || "missing" in whatIf) return;
    const taken = (text: string) => max(ZERO, decimal(text));
    const [initial, maintenance] = [taken(whatIf.initialMarginChange), taken(whatIf.maintenanceMarginChange)];
    const kept = (this.#byAccount.get(account) ?? []).filter((one) => atMs - one.atMs < KEPT_MS);
    this.#byAccount.set(account, [...kept, { proposalId, atMs, initial, maintenance }]);
  }

  #release({ account, proposalId }: ProposalView): void {
    const reserved = this.#byAccount.get(account) ?? [];
    this.#byAccount.set(
      account,
      reserved.filter((one) => one.proposalId !== proposalId),
    );
  }
}
