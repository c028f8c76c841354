import { call } from "./api.js";
import { element, foreign, notice } from "./dom.js";

const size = ({ quantity, limitPrice }) => (limitPrice === null ? quantity : `${quantity} at ${limitPrice}`);

/** What was made smaller before, with who and why. Empty: nothing was. */
export function reductionLines({ reductions = [] }) {
  return reductions.map(({ at, actor, reason, before, after }) =>
    element(
      "div",
      { class: "reduction" },
      element("b", {}, "Made smaller"),
      ` by ${actor.id}: ${size(before)} → ${size(after)}. `,
      foreign(reason),
      " ",
      element("span", { class: "muted" }, at),
    ),
  );
}

/** Asks for less of what waits. The answer is another ticket, which is approved by itself. */
export function reduceView(view, act) {
  const limit = view.terms.limitPrice ?? null;
  const field = (id, label, value) =>
    element("input", { id, size: "10", value, "aria-label": label, inputmode: "decimal", maxlength: "23" });
  const quantity = field("reduce-quantity", "Smaller quantity", view.terms.quantity);
  const price = limit === null ? null : field("reduce-limit", "Safer limit", limit);
  const reason = element("input", {
    id: "reduce-reason",
    placeholder: "Reason, the agent reads it",
    "aria-label": "Reason for less",
    maxlength: "500",
  });
  const button = element("button", { type: "button", id: "reduce" }, "Make it smaller");
  button.addEventListener("click", () => {
    if (reason.value.trim() === "") return notice("A reason is needed to make it smaller.");
    const body = { ticketHash: view.ticketHash, reason: reason.value.trim(), ...changed(view, quantity, price) };
    return act(button, () => call("POST", `/api/v1/proposals/${view.proposalId}/reduce`, body));
  });
  return element("div", { class: "actions" }, button, quantity, price === null ? null : ["at", price], reason);
}

/** Only what the person wrote anew; when that is nothing, the server says so. */
function changed({ terms }, quantity, price) {
  const asked = {};
  if (quantity.value.trim() !== terms.quantity) asked.quantity = quantity.value.trim();
  if (price !== null && price.value.trim() !== terms.limitPrice) asked.limitPrice = price.value.trim();
  return asked.quantity === undefined && asked.limitPrice === undefined ? { quantity: terms.quantity } : asked;
}
