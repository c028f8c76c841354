import { foreign } from "./dom.js";

/** The terms of an order in words. Whatever is in a ticket is shown: a field without words of its own shows its name. */
const WORDS = {
  trail: (trail, currency) =>
    `trailing ${trail.by === "percent" ? `${trail.percent} %` : `${trail.amount} ${currency}`}`,
  stopPrice: (value, currency) => `stop ${value} ${currency}`,
  triggerPrice: (value, currency) => `trigger ${value} ${currency}`,
  limitPrice: (value, currency) => (value === null ? "at market" : `limit ${value} ${currency}`),
  limitOffset: (value, currency) => `limit ${value} ${currency} behind the stop`,
  offset: (value, currency) => `offset ${value} ${currency}`,
};
/** What stands elsewhere on the ticket. */
const ELSEWHERE = [
  "account",
  "conid",
  "side",
  "quantity",
  "orderType",
  "timeInForce",
  "goodTill",
  "outsideRth",
  "exits",
  "legs",
];

const currencyOf = ({ ticket }) => ticket?.instrument.currency ?? "";

/** The type, and every price and distance of the order. */
export function price(view) {
  const { terms } = view;
  const known = Object.keys(WORDS).filter((name) => name in terms);
  const unknown = Object.keys(terms).filter((name) => !(name in WORDS) && !ELSEWHERE.includes(name));
  const parts = known.map((name) => WORDS[name](terms[name], currencyOf(view)).trim());
  return [terms.orderType, ...parts, ...unknown.map((name) => `${name} ${JSON.stringify(terms[name])}`)].join(" ");
}

/** How long the order stays, and in which hours it works. */
export function lasting({ terms }) {
  const until = terms.goodTill === undefined ? "" : ` until ${terms.goodTill}`;
  return `${terms.timeInForce}${until} · ${terms.outsideRth ? "ALSO OUTSIDE regular hours" : "regular hours"}`;
}

/** A letter that only looks like one of a symbol is shown by its number: symbols are ASCII. */
const byNumber = (letter) => `[U+${letter.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}]`;

/** An instrument as a person names it, for example AAPL 20261218 C 200. */
export const nameOf = (instrument, conid) =>
  instrument === undefined
    ? `conid ${conid}`
    : [instrument.symbol, instrument.series ?? ""]
        .join(" ")
        .trim()
        .replace(/[^ -~]/gu, byNumber);

/** What the order trades: its instrument, or the legs as one unit that is bought has them. */
export function what({ terms, ticket }) {
  if (terms.legs === undefined) return nameOf(ticket?.instrument, terms.conid);
  const legs = terms.legs.map(({ conid, side, ratio }, index) => {
    return `${side === "BUY" ? "+" : "-"}${ratio} ${nameOf(ticket?.instrument.legs[index], conid)}`;
  });
  return `x combo: ${legs.join(", ")}`;
}

/** What the order does with each leg of its combination, one line each; none when it is none. */
export function legLines({ terms, ticket }) {
  return (terms.legs ?? []).map(({ conid, side, ratio }, index) => {
    const leg = ticket?.instrument.legs[index];
    const words = leg
      ? [" · ", foreign(leg.longName), ` · ${leg.secType} · ${leg.primaryExchange || leg.exchange}`]
      : [];
    const order = `${side === terms.side ? "BUY" : "SELL"} ${terms.quantity} x ${ratio} ${nameOf(leg, conid)}`;
    return [order, words, ` · conid ${conid}`];
  });
}

/** The two exits of a bracket, one line each; none when the order is none. */
export function exitLines(view) {
  const { exits, side, quantity } = view.terms;
  if (exits === undefined) return [];
  const { takeProfit, stopLoss, ...rest } = exits;
  const currency = currencyOf(view);
  const order = `${side === "BUY" ? "SELL" : "BUY"} ${quantity}`;
  const limit = stopLoss.limitPrice === undefined ? "" : ` limit ${stopLoss.limitPrice} ${currency}`;
  const until = lasting({ terms: rest });
  return [
    `Take profit: ${order} limit ${takeProfit.limitPrice} ${currency} · ${until}`,
    `Stop loss: ${order} stop ${stopLoss.stopPrice} ${currency}${limit} · ${until}`,
  ];
}
