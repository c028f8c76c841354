import { absencesView } from "./close.js";
import { element, facts, foreign } from "./dom.js";
import { money } from "./format.js";

/** Who decided, what the broker said, and every step so far; empty before anything happened. */
export function timeline({ decision, order, history }) {
  const parts = [];
  if (decision !== null) {
    const who = decision.actor === null ? "nobody" : `${decision.actor.kind} ${decision.actor.id}`;
    parts.push(
      element(
        "p",
        {},
        `${decision.event} by ${who} at ${decision.at}. ${decision.code ?? ""} `,
        foreign(decision.reason ?? ""),
      ),
    );
  }
  if (order !== null) parts.push(orderView(order));
  if (history.length > 0) {
    const steps = history.map((line) => element("li", {}, `${line.at}  ${line.event} → ${line.state}`));
    parts.push(element("ol", { class: "muted" }, steps));
  }
  return parts.length === 0 ? [] : [element("h2", {}, "What happened"), ...parts];
}

function orderView(order) {
  const open = order.unprotected !== null && order.unprotected !== "0";
  return element(
    "div",
    {},
    open
      ? element("p", { class: "missing", id: "unprotected" }, `UNPROTECTED: ${order.unprotected} without a stop`)
      : null,
    atBroker(order, "Order"),
    order.legs.map((leg) => [element("h3", {}, `${EXITS[leg.leg]}: ${leg.state}`), atBroker(leg, "Order")]),
  );
}

const EXITS = { takeProfit: "Take profit", stopLoss: "Stop loss" };

/** One order at the broker; its words stand in a marked box, because they come from outside. */
function atBroker(order, name) {
  const fills = order.executions.map((one) =>
    element(
      "li",
      {},
      `${one.comboLeg === undefined ? "" : `leg ${one.comboLeg}: `}${one.side} ${one.quantity} at ${one.price} ${one.currency} on ${one.exchange}, commission ${money(one.commission) ?? "--"}`,
    ),
  );
  const changed = order.drift.map(({ field, approved, broker }) =>
    element(
      "p",
      { class: "missing" },
      `Changed at the broker: ${field} was approved as ${approved} and is ${broker || "--"}`,
    ),
  );
  return [
    facts([
      [name, `${order.orderId} (${order.orderRef})`],
      ["Status", order.status],
      ["Filled", order.filledQuantity],
      ["Average price", order.averagePrice],
      ["Commission", order.commission.map(money).join(", ")],
      ...(order.message === null ? [] : [["Broker", order.message, "untrusted"]]),
    ]),
    element("ul", {}, fills),
    ...changed,
    absencesView(order),
    order.said.length === 0 ? null : words(order.said),
  ];
}

/** Every warning and refusal of the broker, word for word. */
function words(said) {
  const lines = said.map(({ at, code, text, advancedReject }) =>
    element("p", {}, `${at} ${code ?? ""} ${text}${advancedReject === null ? "" : ` ${advancedReject}`}`),
  );
  return element(
    "div",
    { class: "untrusted broker-says" },
    element("b", {}, "The broker says, untrusted text. "),
    lines,
  );
}
