import { call } from "./api.js";
import { element, notice, replace } from "./dom.js";
import { safetyButton } from "./safety.js";

let open = false;
const safety = safetyButton();
/** Counts the changes made here: an answer from before the last one is old. */
let changes = 0;

async function set(scope, level, reason) {
  try {
    changes += 1;
    const state = await call("PUT", "/api/v1/kill-switch", { scope, level, reason });
    render(state);
    notice(state.notice ?? "");
  } catch (error) {
    notice(error.message);
  }
}

/** Always there: the level, one button that halts everything at once, and the rest behind a second one. */
export function render(state) {
  const { effective, reason, settings, trips, mode } = state;
  const badge = document.getElementById("mode");
  badge.textContent = mode.toUpperCase();
  badge.className = `badge ${mode}`;
  const halt = () => set("global", "HALTED", "halted on the approval page");
  const parts = settings.filter(({ scope, level }) => scope !== "global" && level !== "ACTIVE").length;
  replace(
    "kill",
    element("span", { class: `level ${effective}`, title: reason, id: "kill-level" }, effective),
    parts > 0 ? element("span", { class: "muted" }, `+ ${parts} stricter`) : null,
    element("button", { type: "button", class: "halt", onclick: halt, disabled: effective === "HALTED" }, "HALT ALL"),
    element("button", { type: "button", "aria-expanded": String(open), onclick: () => toggle(state) }, "Change level…"),
    trips.length > 0 ? element("span", { class: "missing", id: "tripped" }, `${trips.length} tripped`) : null,
    safety,
    open ? form() : null,
  );
}

function toggle(state) {
  open = !open;
  render(state);
}

function form() {
  const scope = element("input", { value: "global", size: "16", "aria-label": "Scope", maxlength: "60" });
  const options = ["ACTIVE", "REDUCE_ONLY", "HALTED"].map((level) => element("option", { value: level }, level));
  const level = element("select", { "aria-label": "Level" }, options);
  const reason = element("input", { placeholder: "Reason (needed)", "aria-label": "Reason", maxlength: "500" });
  const apply = () => {
    if (reason.value.trim() === "") return notice("A reason is needed.");
    open = false;
    return set(scope.value.trim(), level.value, reason.value.trim());
  };
  return element(
    "span",
    { class: "kill", id: "kill-form" },
    scope,
    level,
    reason,
    element("button", { type: "button", onclick: apply }, "Set"),
  );
}

/** Reads the switch; a form that is open is not disturbed. */
export async function refresh() {
  const before = changes;
  const state = await call("GET", "/api/v1/kill-switch");
  if (!open && before === changes) render(state);
}
