import { OpenOrder } from "@countersign/contracts/account";
import type { OrderTerms } from "@countersign/contracts/order";
import { expect, test } from "vitest";
import { known } from "../facts/fact.ts";
import { resultOf } from "../rules/rule.ts";
import { selfTrade } from "../rules/self-trade.ts";
import { AT, FACTS, POLICY, TERMS } from "../test-facts.ts";
import { OrderLog } from "../testing/order-log.ts";
import { SiblingOrders } from "./siblings.ts";

const CONID = TERMS.conid ?? 0;
/** A sale of 5 AAPL at 230 that somebody entered in another account of ours. */
const byHand = (change: object = {}) =>
  OpenOrder.parse({
    ...{ account: "DU7654321", permId: "9", orderId: 0, clientId: 0, orderRef: "", ownership: "foreign" },
    ...{ proposalId: null, conid: CONID, symbol: "AAPL", side: "SELL", quantity: "5", filledQuantity: "0" },
    ...{ orderType: "LMT", limitPrice: "230", timeInForce: "GTC", status: "Submitted", ...change },
  });

/** What the rule says of an order, while this is what others have open. */
function judged(foreign: readonly OpenOrder[], change: object = {}) {
  const terms = { ...TERMS, ...change } as OrderTerms;
  const siblings = known(new SiblingOrders(new OrderLog().clock).of({ terms, foreign }), "orders and broker", AT);
  const { code } = resultOf(selfTrade, {
    ...{ terms, facts: { ...FACTS, siblings }, policy: POLICY },
    limits: { untriggered: true, coolDownSeconds: 0 },
  });
  return code;
}

test("a purchase that reaches a sale by hand -> SELF_TRADE; a cent below it passes", () => {
  expect(judged([byHand()])).toBe("SELF_TRADE");
  expect(judged([byHand({ limitPrice: "230.01" })])).toBeNull();
});

test("a sale by hand without a limit, or as a leg of a combination -> SELF_TRADE at any price", () => {
  expect(judged([byHand({ orderType: "MOC", limitPrice: null })], { limitPrice: "1" })).toBe("SELF_TRADE");
  const comboLegs = [
    { conid: CONID, side: "BUY", ratio: 1 },
    { conid: 7, side: "SELL", ratio: 1 },
  ];
  expect(judged([byHand({ conid: 28812380, comboLegs })], { limitPrice: "1" })).toBe("SELF_TRADE");
});

test("a stop by hand at 220 could come to a bid of 220 and below, and to none of 220.01; a trail to any", () => {
  const stop = byHand({ orderType: "STP", limitPrice: null, stopPrice: "220" });
  expect(judged([stop], { limitPrice: "220" })).toBe("SELF_TRADE");
  expect(judged([stop], { limitPrice: "220.01" })).toBeNull();
  const trail = byHand({ orderType: "TRAIL", limitPrice: null, stopPrice: "220" });
  expect(judged([trail], { limitPrice: "220.01" })).toBe("SELF_TRADE");
});

test("what is filled, on the same side, or of another instrument is no order to trade with", () => {
  expect(judged([byHand({ filledQuantity: "5" }), byHand({ side: "BUY" }), byHand({ conid: 7 })])).toBeNull();
  expect(judged([byHand({ filledQuantity: null })])).toBe("SELF_TRADE");
});

test("it takes no place of our own orders in the contract", () => {
  const { parts } = new SiblingOrders(new OrderLog().clock).of({ terms: TERMS, foreign: [byHand({ side: "BUY" })] });
  expect(parts).toMatchObject([{ sameSide: 0, same: { orders: 1 } }]);
});
