import { decimal } from "@countersign/money/decimal";
import { describe, expect, test } from "vitest";
import { type Facts, missing } from "../facts/fact.ts";
import { partsOf } from "../facts/parts.ts";
import { FACTS, TERMS, withFact, withQuote } from "../test-facts.ts";
import { nbboOf } from "./nbbo.ts";

function found(facts: Facts) {
  const [part] = partsOf(TERMS, facts);
  if (part === undefined) throw new TypeError("an order without a part");
  return nbboOf(part);
}
const refusal = (facts: Facts) => {
  const one = found(facts);
  return "refused" in one ? one.refused : undefined;
};
const quote = (bid: string | null, ask: string | null) => withQuote({ bid, ask });

describe("the best bid and ask of an instrument", () => {
  test("both there and in order -> with the middle between them", () => {
    expect(found(FACTS)).toEqual({ bid: decimal("229.98"), ask: decimal("230.02"), mid: decimal("230") });
  });
  test("a tick apart, and the smallest bid above zero -> good", () => {
    expect(found(quote("0.0001", "0.0002"))).toMatchObject({ mid: decimal("0.00015") });
  });
  test("an instrument that is not known -> nobody can say that the currency is another", () => {
    expect(found({ ...FACTS, instrument: missing("none") })).toHaveProperty("mid");
  });
  test.each([
    ["no quote", { ...FACTS, quote: missing("not subscribed") }, "QUOTE_MISSING", "not subscribed"],
    ["a quote of another instrument", withFact("quote", { conid: 1 }), "QUOTE_MISSING", "another instrument"],
    ["a quote in another currency", withFact("quote", { currency: "EUR" }), "QUOTE_IMPLAUSIBLE", "in EUR"],
    ["no bid", quote(null, "230.02"), "QUOTE_IMPLAUSIBLE", "one-sided"],
    ["no ask", quote("229.98", null), "QUOTE_IMPLAUSIBLE", "one-sided"],
    ["neither side", quote(null, null), "QUOTE_IMPLAUSIBLE", "neither a bid nor an ask"],
    ["a bid of zero", quote("0", "0.01"), "QUOTE_IMPLAUSIBLE", "bid 0"],
    ["a bid below zero", quote("-0.01", "0.01"), "QUOTE_IMPLAUSIBLE", "bid -0.01"],
    ["locked: bid and ask the same", quote("230", "230.00"), "QUOTE_IMPLAUSIBLE", "locked"],
    ["crossed: the bid above the ask", quote("230.02", "229.98"), "QUOTE_IMPLAUSIBLE", "crossed"],
  ] as const)("%s -> refused", (_, facts, code, says) => {
    expect(refusal(facts)).toMatchObject({ outcome: "deny", code, value: null, headroom: null });
    expect(refusal(facts)?.message).toContain(says);
  });
});
