import { known } from "../facts/fact.ts";
import { AT } from "../test-facts.ts";
import { COMBO, LONG, SHORT, SPREAD } from "./combo-facts.ts";
import { nothingBefore, siblingsWith } from "./test-counts.ts";

/** The order of the tests buys at 230; the quote is 229.98 to 230.02. */
export const offer = (nearest: string | null, unpriced = 0) => ({
  facts: {
    siblings: siblingsWith({ opposite: { orders: 1 + unpriced, nearest, farthest: nearest, unpriced } }),
  },
});
export const filled = (oppositeFillMs: number) => ({ facts: { siblings: siblingsWith({ oppositeFillMs }) } });

/** Nothing rests, and this waits for its trigger on the other side. */
export const waiting = (trigger: string | null, limit: string | null = null) => ({
  facts: { siblings: siblingsWith({ opposite: { held: [{ trigger, limit }] } }) },
});
export const stop = (stopPrice: string) => ({ terms: { orderType: "STP", stopPrice, limitPrice: undefined } });
export const sell = (terms: object) => ({ terms: { side: "SELL", ...terms } });
export const stopSale = sell({ orderType: "STP", stopPrice: "220", limitPrice: undefined });

/** The exits sell what the order buys; `same` are our other orders that buy. */
export const exits = { takeProfit: { limitPrice: "250" }, stopLoss: { stopPrice: "220" }, timeInForce: "GTC" };
export const bracket = (same: object) => ({ terms: { exits }, facts: { siblings: siblingsWith({ same }) } });
export const bid = (price: string) => ({ orders: 1, nearest: price, farthest: price });
export const sellBracket = (same: object) => ({
  terms: {
    side: "SELL",
    exits: { takeProfit: { limitPrice: "210" }, stopLoss: { stopPrice: "240" }, timeInForce: "GTC" },
  },
  facts: { siblings: siblingsWith({ same }) },
});

/** A bracket whose entry is filled at once. */
export const atMarket = (side: string, takeProfit: string, stopLoss: string) => ({
  terms: {
    ...{ side, orderType: "MKT", limitPrice: null },
    exits: { takeProfit: { limitPrice: takeProfit }, stopLoss: { stopPrice: stopLoss }, timeInForce: "GTC" },
  },
});

/** A spread that buys one leg and sells the other; what of ours is on the other side of one of them. */
export const spread = (conid: number, opposite: object, part: object = {}) => {
  const { siblings } = nothingBefore([LONG, SHORT]);
  if (siblings.state === "missing") throw new TypeError("siblings");
  const parts = siblings.value.parts.map((one) =>
    one.conid === conid ? { ...one, ...part, opposite: { ...one.opposite, ...opposite } } : one,
  );
  return { terms: SPREAD, facts: { ...COMBO, siblings: known({ ...siblings.value, parts }, "orders", AT) } };
};
