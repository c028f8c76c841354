import { conidsOf, legSide, legsOf } from "@countersign/contracts/combo";
import type { Instrument } from "@countersign/contracts/instrument";
import type { OrderTerms, Side } from "@countersign/contracts/order";
import { type Decimal, decimal, multiply, negate } from "@countersign/money/decimal";
import { type InstrumentFacts, missing } from "./fact.ts";
import { perOrder } from "./per-order.ts";

/** One instrument that the order trades, with what is known of it: the only one, or a leg of the combination. */
export interface Part extends InstrumentFacts {
  readonly conid: number;
  /** What the order does with it. */
  readonly side: Side;
  /** Units in the price of one unit of the order; negative for a leg that the combination sells. */
  readonly weight: Decimal;
  /** Units that the whole order trades. */
  readonly quantity: Decimal;
}

/** Every part of the order, in the order of its legs. A leg of which nothing was gathered has only missing facts. */
export const partsOf = perOrder((terms, facts): readonly Part[] => {
  const gathered = terms.legs === undefined ? [facts] : (facts.legs ?? []);
  return legsOf(terms).map((leg, index) => {
    const { instrument, quote, session, shortable } = gathered[index] ?? NOTHING;
    const ratio = decimal(String(leg.ratio));
    return {
      ...{ conid: leg.conid, instrument, quote, session, ...(shortable !== undefined && { shortable }) },
      side: legSide(terms.side, leg),
      weight: leg.side === "BUY" ? ratio : negate(ratio),
      quantity: multiply(ratio, decimal(terms.quantity)),
    };
  });
});

const absent = missing("nothing was gathered about it");
const NOTHING: InstrumentFacts = { instrument: absent, quote: absent, session: absent };

/** The instruments of the order, all of them, or why not. */
export const instrumentsOf = perOrder((terms, facts): { instruments: readonly Instrument[] } | { reason: string } => {
  const found = partsOf(terms, facts).map(({ instrument }) => instrument);
  const gone = found.find((one) => one.state === "missing");
  if (gone?.state === "missing") return { reason: gone.reason };
  return { instruments: found.flatMap((one) => (one.state === "known" ? [one.value] : [])) };
});

/** Names a part in a message: the legs of a combination by their number, the instrument of a plain order not at all. */
export function about(terms: OrderTerms, part: Part, message: string): string {
  if (terms.legs === undefined) return message;
  const { instrument, conid } = part;
  const name = instrument.state === "known" ? `${instrument.value.localSymbol || instrument.value.symbol} ` : "";
  return `leg ${conidsOf(terms).indexOf(conid) + 1} (${name}${conid}): ${message}`;
}
