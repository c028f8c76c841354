/** An element with text only: nothing that comes from the server or an agent is ever parsed as HTML. */
export function element(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === false) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "class") node.className = value;
    else if (name === "value" || name === "disabled") node[name] = value;
    else node.setAttribute(name, value === true ? "" : value);
  }
  for (const child of children.flat(Number.POSITIVE_INFINITY)) {
    if (child === null || child === undefined) continue;
    node.append(child instanceof Node ? child : document.createTextNode(plain(String(child))));
  }
  return node;
}

/** What nobody sees although it stands there: control, direction and separator characters, and letters without a shape. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{DI}\u2800]/gu;

/** Text without invisible characters. */
export function plain(text) {
  return text.replace(UNSEEN, " ");
}

/** Words from outside in a line of ours: letters that run from right to left turn nothing round but themselves. */
export const foreign = (text) => element("bdi", {}, text);

export function replace(id, ...children) {
  document.getElementById(id).replaceChildren(...children.flat().filter((child) => child));
}

/** Says what went wrong, at the top, until something else is done: who looked away for a while sees it too. */
export function notice(text) {
  replace("notice", text === "" ? [] : element("p", {}, text));
}

/** A definition list of [name, value] pairs; a value that is not known stands there as -- and not as nothing. */
export function facts(pairs) {
  return element(
    "dl",
    {},
    pairs.flatMap(([name, value, tag]) => [
      element("dt", {}, name),
      element(
        "dd",
        {},
        value === null || value === undefined || value === "" ? element("span", { class: "missing" }, "--") : value,
        tag === undefined ? null : element("span", { class: "tag" }, tag),
      ),
    ]),
  );
}
