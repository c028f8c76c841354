import { element, notice } from "./dom.js";

const OPEN_QUESTIONS = ["UNKNOWN", "DISPUTED"];

/** For an order of which nobody knows, or which the broker contradicts: a person settles it, with a reason. Else null. */
export function closeView(view, send) {
  const open = [view, ...(view.order?.legs ?? [])].some(({ state }) => OPEN_QUESTIONS.includes(state));
  if (!open) return null;
  const reason = element("input", {
    id: "close-reason",
    placeholder: "How you know, for the record",
    "aria-label": "Reason for settling",
    maxlength: "500",
  });
  const button = element("button", { type: "button", id: "close" }, "Settle by what the broker shows");
  button.addEventListener("click", () => {
    if (reason.value.trim() === "") return notice("A reason is needed to settle an order.");
    return send(button, `/api/v1/orders/${view.proposalId}/close`, { reason: reason.value.trim() });
  });
  return element("div", { class: "actions" }, button, reason);
}

/** What was looked for in vain; null: nothing. */
export function absencesView({ absences = [], closeRequestedBy }) {
  if (absences.length === 0 && closeRequestedBy === undefined) return null;
  const lines = absences.map(({ startedAt, openOrders, completedOrders, executions }) =>
    element(
      "li",
      {},
      `${startedAt}: not among ${openOrders} open and ${completedOrders} completed orders and ${executions} executions`,
    ),
  );
  const asked =
    closeRequestedBy === undefined
      ? null
      : element("p", {}, `${closeRequestedBy} asked to settle it; another person must agree.`);
  return element(
    "div",
    { id: "absences" },
    element("p", {}, "Complete readings of the broker without it:"),
    element("ul", {}, lines),
    asked,
  );
}
