import { call, NoAnswer } from "./api.js";
import { element, notice, plain, replace } from "./dom.js";
import { safetyButton } from "./safety.js";

/** The parts of the bar. They are made once: a press or a key that comes while the bar is read anew meets the same button. */
let bar;
/** Who wants to stop does not wait for a server that is silent. */
const ANSWER_MS = 10_000;
const WITHOUT = "Without this server, on the gateway's machine: countersign kill HALTED --local --reason R";
/** Counts the changes made here: an answer from before the last one is old. */
let changes = 0;

async function set(scope, level, reason) {
  try {
    changes += 1;
    const mine = changes;
    notice(`${level} for ${scope} is being set…`);
    const state = await call("PUT", "/api/v1/kill-switch", { scope, level, reason }, ANSWER_MS);
    if (mine === changes) render(state);
    notice(state.notice ?? "");
    return true;
  } catch (error) {
    notice(error instanceof NoAnswer && level === "HALTED" ? `${error.message} ${WITHOUT}` : error.message);
    return false;
  }
}

/** Always there: the level, one button that halts everything at once, and the rest behind a second one. */
function make() {
  const level = element("span", { id: "kill-level" });
  const stricter = element("span", { class: "muted" });
  const tripped = element("span", { class: "missing", id: "tripped" });
  const onHalt = () => set("global", "HALTED", "halted on the approval page");
  const halt = element("button", { type: "button", class: "halt", onclick: onHalt }, "HALT ALL");
  const holder = element("span", { class: "kill" });
  const more = element("button", { type: "button", "aria-expanded": "false" }, "Change level…");
  const toggle = () => {
    const open = holder.firstChild === null;
    more.setAttribute("aria-expanded", String(open));
    holder.replaceChildren(...(open ? [form(toggle)] : []));
  };
  more.addEventListener("click", toggle);
  replace("kill", level, stricter, halt, more, tripped, safetyButton(), holder);
  return { level, stricter, tripped, halt };
}

function render({ effective, reason, settings, trips, mode }) {
  bar ??= make();
  const badge = document.getElementById("mode");
  badge.textContent = mode.toUpperCase();
  badge.className = `badge ${mode}`;
  bar.level.textContent = effective;
  bar.level.className = `level ${effective}`;
  bar.level.title = plain(reason);
  const parts = settings.filter(({ scope, level }) => scope !== "global" && level !== "ACTIVE").length;
  bar.stricter.textContent = parts > 0 ? `+ ${parts} stricter` : "";
  bar.tripped.textContent = trips.length > 0 ? `${trips.length} tripped` : "";
  bar.halt.disabled = effective === "HALTED";
}

function form(close) {
  const scope = element("input", { value: "global", size: "16", "aria-label": "Scope", maxlength: "60" });
  const options = ["ACTIVE", "REDUCE_ONLY", "HALTED"].map((level) => element("option", { value: level }, level));
  const level = element("select", { "aria-label": "Level" }, options);
  const reason = element("input", { placeholder: "Reason (needed)", "aria-label": "Reason", maxlength: "500" });
  const apply = async () => {
    if (reason.value.trim() === "") return notice("A reason is needed.");
    if ((await set(scope.value.trim(), level.value, reason.value.trim())) && reason.isConnected) close();
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

/** Reads the switch; an answer of a round that is over is not shown. */
export async function refresh(counts) {
  const before = changes;
  const state = await call("GET", "/api/v1/kill-switch");
  if (before === changes && counts()) render(state);
}

/** Who has left takes all of it along. */
export function clear() {
  bar = undefined;
  changes += 1;
  replace("kill");
  replace("mode");
}
