import { call, serverNow } from "./api.js";
import { element } from "./dom.js";
import { clock, title } from "./format.js";
import { price } from "./terms.js";

const TABS = [
  { name: "Waiting", query: "?state=PENDING_APPROVAL&limit=100", pages: 20 },
  {
    name: "At the broker",
    query: "?state=INTENT,SEND_STARTED,WORKING,PARTIAL,CANCEL_REQUESTED,UNKNOWN,DISPUTED&limit=50",
    pages: 1,
  },
  { name: "All", query: "?limit=50", pages: 1 },
];
let tab = TABS[0];
let shown = "";
let countdowns = [];

/**
 * The list at the left: what waits expires first at the top, everything else newest first. Of what waits every page is read:
 * the server's first one has the newest, and what is over soonest stands on the last.
 */
export async function loadList() {
  const asked = tab;
  const items = [];
  let cursor = null;
  for (let page = 0; page < asked.pages && (page === 0 || cursor !== null); page += 1) {
    const from = cursor === null ? "" : `&cursor=${encodeURIComponent(cursor)}`;
    const answer = await call("GET", `/api/v1/proposals${asked.query}${from}`);
    items.push(...answer.items);
    cursor = answer.nextCursor;
  }
  if (asked === TABS[0]) items.sort((a, b) => (a.expiresAt < b.expiresAt ? -1 : 1));
  return { items, more: cursor !== null };
}

/** Puts the list in its place. One that has not changed stays, so that no press and no key is lost; only its times go on. */
export function showList(place, { items, more }, { current, choose, reload }) {
  const lines = items.map((view) => [view.proposalId, view.state, title(view), price(view), view.account, view.agent]);
  const json = JSON.stringify([tab.name, current, more, lines]);
  if (json !== shown || place.firstElementChild === null) {
    const focus = focusIn(place);
    place.replaceChildren(...listView(items, { more, current, choose, reload }));
    if (focus !== null) place.querySelector(focus)?.focus();
    shown = json;
  }
  for (const { node, expiresAt } of countdowns) {
    node.textContent = ` · ${clock((Date.parse(expiresAt) - serverNow()) / 1_000)} left`;
  }
}

/** Where the keyboard is in it, as a selector that finds the same place in the next one. */
function focusIn(place) {
  const at = document.activeElement;
  if (at === null || !place.contains(at)) return null;
  return at.hasAttribute("href") ? `a[href="${at.getAttribute("href")}"]` : `#${at.id}`;
}

function listView(items, { more, current, choose, reload }) {
  countdowns = [];
  const tabs = TABS.map((one, index) => {
    const select = () => {
      tab = one;
      reload();
    };
    const attributes = { type: "button", id: `tab-${index}`, "aria-pressed": String(one === tab), onclick: select };
    return element("button", attributes, one.name);
  });
  const lines = items.map((view) => line(view, { current, choose }));
  const empty = element("p", { class: "muted" }, tab === TABS[0] ? "Nothing waits for you." : "Nothing here.");
  return [
    element("div", { class: "tabs" }, tabs),
    lines.length === 0 ? empty : element("ul", { class: "proposals" }, lines),
    more ? element("p", { class: "missing", id: "more" }, "There are more, older ones that are not shown here.") : "",
  ];
}

function line(view, { current, choose }) {
  const open = (event) => {
    event.preventDefault();
    choose(view.proposalId);
  };
  const left = element("span");
  if (view.state === "PENDING_APPROVAL") countdowns.push({ node: left, expiresAt: view.expiresAt });
  const attributes = {
    href: `/proposals/${view.proposalId}`,
    class: view.terms.side,
    "aria-current": String(view.proposalId === current),
    onclick: open,
  };
  return element(
    "li",
    {},
    element(
      "a",
      attributes,
      element("strong", {}, title(view)),
      element("div", {}, `${price(view)} · ${view.account}`),
      element("div", { class: "muted" }, view.state, left, ` · agent ${view.agent}`),
    ),
  );
}
