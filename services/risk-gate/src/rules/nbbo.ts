import { numberOf } from "@countersign/contracts/market-value";
import { add, compare, type Decimal, decimal, divideRoundingHalfEven, ZERO } from "@countersign/money/decimal";
import type { Part } from "../facts/parts.ts";
import { deny, type Finding } from "./finding.ts";

/** The best bid and ask of one instrument, both there, above zero and in order. */
export interface Nbbo {
  readonly bid: Decimal;
  readonly ask: Decimal;
  readonly mid: Decimal;
}

const TWO = decimal("2");

type NbboOrNot = Nbbo | { readonly refused: Finding };

/** The parts of an order are made anew for each decision, and several rules ask about each. */
const found = new WeakMap<Part, NbboOrNot>();

/** What to compare prices with, or the denial because there is nothing. Every rule that needs a market price begins here. */
export function nbboOf(part: Part): NbboOrNot {
  const known = found.get(part);
  if (known !== undefined) return known;
  const nbbo = readNbbo(part);
  found.set(part, nbbo);
  return nbbo;
}

function readNbbo({ conid, quote, instrument }: Part): NbboOrNot {
  if (quote.state === "missing") return no("QUOTE_MISSING", `no quote: ${quote.reason}`);
  const { value } = quote;
  if (value.conid !== conid) return no("QUOTE_MISSING", "the quote is of another instrument");
  if (instrument.state === "known" && instrument.value.currency !== value.currency) {
    const { currency } = instrument.value;
    return no("QUOTE_IMPLAUSIBLE", `the quote is in ${value.currency}, the instrument in ${currency}`);
  }
  const [bidText, askText] = [numberOf(value.bid), numberOf(value.ask)];
  if (bidText === null && askText === null) return no("QUOTE_IMPLAUSIBLE", "the quote has neither a bid nor an ask");
  if (bidText === null || askText === null) return no("QUOTE_IMPLAUSIBLE", "the quote is one-sided");
  const [bid, ask] = [decimal(bidText), decimal(askText)];
  if (compare(bid, ZERO) <= 0 || compare(ask, bid) <= 0)
    return no("QUOTE_IMPLAUSIBLE", `bid ${bidText}, ask ${askText}: crossed, locked, zero or negative`);
  return { bid, ask, mid: divideRoundingHalfEven(add(bid, ask), TWO, 12) };
}

function no(code: "QUOTE_MISSING" | "QUOTE_IMPLAUSIBLE", message: string): { refused: Finding } {
  return { refused: deny(code, null, message) };
}
