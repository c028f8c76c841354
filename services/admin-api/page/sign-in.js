import { token } from "./api.js";
import * as connection from "./connection.js";
import { element, notice, replace } from "./dom.js";
import * as kill from "./kill.js";
import * as safety from "./safety.js";

export const NOT_ACCEPTED = "This token is not accepted.";

/** Takes the token away with all that was read by it, and asks for one; `start` runs with the new one. */
export function signIn(start, message = "") {
  token.clear();
  const input = element("input", {
    type: "password",
    id: "token",
    autocomplete: "off",
    "aria-label": "Operator token",
    size: "40",
  });
  const submit = (event) => {
    event.preventDefault();
    const typed = input.value.trim();
    // What no request can carry is no token; to send it would look like a server that does not answer.
    if (!/^[!-~]+$/.test(typed)) return notice(NOT_ACCEPTED);
    notice("");
    token.set(typed);
    start();
  };
  const form = element(
    "form",
    { class: "card single", onsubmit: submit },
    element("h2", {}, "Sign in"),
    element("p", {}, "Paste your operator token. It stays in this tab only."),
    element("div", { class: "actions" }, input, element("button", { type: "submit" }, "Sign in")),
  );
  connection.forget();
  kill.clear();
  safety.clear();
  replace("health");
  replace("footer");
  replace("main", form);
  notice(message);
  input.focus();
}
