import { call } from "./api.js";
import { element, facts, notice, replace } from "./dom.js";
import { policyView } from "./policy.js";
import { reportsView } from "./report.js";

let open = false;
let shown = "";

/** Opens and closes what stops by itself, what was cancelled, and what needs no person. */
export function safetyButton() {
  const button = element(
    "button",
    { type: "button", id: "safety-open", "aria-expanded": String(open) },
    "Stops and policy…",
  );
  button.addEventListener("click", () => {
    open = !open;
    button.setAttribute("aria-expanded", String(open));
    shown = "";
    return refresh();
  });
  return button;
}

/** Closed, and nothing of it left. */
export function clear() {
  open = false;
  shown = "";
  replace("safety");
}

/** Nothing is asked while it is closed; what has not changed stays, so that what is being typed is not lost. */
export async function refresh() {
  if (!open) return replace("safety");
  const [stops, reports, policy] = await Promise.all([
    ask("/api/v1/kill-switch"),
    ask("/api/v1/kill-switch/reports"),
    ask("/api/v1/auto-approval"),
  ]);
  const json = JSON.stringify([stops, reports, policy]);
  if (!open || json === shown) return;
  shown = json;
  replace(
    "safety",
    element("h2", {}, "What stopped by itself"),
    failed(stops) ?? trips(stops),
    element("h2", {}, "Stop and cancel"),
    cancelAll(),
    failed(reports) ?? reportsView(reports),
    element("h2", {}, "Orders that need no person"),
    failed(policy) ?? policyView(policy, act),
  );
}

/** An answer, or why there is none: one part that is away leaves the others to be seen. */
const ask = (path) => call("GET", path).catch((error) => ({ failed: error.message }));
const failed = (answer) =>
  answer.failed === undefined ? undefined : element("p", { class: "missing" }, answer.failed);

function trips({ trips: standing }) {
  if (standing.length === 0) return element("p", { class: "muted", id: "trips" }, "Nothing has tripped.");
  return element("ul", { id: "trips" }, standing.map(trip));
}

function trip({ key, level, reason, at }) {
  const [service = "", cause = "", ...scope] = key.split(".");
  const why = element("input", {
    placeholder: "Reason (needed)",
    "aria-label": `Reason to reset ${key}`,
    maxlength: "500",
  });
  const reset = element("button", { type: "button" }, "Reset");
  reset.addEventListener("click", () =>
    act(reset, why, (text) => call("POST", "/api/v1/kill-switch/trips/reset", { key, reason: text })),
  );
  return element(
    "li",
    {},
    element("span", { class: `level ${level}` }, level),
    facts([
      ["Cause", `${cause}, by ${service}`],
      ["Scope", scope.join(".")],
      ["Reason", reason],
      ["Since", at],
    ]),
    element("div", { class: "actions" }, reset, why),
  );
}

/** HALTED for everything, and the broker is told to cancel whatever is open, also what others sent. */
function cancelAll() {
  const why = element("input", {
    id: "cancel-all-reason",
    placeholder: "Reason (needed)",
    "aria-label": "Reason to cancel all",
    maxlength: "500",
  });
  const button = element("button", { type: "button", class: "halt", id: "cancel-all" }, "HALT and cancel ALL orders");
  const body = { scope: "global", level: "HALTED", cancelOrders: "all" };
  button.addEventListener("click", () =>
    act(button, why, (reason) => call("PUT", "/api/v1/kill-switch", { ...body, reason })),
  );
  return element("div", { class: "actions" }, button, why);
}

/** One click with a reason, one request; then everything is asked anew. */
async function act(button, why, task) {
  const reason = why.value.trim();
  if (reason === "") return notice("A reason is needed.");
  button.disabled = true;
  try {
    await task(reason);
    notice("");
  } catch (error) {
    notice(error.message);
  }
  button.disabled = false;
  shown = "";
  await refresh();
}
