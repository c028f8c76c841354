import { element } from "./dom.js";

/** What became of the orders after stops that cancelled them, the newest first. */
export function reportsView({ running, reports }) {
  const runs = running.map((id) => element("p", { class: "muted" }, `Still cancelling: ${id}`));
  if (reports.length === 0 && runs.length === 0)
    return element("p", { class: "muted", id: "reports" }, "No stop has cancelled orders.");
  return element(
    "div",
    { id: "reports" },
    runs,
    reports.slice(0, 3).map(({ report }) => one(report)),
  );
}

function one({ scope, cancelOrders, reason, actor, latchedAt, endedAt, orders, remaining, complete, attempt }) {
  const left = remaining === null ? "the broker could not be asked" : `${remaining.length} still open`;
  const end = complete ? "the broker shows nothing open any more" : left;
  const rows = orders.map(({ orderRef, cancelSentAt, confirmedAt, state, problem }) =>
    element(
      "tr",
      {},
      [orderRef, cancelSentAt ?? "--", confirmedAt ?? "--", state, problem ?? ""].map((text) =>
        element("td", {}, text),
      ),
    ),
  );
  const head = ["Order", "Cancel sent", "Confirmed", "State", ""].map((name) => element("th", {}, name));
  return element(
    "details",
    { class: complete ? "" : "missing" },
    element("summary", {}, `${scope}: ${cancelOrders} cancelled for ${actor.id}, ${reason}: ${end}`),
    element(
      "p",
      { class: "muted" },
      `Stopped ${latchedAt}, ended ${endedAt}, attempt ${attempt}. ${orders.length} of our own orders.`,
    ),
    element("table", {}, element("thead", {}, element("tr", {}, head)), element("tbody", {}, rows)),
  );
}
