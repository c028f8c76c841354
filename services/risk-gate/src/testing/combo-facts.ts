import { OrderTerms } from "@countersign/contracts/order";
import { type Facts, type InstrumentFacts, missing } from "../facts/fact.ts";
import type { Losses } from "../facts/history/option-past.ts";
import { FACTS, withFact, withQuote } from "../test-facts.ts";
import { holding, withBook, withHistory } from "./book-facts.ts";
import { nothingBefore } from "./test-counts.ts";

/** The leg that a spread buys, and the one that it sells: options of 100. */
export const LONG = 2_000_000_071;
export const SHORT = 2_000_000_072;

/** Of both: small, so that what a written leg obliges to is within the limits of the tests. */
const STRIKE = "30";
/** Forty sessions, one up and one down by 1 %: a call that is held loses on the falls, a written one on the rises. */
export function callLosses(returns: readonly number[]): Losses {
  return { long: returns.map((ppm) => Math.max(0, 0 - ppm)), short: returns.map((ppm) => Math.max(0, ppm)) };
}

export function legFacts(conid: number, quote: object, change: object = {}): InstrumentFacts {
  const terms = { strike: STRIKE, right: "C", underlyingConid: 265598 };
  const option = { conid, secType: "OPT", multiplier: "100", localSymbol: `C${conid}`, ...terms, ...change };
  const { instrument } = withFact("instrument", option);
  const { session } = withFact("session", { conid });
  return { instrument, quote: withQuote({ conid, last: null, ...quote }).quote, session };
}
export const BOUGHT = legFacts(LONG, { bid: "7.95", ask: "8.05" });
export const SOLD = legFacts(SHORT, { bid: "5.95", ask: "6.05" });
const none = missing("the order is a combination");
const past = FACTS.history.state === "known" ? FACTS.history.value.parts : [];
const { history } = withHistory({
  parts: [LONG, SHORT].flatMap((conid) => past.map((one) => ({ ...one, conid, losses: callLosses(one.returns) }))),
});

export function factsOf(legs: readonly InstrumentFacts[], change: Partial<Facts> = {}): Facts {
  return {
    ...{ ...FACTS, instrument: none, quote: none, session: none, legs, history, ...nothingBefore([LONG, SHORT]) },
    ...change,
  };
}
export const COMBO = factsOf([BOUGHT, SOLD]);

/** What makes the order of the tests a spread: two of it, at 2.1. */
export const SPREAD = {
  ...{ conid: undefined, quantity: "2", limitPrice: "2.1" },
  legs: [
    { conid: LONG, side: "BUY", ratio: 1 },
    { conid: SHORT, side: "SELL", ratio: 1 },
  ],
};

/** The book of an account that holds so many of each leg. */
export function heldLegs(long: string, short: string): Pick<Facts, "book" | "working"> {
  const terms = { right: "C", strike: STRIKE, underlyingConid: 265598 } as const;
  const option = { secType: "OPT", multiplier: "100", option: terms, obligation: "3000" };
  return withBook([
    holding({ ...option, conid: LONG, quantity: long }),
    holding({ ...option, conid: SHORT, quantity: short }),
  ]);
}

export function spread(change: object = {}): OrderTerms {
  const { conid: _, ...terms } = SPREAD;
  const order = { account: "DU1234567", side: "BUY", timeInForce: "DAY", orderType: "LMT" };
  return OrderTerms.parse({ ...order, ...terms, ...change });
}
