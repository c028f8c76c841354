import { call } from "./api.js";
import { element } from "./dom.js";
import { clock, title } from "./format.js";
import { price } from "./terms.js";

const TABS = [
  { name: "Waiting", query: "?state=PENDING_APPROVAL&limit=50" },
  {
    name: "At the broker",
    query: "?state=INTENT,SEND_STARTED,WORKING,PARTIAL,CANCEL_REQUESTED,UNKNOWN,DISPUTED&limit=50",
  },
  { name: "All", query: "?limit=50" },
];
let tab = TABS[0];

/** The list at the left: what waits expires first at the top, everything else newest first. */
export async function loadList() {
  const { items } = await call("GET", `/api/v1/proposals${tab.query}`);
  if (tab === TABS[0]) items.sort((a, b) => (a.expiresAt < b.expiresAt ? -1 : 1));
  return items;
}

export function listView(items, { current, choose, reload }) {
  const tabs = TABS.map((one) => {
    const select = () => {
      tab = one;
      reload();
    };
    return element("button", { type: "button", "aria-pressed": String(one === tab), onclick: select }, one.name);
  });
  const lines = items.map((view) => line(view, { current, choose }));
  const empty = element("p", { class: "muted" }, tab === TABS[0] ? "Nothing waits for you." : "Nothing here.");
  return element(
    "section",
    { "aria-label": "Proposals" },
    element("div", { class: "tabs" }, tabs),
    lines.length === 0 ? empty : element("ul", { class: "proposals" }, lines),
  );
}

function line(view, { current, choose }) {
  const open = (event) => {
    event.preventDefault();
    choose(view.proposalId);
  };
  const waits = view.state === "PENDING_APPROVAL";
  const left = (Date.parse(view.expiresAt) - Date.now()) / 1_000;
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
      element("div", { class: "muted" }, `${view.state}${waits ? ` · ${clock(left)} left` : ""} · agent ${view.agent}`),
    ),
  );
}
