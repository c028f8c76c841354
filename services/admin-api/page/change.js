import { element } from "./dom.js";

const plain = (value) => (typeof value === "object" ? JSON.stringify(value) : String(value));

/** For a change of an order that is there: which one, what of it changes, and how the broker showed it. Empty for a new order. */
export function changeLines({ modifies, terms }) {
  if (modifies === undefined) return [];
  const { proposalId, before, atBroker } = modifies;
  const names = [...new Set([...Object.keys(before), ...Object.keys(terms)])];
  const changed = names.filter((name) => plain(before[name]) !== plain(terms[name]));
  const lines = changed.map((name) =>
    element("li", {}, `${name}: ${plain(before[name] ?? "--")} → ${plain(terms[name] ?? "--")}`),
  );
  const { status, quantity, filledQuantity, limitPrice, timeInForce, asOf } = atBroker;
  const shown = `${status}, ${quantity} of which ${filledQuantity} filled, limit ${limitPrice ?? "--"}, ${timeInForce}, at ${asOf}`;
  return element(
    "div",
    { id: "change" },
    element("b", {}, `CHANGES the order of ${proposalId}, in place`),
    element("ul", {}, lines),
    element("p", { class: "muted" }, `The broker showed it as ${shown}.`),
  );
}
