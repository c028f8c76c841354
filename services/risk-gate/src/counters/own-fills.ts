import type { Side } from "@countersign/contracts/order";
import type { ProposalView } from "@countersign/contracts/proposal-view";
import { compare, decimal } from "@countersign/money/decimal";
import type { FeedFact } from "@countersign/orders/projection";

/** What we paid or got for one unit, and how long ago. */
export interface OwnFill {
  readonly price: string;
  readonly ageMs: number;
}

interface Filled {
  readonly price: string;
  readonly steadyMs: number;
}

/** How far back prices of our own fills are looked at. */
export const DRIFT_MS = 300_000;

/** Prices at which we traded, in whichever account, by instrument and side; of the newest minutes only. */
export class OwnFills {
  readonly #prices = new Map<string, Filled[]>();

  /** A combination tells what it did in each leg beside what it did as a whole; only the legs have an instrument. */
  take({ terms }: ProposalView, body: FeedFact["body"], steadyMs: number): void {
    const fact = body.type === "leg/1" ? body.fact : body;
    if (!("execution" in fact)) return;
    const { comboLeg, price, side } = fact.execution;
    const conid = comboLeg ?? terms.conid;
    if (conid === undefined) return;
    const key = keyOf(conid, side === "BOT" ? "BUY" : "SELL");
    const kept = (this.#prices.get(key) ?? []).filter((one) => steadyMs - one.steadyMs <= DRIFT_MS);
    this.#prices.set(key, [...worseThan(kept, price, side), { price, steadyMs }]);
  }

  /** The best price for us on this side: the lowest that we bought at, the highest that we sold at. */
  best(conid: number, side: Side, nowMs: number): OwnFill | null {
    const recent = (this.#prices.get(keyOf(conid, side)) ?? []).filter(({ steadyMs }) => nowMs - steadyMs <= DRIFT_MS);
    const [best] = recent;
    return best === undefined ? null : { price: best.price, ageMs: Math.max(0, Math.round(nowMs - best.steadyMs)) };
  }
}

/** What is older and no better than a new price is never the best again. So the first is the best, and the list stays short. */
function worseThan(kept: readonly Filled[], price: string, side: "BOT" | "SLD"): Filled[] {
  const newest = decimal(price);
  return kept.filter((one) => {
    const order = compare(decimal(one.price), newest);
    return side === "BOT" ? order < 0 : order > 0;
  });
}

const keyOf = (conid: number, side: Side) => `${conid} ${side}`;
