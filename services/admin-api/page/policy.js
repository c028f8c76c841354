import { call } from "./api.js";
import { element, facts } from "./dom.js";

/** The standing policy: its mode, the document that lies there, what it used, and the three ways to set it. */
export function policyView(status, act) {
  const { mode, since, allowedHere, document: found, used } = status;
  const sums = used.map(
    ({ account, agent, orders, notional }) =>
      `${account}${agent === null ? "" : ` ${agent}`}: ${orders} orders, ${notional.amount} ${notional.currency}`,
  );
  return element(
    "div",
    { id: "policy" },
    element("p", {}, element("span", { class: `badge policy-${mode}`, id: "policy-mode" }, mode.toUpperCase())),
    facts([
      ["Since", since === null ? "never turned on" : `${since.at}, ${since.actor.id}: ${since.reason}`],
      ...(since?.cause ? [["Turned off for", since.cause]] : []),
      ["Document", documentText(found)],
      ["Used in 24 hours", sums.length === 0 ? "nothing" : sums.join("; ")],
      ...(allowedHere ? [] : [["Here", "the configuration keeps it off in this mode"]]),
    ]),
    modes(status, act),
  );
}

function documentText(found) {
  if (found.state === "none") return "none";
  if (found.state === "invalid") return `not valid: ${found.reasons.join("; ")}`;
  const { policy, signers } = found;
  return `${policy.id} v${policy.version}, until ${policy.expiresAt}, signed by ${signers.map(({ person }) => person).join(" and ")}`;
}

/** Off is always there; the others need a document that counts, and name it, so that no other one is turned on. */
function modes({ mode, allowedHere, document: found }, act) {
  const why = element("input", {
    id: "policy-reason",
    placeholder: "Reason (needed)",
    "aria-label": "Reason for the mode",
    maxlength: "500",
  });
  const buttons = ["off", "shadow", "on"].map((wanted) => {
    const possible = wanted === "off" || (allowedHere && found.state === "valid");
    const button = element("button", {
      type: "button",
      id: `policy-${wanted}`,
      disabled: wanted === mode || !possible,
    });
    button.textContent = wanted === "off" ? "Turn off" : wanted === "on" ? "Turn on" : "Shadow only";
    const policyHash = wanted === "off" ? null : found.ref?.hash;
    button.addEventListener("click", () =>
      act(button, why, (reason) => call("PUT", "/api/v1/auto-approval", { mode: wanted, reason, policyHash })),
    );
    return button;
  });
  return element("div", { class: "actions" }, buttons, why);
}
