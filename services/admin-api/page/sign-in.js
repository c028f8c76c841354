import { token } from "./api.js";
import { element, notice, replace } from "./dom.js";

/** Takes the token away and asks for one; `start` runs with the new one. */
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
    token.set(input.value.trim());
    start();
  };
  const form = element(
    "form",
    { class: "card single", onsubmit: submit },
    element("h2", {}, "Sign in"),
    element("p", {}, "Paste your operator token. It stays in this tab only."),
    element("div", { class: "actions" }, input, element("button", { type: "submit" }, "Sign in")),
  );
  replace("kill");
  replace("footer");
  replace("main", form);
  notice(message);
  input.focus();
}
