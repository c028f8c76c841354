import { describe, expect, test } from "vitest";
import { FACTS, POLICY, TERMS } from "../test-facts.ts";
import { holding, msft, withBook, working } from "../testing/book-facts.ts";
import { resultOf } from "./rule.ts";
import { shortSale } from "./short-sale.ts";

const limits = { ...(POLICY.rules.shortSale as object), allowed: false };
/** A sale of ten AAPL out of this book. */
const sale = (...book: Parameters<typeof withBook>) =>
  resultOf(shortSale, {
    ...{ terms: { ...TERMS, side: "SELL" }, facts: { ...FACTS, ...withBook(...book) }, policy: POLICY, limits },
  });

describe("what is free to be sold", () => {
  test("what is held of another instrument is not", () => {
    expect(sale([msft({ quantity: "100" })])).toMatchObject({ outcome: "deny", code: "SHORT_SALE", value: "-10" });
    const both = [msft({ quantity: "100" }), holding({ quantity: "9" })];
    expect(sale(both)).toMatchObject({ outcome: "deny", code: "SHORT_SALE", value: "-1" });
  });
  test("nothing, in an empty book", () => {
    expect(sale([])).toMatchObject({ outcome: "deny", code: "SHORT_SALE", value: "-10" });
  });
  test("what works in another instrument takes nothing of it", () => {
    const orders = [working({ conid: 272093, side: "SELL", remaining: "5" })];
    const held = [holding(), msft({ quantity: "5" })];
    expect(sale(held, orders)).toMatchObject({ outcome: "pass", value: "0" });
    expect(sale(held, [...orders, working({ side: "SELL", remaining: "1" })])).toMatchObject({ value: "-1" });
  });
});

test("a type of instruments is in capitals", () => {
  const isGood = (one: string) => shortSale.limits?.safeParse({ ...limits, secTypes: [one] }).success;
  expect(["STK", "AB", "ABCDEFGHIJ"].map(isGood)).toEqual([true, true, true]);
  expect(["A", "ABCDEFGHIJK", "stk", " STK", "STK ", ""].map(isGood)).toEqual(Array(6).fill(false));
});
