import { element } from "./dom.js";

/** One field for each soft limit that the order exceeds; the person types the name of the rule into it. */
export function confirmFields({ approval }) {
  const fields = approval.confirm.map(({ rule, message }) => ({
    rule,
    message,
    input: element("input", {
      class: "confirm-rule",
      autocomplete: "off",
      spellcheck: "false",
      maxlength: "40",
      placeholder: rule,
      "aria-label": `Type ${rule} to confirm`,
    }),
  }));
  return {
    view: fields.length === 0 ? null : element("div", { id: "confirm" }, fields.map(fieldView)),
    complete: () => fields.every(({ rule, input }) => input.value.trim() === rule),
    typed: () => fields.map(({ input }) => input.value.trim()),
  };
}

function fieldView({ rule, message, input }) {
  return element(
    "label",
    { class: "confirm" },
    element("b", {}, "Soft limit exceeded. "),
    message,
    element("br"),
    `Type ${rule} to confirm: `,
    input,
  );
}
