import { element, facts } from "./dom.js";
import { money } from "./format.js";

/** Who decided, what the broker said, and every step so far; empty before anything happened. */
export function timeline({ decision, order, history }) {
  const parts = [];
  if (decision !== null) {
    const who = decision.actor === null ? "nobody" : `${decision.actor.kind} ${decision.actor.id}`;
    parts.push(element("p", {}, `${decision.event} by ${who} at ${decision.at}. ${decision.reason ?? ""}`));
  }
  if (order !== null) parts.push(orderView(order));
  if (history.length > 0) {
    const steps = history.map((line) => element("li", {}, `${line.at}  ${line.event} → ${line.state}`));
    parts.push(element("ol", { class: "muted" }, steps));
  }
  return parts.length === 0 ? [] : [element("h2", {}, "What happened"), ...parts];
}

function orderView(order) {
  const fills = order.executions.map((one) =>
    element(
      "li",
      {},
      `${one.side} ${one.quantity} at ${one.price} ${one.currency} on ${one.exchange}, commission ${money(one.commission) ?? "--"}`,
    ),
  );
  return element(
    "div",
    {},
    facts([
      ["Order", `${order.orderId} (${order.orderRef})`],
      ["Status", order.status],
      ["Filled", order.filledQuantity],
      ["Average price", order.averagePrice],
      ["Commission", order.commission.map(money).join(", ")],
      ...(order.message === null ? [] : [["Broker", order.message, "untrusted"]]),
    ]),
    element("ul", {}, fills),
  );
}
